"""Questions about dated reference data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from udgam.ground.reference.models import CurrencyRate

_PAISA = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """Rupees for one unit of a currency, from when it holds, and who fixed it."""

    currency: str
    rupees: Decimal
    valid_from: date
    source: str

    def in_rupees(self, amount: Decimal) -> Decimal:
        """The amount in rupees, to the paisa, half up."""
        return (amount * self.rupees).quantize(_PAISA, rounding=ROUND_HALF_UP)


def published_rate(currency: str, on: date) -> Rate | None:
    """The rate that holds on a day in India: the latest one from that day or before. Rupees are worth themselves."""
    if currency == "INR":
        return Rate("INR", Decimal(1), on, "")
    row = CurrencyRate.objects.filter(currency=currency, valid_from__lte=on).order_by("-valid_from").first()
    if row is None:
        return None
    return Rate(row.currency, row.rupees / row.units, row.valid_from, row.source)


def published_rates(on: date) -> tuple[CurrencyRate, ...]:
    """The rates that hold on a day in India, by currency."""
    rows = CurrencyRate.objects.filter(valid_from__lte=on).order_by("currency", "-valid_from").distinct("currency")
    return tuple(rows)
