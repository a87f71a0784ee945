"""No text holds control characters, direction marks or letters without a code, and required texts are there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.plain import to_plain
from udgam.rules.refusals import Reason

# Direction marks can make a printed number read differently from the number that is signed. The joiners of Indian
# scripts are format characters too, but they only shape letters.
_JOINERS = frozenset({"\u200c", "\u200d"})
_UNPRINTABLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    for where, text in _texts(to_plain(content), ""):
        # Nearly every text is printable by the stricter rule, which takes one look at the whole of it.
        if not text.isprintable() and any(
            unicodedata.category(sign) in _UNPRINTABLE and sign not in _JOINERS for sign in text
        ):
            yield Fault(where, {"where": where})
    required = {
        "exporter.name": content.exporter.name,
        "consignee.name": content.consignee.name,
        "issuer.agency_name": content.issuer.agency_name,
        "issuer.place": content.issuer.place,
        "declaration.name": content.declaration.name,
        **{f"items[{n}].description": item.description for n, item in enumerate(content.items)},
    }
    for where, text in required.items():
        if not text.strip():
            yield Fault(where, {"where": where})


def _texts(plain: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(plain, str):
        yield where, plain
    elif isinstance(plain, dict):
        for name, value in plain.items():
            yield from _texts(value, f"{where}.{name}" if where else name)
    elif isinstance(plain, list):
        for n, value in enumerate(plain):
            yield from _texts(value, f"{where}[{n}]")


LINT = Lint(
    name="texts_are_printable",
    citation="ISO 32000-2, tagged text must be extractable; Unicode Technical Report 36",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The text at {where} is empty or holds a character that cannot be printed.",
        "Type the text again; do not paste it from a formatted document.",
    ),
    check=check,
)
