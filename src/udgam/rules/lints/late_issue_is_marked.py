"""A certificate issued after the time that the agreement gives from the shipment says that it is retrospective."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.days import last_day_of_window
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    departed = content.transport.departure
    if content.transport.shipment != "after" or departed is None or agreement.issue_window is None:
        return
    last = last_day_of_window(agreement.issue_window, departed)
    if last is not None and content.issued_on > last and "retrospective" not in content.marks:
        yield Fault("marks", {"departure": departed.isoformat(), "last": last.isoformat()})


LINT = Lint(
    name="late_issue_is_marked",
    citation="ECTA article 4.16 and rule 16; UAE CEPA rule 15 and CBIC Instruction 21/2024; the like articles of other agreements",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The goods left on {departure}; after {last} the certificate must say that it is issued retrospectively.",
        "Ask for retrospective issue, with the reason.",
    ),
    check=check,
)
