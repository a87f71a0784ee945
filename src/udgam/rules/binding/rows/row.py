"""What a row of the decision table is, and the one question all rows ask: is the holder a listed person?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from udgam.rules.binding.decision import Decision, NameException, exception_for, refuse
from udgam.rules.binding.facts import CertificateFacts, IecFinding
from udgam.rules.binding.names import names_agree
from udgam.rules.firm import FirmPerson, FirmRecord


@dataclass(frozen=True)
class Case:
    """Everything a row may look at."""

    facts: CertificateFacts
    firm: FirmRecord
    iec: str
    finding: IecFinding | None
    exceptions: Sequence[NameException]


@dataclass(frozen=True)
class Row:
    """A row: when it applies, when it holds, and where that comes from."""

    name: str
    citation: str
    effective: date
    applies: Callable[[Case], bool]
    decide: Callable[[Case], Decision]


def listed_person(rule: str, case: Case, among: Sequence[FirmPerson]) -> tuple[FirmPerson, str | None] | Decision:
    """Find the holder among ``among``; gives the person and the exception used, or the refusal."""
    holder = case.facts.holder
    if names_agree(holder, holder) != "equal":
        return refuse(rule, "binding.holder_unnamed")
    near: list[FirmPerson] = []
    for person in among:
        agreement = names_agree(holder, person.name)
        if agreement == "equal":
            return person, None
        if agreement == "near":
            near.append(person)
    for person in near:
        exception = exception_for("holder", holder, person.name, case.exceptions)
        if exception is not None:
            return person, exception.reference
    if near:
        return refuse(
            rule,
            "binding.holder_near_miss",
            near_miss=(holder, near[0].name),
            in_certificate=holder,
            in_record=near[0].name,
        )
    return refuse(rule, "binding.holder_not_listed", holder=holder)


def certificate_pan_hash(facts: CertificateFacts) -> str | None:
    """The hash of the holder's PAN in the certificate, in lower case; None when there is none."""
    value = (facts.serial_number_attr or "").strip().casefold()
    return value or None
