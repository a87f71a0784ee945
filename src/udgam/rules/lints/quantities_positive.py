"""Quantities, packages, weights and values are above zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    for n, item in enumerate(content.items):
        stated = {
            "packages": Decimal(item.packages),
            "quantity": item.quantity,
            "gross_weight": item.gross_weight,
            "fob": item.fob,
        }
        for name, value in stated.items():
            if value is not None and value <= 0:
                yield Fault(f"items[{n}].{name}", {"quantity": _WORDS[name], "item": str(item.number)})


_WORDS = {"packages": "number of packages", "quantity": "quantity", "gross_weight": "gross weight", "fob": "FOB value"}


LINT = Lint(
    name="quantities_positive",
    citation="Annexure-II to Appendix 2E, boxes 7 and 9",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The {quantity} of item {item} is not above zero.",
        "Enter what stands on the invoice and the packing list.",
    ),
    check=check,
)
