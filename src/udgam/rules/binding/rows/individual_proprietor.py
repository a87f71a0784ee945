"""An individual's token for a proprietorship. Holds when the PAN is the IEC's and the holder is the proprietor."""

from __future__ import annotations

from datetime import date

from udgam.rules.binding.decision import Decision, refuse
from udgam.rules.binding.rows.row import Case, Row, certificate_pan_hash, listed_person
from udgam.rules.identifiers import IdentifierRefused, parse_pan

_NAME = "individual-proprietor"


def _applies(case: Case) -> bool:
    return case.facts.is_personal and case.firm.constitution == "proprietorship"


def _decide(case: Case) -> Decision:
    if case.firm.pan is None:
        return refuse(_NAME, "binding.pan_unknown")
    try:
        expected = parse_pan(case.firm.pan).sha256
    except IdentifierRefused:
        return refuse(_NAME, "binding.pan_unknown")
    in_certificate = certificate_pan_hash(case.facts)
    if in_certificate is None:
        return refuse(_NAME, "binding.pan_missing_in_certificate")
    if in_certificate != expected:
        return refuse(_NAME, "binding.pan_differs")
    # Some sources list the people of a firm without their roles; a proprietorship lists nobody but its proprietor.
    proprietors = [person for person in case.firm.people if person.role == "proprietor"] or case.firm.people
    found = listed_person(_NAME, case, proprietors)
    if isinstance(found, Decision):
        return found
    person, exception = found
    return Decision(allowed=True, rule=_NAME, person=person.name, exception=exception)


INDIVIDUAL_PROPRIETOR = Row(
    name=_NAME,
    citation="DGFT, questions on digital signatures, version 3.1 (individual token; hash of the PAN in serialNumber)",
    effective=date(2022, 12, 22),
    applies=_applies,
    decide=_decide,
)
