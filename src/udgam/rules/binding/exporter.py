"""The decision table for exporters: whether this certificate may act for this firm.

| Row                   | Token                              | Firms                  |
|-----------------------|------------------------------------|------------------------|
| iec-inside            | IEC inside                         | all                    |
| individual-proprietor | individual (O blank or "Personal") | proprietorship         |
| individual-director   | individual                         | others                 |
| organisation          | organisation                       | all but proprietorship |

The first row that applies decides; no refusal falls through to the next row. A token that carries another firm's IEC must
not be let in because a name happens to agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from udgam.rules.binding.decision import Decision, NameException, refuse, refuse_kind
from udgam.rules.binding.facts import CertificateFacts, IecFinding
from udgam.rules.binding.kind import check_certificate_kind
from udgam.rules.binding.rows.iec_inside import IEC_INSIDE
from udgam.rules.binding.rows.individual_director import INDIVIDUAL_DIRECTOR
from udgam.rules.binding.rows.individual_proprietor import INDIVIDUAL_PROPRIETOR
from udgam.rules.binding.rows.organisation import ORGANISATION
from udgam.rules.binding.rows.row import Case, Row
from udgam.rules.firm import FirmRecord

TABLE: tuple[Row, ...] = (IEC_INSIDE, INDIVIDUAL_PROPRIETOR, INDIVIDUAL_DIRECTOR, ORGANISATION)

_BEFORE = "before the table"


def decide_exporter(
    facts: CertificateFacts, firm: FirmRecord, iec: str, *, exceptions: Sequence[NameException] = ()
) -> Decision:
    """Decide whether the certificate with these facts may act for the firm with this IEC.

    The caller has validated the path, the period and the revocation status. ``exceptions`` are the administrators' recorded
    decisions for this firm. Never raises: every way to fail is a refusing ``Decision`` with a reason of its own.
    """
    if firm.iec != iec:
        return refuse(_BEFORE, "binding.record_of_other_iec")
    if not firm.is_active:
        return refuse(_BEFORE, "binding.iec_inactive", iec=iec)
    kind = check_certificate_kind(facts)
    if not kind:
        return refuse_kind(_BEFORE, kind)
    finding = _finding(facts, iec)
    if isinstance(finding, Decision):
        return finding
    case = Case(facts=facts, firm=firm, iec=iec, finding=finding, exceptions=exceptions)
    for row in TABLE:
        if row.applies(case):
            decision = row.decide(case)
            return decision if decision.finding or not finding else replace(decision, finding=finding)
    raise AssertionError("the rows cover every token and every firm")


def _finding(facts: CertificateFacts, iec: str) -> IecFinding | Decision | None:
    """The IEC that the certificate carries, None when it carries none, or a refusal when it carries several."""
    marked = [finding for finding in facts.iec_findings if finding.evidence == "marker"]
    values = sorted({finding.value for finding in marked})
    if len(values) > 1:
        return refuse(_BEFORE, "binding.iec_ambiguous", found=", ".join(values))
    if marked:
        return marked[0]
    return next(
        (finding for finding in facts.iec_findings if finding.evidence == "claimed" and finding.value == iec), None
    )
