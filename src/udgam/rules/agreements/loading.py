"""Reading the data files of the arrangements, strictly: a file that does not fit is refused, never half used."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import ClassVar

from udgam.rules.agreements.agreement import Agreement
from udgam.rules.disclosure import COMPARABLE, SHOWABLE
from udgam.rules.plain import from_plain
from udgam.rules.refusals import Reason, Refused

REASONS = {
    "agreement.unknown": Reason("There is no arrangement with the code {code}.", "Choose one from the list."),
    "agreement.form": Reason("The data of the arrangement cannot be used: {detail}.", "Correct the data file."),
}

# A code and its file. Files are added with the arrangements they describe.
_FILES = {"NP": "non_preferential.json"}


class AgreementRefused(Refused):
    """No such arrangement, or its data does not hold together."""

    reasons: ClassVar = REASONS


def agreement_codes() -> tuple[str, ...]:
    """The codes of all arrangements, in the order of the list."""
    return tuple(_FILES)


@cache
def load_agreement(code: str) -> Agreement:
    """The arrangement with that code. Raises ``AgreementRefused`` when there is none."""
    if code not in _FILES:
        raise AgreementRefused("agreement.unknown", code=code[:20])
    return read_agreement(resources.files(__package__).joinpath(_FILES[code]).read_bytes())


def read_agreement(data: bytes) -> Agreement:
    """Read one data file. Raises ``AgreementRefused`` or ``ShapeRefused``."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise AgreementRefused("agreement.form", detail="it is not JSON") from fault
    agreement = from_plain(Agreement, plain)
    _check(agreement)
    return agreement


def _check(agreement: Agreement) -> None:
    def fail(detail: str) -> AgreementRefused:
        return AgreementRefused("agreement.form", detail=detail)

    if [box.number for box in agreement.boxes] != list(range(1, len(agreement.boxes) + 1)):
        raise fail("the boxes are not numbered one after the other")
    if len({box.fills for box in agreement.boxes}) != len(agreement.boxes):
        raise fail("two boxes print the same")
    if not (len(agreement.scheme) == 3 and agreement.scheme.isascii() and agreement.scheme.isdigit()):
        raise fail("the scheme is not three digits")
    if agreement.required_words.casefold() not in agreement.title.casefold():
        raise fail("the title lacks the words it must have")
    if not agreement.criteria or not agreement.partners or not agreement.sources:
        raise fail("criteria, partners or sources are missing")
    if "{destination}" not in agreement.declaration:
        raise fail("the declaration does not name the destination")
    for name in agreement.public.by_number:
        if name not in SHOWABLE:
            raise fail(f"the public view knows no field {name}")
    for name in agreement.public.comparable:
        if name not in COMPARABLE:
            raise fail(f"the comparison knows no field {name}")
