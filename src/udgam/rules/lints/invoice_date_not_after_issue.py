"""No invoice is dated after the certificate that names it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    for n, invoice in enumerate(content.invoices):
        if invoice.date > content.issued_on:
            yield Fault(f"invoices[{n}].date", {"invoice": invoice.number, "date": invoice.date.isoformat()})


LINT = Lint(
    name="invoice_date_not_after_issue",
    citation="Annexure-II to Appendix 2E, box 10",
    effective=date(2025, 1, 27),
    reason=Reason(
        "Invoice {invoice} is dated {date}, after the date of issue.",
        "Correct the date of the invoice.",
    ),
    check=check,
)
