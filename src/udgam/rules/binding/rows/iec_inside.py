"""A token that carries the IEC: all firms. Holds when the IEC is equal and the holder is listed."""

from __future__ import annotations

from datetime import date

from udgam.rules.binding.decision import Decision, refuse
from udgam.rules.binding.rows.row import Case, Row, listed_person

_NAME = "iec-inside"


def _applies(case: Case) -> bool:
    return case.finding is not None


def _decide(case: Case) -> Decision:
    finding = case.finding
    assert finding is not None  # noqa: S101 - the row applies only then
    if finding.value != case.iec:
        return refuse(_NAME, "binding.iec_differs", found=finding.value, iec=case.iec)
    found = listed_person(_NAME, case, case.firm.people)
    if isinstance(found, Decision):
        return found
    person, exception = found
    return Decision(allowed=True, rule=_NAME, person=person.name, finding=finding, exception=exception)


IEC_INSIDE = Row(
    name=_NAME,
    citation="DGFT, questions on digital signatures, version 3.1 (IEC-based token); Trade Notice 23/2022-23",
    effective=date(2022, 12, 22),
    applies=_applies,
    decide=_decide,
)
