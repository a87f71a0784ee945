"""An individual's token for any other firm. Holds only when the record gives that person's PAN or its hash, and it is equal.

DGFT accepts such tokens for directors whom the company register has validated. The IEC record usually carries no PAN per
director; a name alone proves nothing about a person, so without the PAN the answer is no.
"""

from __future__ import annotations

from datetime import date

from udgam.rules.binding.decision import Decision, exception_for, refuse
from udgam.rules.binding.names import names_agree
from udgam.rules.binding.rows.row import Case, Row, certificate_pan_hash, listed_person
from udgam.rules.firm import FirmPerson

_NAME = "individual-director"


def _applies(case: Case) -> bool:
    return case.facts.is_personal and case.firm.constitution != "proprietorship"


def _decide(case: Case) -> Decision:
    found = listed_person(_NAME, case, case.firm.people)
    if isinstance(found, Decision):
        return found
    in_certificate = certificate_pan_hash(case.facts)
    if in_certificate is None:
        return refuse(_NAME, "binding.pan_missing_in_certificate")
    # Two people of a firm may share a name; any of them whose PAN is equal is the holder.
    namesakes = _namesakes(case, found)
    hashes = [(person, exception) for person, exception in namesakes if person.pan_hash]
    if not hashes:
        return refuse(_NAME, "binding.director_not_provable", holder=case.facts.holder)
    for person, exception in hashes:
        if (person.pan_hash or "").strip().casefold() == in_certificate:
            return Decision(allowed=True, rule=_NAME, person=person.name, exception=exception)
    return refuse(_NAME, "binding.director_pan_differs", holder=case.facts.holder)


def _namesakes(case: Case, found: tuple[FirmPerson, str | None]) -> list[tuple[FirmPerson, str | None]]:
    equal: list[tuple[FirmPerson, str | None]] = [
        (person, None) for person in case.firm.people if names_agree(case.facts.holder, person.name) == "equal"
    ]
    if equal:
        return equal
    opened: list[tuple[FirmPerson, str | None]] = []
    for person in case.firm.people:
        exception = exception_for("holder", case.facts.holder, person.name, case.exceptions)
        if exception is not None and names_agree(case.facts.holder, person.name) == "near":
            opened.append((person, exception.reference))
    return opened or [found]


INDIVIDUAL_DIRECTOR = Row(
    name=_NAME,
    citation="DGFT, questions on digital signatures, version 3.1 (individual token: validated directors only)",
    effective=date(2022, 12, 22),
    applies=_applies,
    decide=_decide,
)
