"""An organisation's token: all firms but proprietorships. Holds when O is the name as per PAN and the holder is listed."""

from __future__ import annotations

from datetime import date

from udgam.rules.binding.decision import Decision, exception_for, refuse
from udgam.rules.binding.names import names_agree
from udgam.rules.binding.rows.row import Case, Row, listed_person

_NAME = "organisation"


def _applies(case: Case) -> bool:
    return not case.facts.is_personal


def _decide(case: Case) -> Decision:
    if case.firm.constitution == "proprietorship":
        return refuse(_NAME, "binding.organisation_token_for_proprietorship")
    in_certificate = case.facts.organisation or ""
    in_record = case.firm.name_as_per_pan
    if not in_record:
        return refuse(_NAME, "binding.name_as_per_pan_unknown")
    agreement = names_agree(in_certificate, in_record, "organisation")
    opened = exception_for("organisation", in_certificate, in_record, case.exceptions) if agreement == "near" else None
    if agreement == "different":
        return refuse(_NAME, "binding.organisation_differs", in_certificate=in_certificate, in_record=in_record)
    if agreement == "near" and opened is None:
        return refuse(
            _NAME,
            "binding.organisation_near_miss",
            near_miss=(in_certificate, in_record),
            in_certificate=in_certificate,
            in_record=in_record,
        )
    found = listed_person(_NAME, case, case.firm.people)
    if isinstance(found, Decision):
        return found
    person, exception = found
    references = [opened.reference] if opened else []
    if exception and exception not in references:
        references.append(exception)
    return Decision(allowed=True, rule=_NAME, person=person.name, exception=", ".join(references) or None)


ORGANISATION = Row(
    name=_NAME,
    citation="DGFT, questions on digital signatures, version 3.1 (organisation token; O = name as per PAN)",
    effective=date(2022, 12, 22),
    applies=_applies,
    decide=_decide,
)
