"""The exporter declared before, or on the day on which, the officer certified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    if content.declaration.date > content.issued_on:
        yield Fault("declaration.date", {"date": content.declaration.date.isoformat()})


LINT = Lint(
    name="declaration_not_after_issue",
    citation="Annexure-II to Appendix 2E, boxes 11 and 12",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The exporter's declaration is dated {date}, after the date of issue.",
        "Prepare the certificate again with the right dates.",
    ),
    check=check,
)
