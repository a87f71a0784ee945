"""A report as lines for a terminal, the same for every command that prints one."""

from __future__ import annotations

from typing import Any

from udgam.signing.proof.report import Report

# What a command answers when the input could not be used.
NOTHING_CHECKED: dict[str, Any] = {
    "valid": False,
    "kind": None,
    "certificate_number": None,
    "status": "unknown",
    "integrity": False,
    "other_register": None,
    "warnings": [],
    "checks": [],
}
_SIGNS = {"pass": "✓", "fail": "✗", "skipped": "–"}
_NAMES = {
    "pdf": "this PDF",
    "credential": "this credential",
    "code": "this code",
    "foreign-pdf": "this PDF",
    "foreign-credential": "this credential",
}


def report_lines(report: Report, *, offline: bool) -> list[str]:
    """Each step with its sign, what a code says, the warnings, and the verdict. ``offline``: nobody was to be asked."""
    lines = [f"{one.step:>3}  {_SIGNS[one.outcome]}  {one.name}\n        {one.detail}" for one in report.checks]
    lines += _said(report)
    lines += [f"Warning: {one}" for one in report.warnings]
    number = f"Certificate {report.certificate_number}: " if report.certificate_number else ""
    if report.accepted(offline=offline):
        lines.append(f"{number}valid, status {report.status}.")
    elif report.valid:
        lines.append(f"{number}genuine, but not to be relied on: status {report.status}.")
    elif report.other_register is not None:
        signed = "well signed, but" if report.integrity else "perhaps genuine, but"
        lines.append(
            f"No: {_NAMES[report.kind]} is {signed} of the register {report.other_register[:200]}, which is not believed here."
        )
    elif report.kind.startswith("foreign"):
        lines.append(f"No: {_NAMES[report.kind]} is not a certificate of this platform.")
    else:
        lines.append(f"No: {number or _NAMES[report.kind] + ' '}does not hold. See the steps marked ✗.")
    return lines


def _said(report: Report) -> list[str]:
    """What a signed code says, to be held against the paper."""
    code = report.code
    if code is None:
        return []
    lines = [
        f"Issued on {code.issued_on} by {code.agency}, {code.office} under {code.agreement}",
        f"Exporter: {code.exporter}; goods for {code.consignee_country}; {code.item_count} lines of goods",
    ]
    lines += [f"  HS {one.hs_code}: {one.quantity} {one.unit}" for one in code.items]
    return [f"The code says: {lines[0]}", *lines[1:]]
