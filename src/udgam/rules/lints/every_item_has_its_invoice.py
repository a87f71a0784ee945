"""Every item names a listed invoice, and every listed invoice has an item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    listed = [invoice.number for invoice in content.invoices]
    for n, item in enumerate(content.items):
        if item.invoice not in listed:
            yield Fault(f"items[{n}].invoice", {"invoice": item.invoice})
    used = {item.invoice for item in content.items}
    for n, number in enumerate(listed):
        if number not in used or number in listed[:n] or not number.strip():
            yield Fault(f"invoices[{n}].number", {"invoice": number})


LINT = Lint(
    name="every_item_has_its_invoice",
    citation="Notification 05/2026-27 of 7 April 2026: the invoice numbers of certificate and shipping bill agree",
    effective=date(2026, 4, 7),
    reason=Reason(
        "The items and the list of invoices do not agree on invoice {invoice}.",
        "List every invoice once and choose one for each item.",
    ),
    check=check,
)
