"""Every English sentence that a report of a check may hold, for the catalogue of translations.

The sentences stand where they are said, as the first argument of `Told`, `Fails`, `Skips`; they are collected from there, so
that none can be forgotten in a list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from udgam.rules.refusals import Refused
from udgam.signing.proof.bundle import CODE_NAME, CREDENTIAL_NAME
from udgam.signing.proof.code import CodeRefused
from udgam.signing.proof.container import ContainerRefused
from udgam.signing.proof.credential import CredentialRefused
from udgam.signing.proof.file import InputUnusable
from udgam.signing.proof.foreign import FOREIGN_NAMES
from udgam.signing.proof.foreign_pdf import PDF_NAMES
from udgam.signing.proof.jws import TokenRefused
from udgam.signing.proof.log import LogRefused
from udgam.signing.proof.status import StatusUnavailable
from udgam.signing.proof.status_list import StatusListRefused
from udgam.signing.proof.time_stamp import TimeStampRefused
from udgam.signing.proof.trust_folder import TrustFolderUnusable
from udgam.signing.proof.trust_list import TrustListRefused
from udgam.signing.proof.verify import STEPS
from udgam.signing.proof.verify_code import STEPS as CODE_STEPS
from udgam.signing.proof.verify_credential import STEPS as CREDENTIAL_STEPS

_SAYING = frozenset({"Told", "Fails", "Skips"})
_REFUSALS: tuple[type[Refused], ...] = (
    CodeRefused,
    ContainerRefused,
    CredentialRefused,
    InputUnusable,
    LogRefused,
    StatusListRefused,
    StatusUnavailable,
    TimeStampRefused,
    TokenRefused,
    TrustFolderUnusable,
    TrustListRefused,
)


def all_texts() -> tuple[str, ...]:
    """Names of steps, sentences of outcomes, and the two sentences of each refusal, each once."""
    found = [step.name for steps in (STEPS, CODE_STEPS, CREDENTIAL_STEPS) for step in steps]
    found += [*PDF_NAMES, *FOREIGN_NAMES, CREDENTIAL_NAME, CODE_NAME]
    found += [text for kind in _REFUSALS for reason in kind.reasons.values() for text in reason]
    found += _said(resources.files(__package__))
    return tuple(dict.fromkeys(found))


def _said(folder: Traversable) -> Iterator[str]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _said(entry)
        elif entry.name.endswith(".py"):
            yield from _in_source(entry.read_text(encoding="utf-8"))


def _in_source(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
