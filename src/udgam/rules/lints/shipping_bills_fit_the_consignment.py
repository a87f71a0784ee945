"""Shipping bills are dated on or after the invoice and not after the issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    for n, bill in enumerate(content.shipping_bills):
        before_invoices = all(bill.date < invoice.date for invoice in content.invoices)
        if not bill.number.strip() or bill.date > content.issued_on or (content.invoices and before_invoices):
            yield Fault(f"shipping_bills[{n}]", {"number": bill.number, "date": bill.date.isoformat()})


LINT = Lint(
    name="shipping_bills_fit_the_consignment",
    citation="DGFT reminder to Appendix 2E agencies: invoice numbers of certificate and shipping bill agree; Shipping Bill and Bill of Export (Form) Regulations 2017",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The shipping bill {number} of {date} does not fit: it precedes the invoice or follows the date of issue.",
        "Correct number and date as they stand on the shipping bill.",
    ),
    check=check,
)
