"""The items of one invoice are valued in one currency, given by its three letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    currencies: dict[str, str] = {}
    for n, item in enumerate(content.items):
        code = item.currency
        well_formed = len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
        if not well_formed or currencies.setdefault(item.invoice, code) != code:
            yield Fault(f"items[{n}].currency", {"invoice": item.invoice})


LINT = Lint(
    name="one_currency_for_each_invoice",
    citation="ISO 4217",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The items of invoice {invoice} are not valued in one currency.",
        "Give the value of every item in the currency of its invoice.",
    ),
    check=check,
)
