"""From the checks of a code or a credential to the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from udgam.signing.proof.checks.office_key import OfficeCase
from udgam.signing.proof.other_register import of_office
from udgam.signing.proof.report import Check, Kind, Report, Status
from udgam.signing.proof.steps import Step, all_hold, is_whole
from udgam.signing.proof.told import Told

STATUS_UNKNOWN = Told("What became of the certificate since it was issued is not known.")


def office_report(kind: Kind, steps: Sequence[Step[OfficeCase]], checks: tuple[Check, ...], case: OfficeCase) -> Report:
    """The report about a code or a credential."""
    valid, whole = all_hold(steps, checks), is_whole(steps, checks)
    known = getattr(case, "published", None)
    said = next(one for one in checks if one.id == "status.known").outcome == "pass"
    status: Status = known.status if known is not None and said else "unknown"
    other = None if valid else of_office(case)
    if other is not None:
        case.warnings.extend(other.told)
    if valid and status == "unknown":
        case.warnings.append(STATUS_UNKNOWN)
    return Report(
        valid=valid,
        kind=kind,
        certificate_number=case.number if whole else None,
        status=status,
        integrity=whole or (other is not None and other.signed),
        checks=checks,
        warnings=tuple(dict.fromkeys(case.warnings)),
        content=case.credential.content_bytes if case.credential is not None and whole else None,
        code=case.claims if case.code is not None and whole else None,
        shown=case.credential.shown if case.credential is not None and whole else None,
        other_register=other.name if other is not None else None,
    )


def with_log_required(report: Report) -> Report:
    """The report for somebody who relies on nothing that the log is not proved to hold: then a missing proof is a step that fails."""
    if not report.valid or report.outcome("log.included") == "pass":
        return report
    missing = Told("A proof from the log is required, and none is at hand.")
    checks = tuple(
        replace(one, outcome="fail", detail=missing) if one.id == "log.included" else one for one in report.checks
    )
    return replace(report, valid=False, checks=checks)
