"""Give out numbers; keep the currency rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.reference.models import CurrencyRate
from udgam.ground.reference.rate_files import ReadRate

_NEXT = """
INSERT INTO reference_numberseries (key, last) VALUES (%s, 1)
ON CONFLICT (key) DO UPDATE SET last = reference_numberseries.last + 1
RETURNING last
"""


class NumberOutsideTransaction(RuntimeError):
    """A number was asked for where no transaction is open, so that it could be lost and leave a gap."""


def next_number(*, key: str) -> int:
    """The next number of the series: 1, 2, 3 ... without gaps, each given once.

    The row of the series stays locked until the caller's transaction ends: whoever asks next waits, and a transaction that is
    rolled back gives its number back. So ask late in the transaction. Raises ``NumberOutsideTransaction``.
    """
    if not connection.in_atomic_block:
        raise NumberOutsideTransaction(f"A number of {key!r} belongs into the transaction of what it numbers.")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [key])
        row = cursor.fetchone()
    number: int = row[0]
    return number


@transaction.atomic
def import_rates(*, rates: Sequence[ReadRate], source: str, actor: Actor, now: datetime) -> int:
    """Keep rates; a rate for the same currency and day is replaced. `source` names who fixed them. Returns how many are kept."""
    rows = [
        CurrencyRate(
            currency=rate.currency,
            valid_from=rate.valid_from,
            units=rate.units,
            rupees=rate.rupees,
            source=source,
            imported_at=now,
        )
        for rate in rates
    ]
    CurrencyRate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["currency", "valid_from"],
        update_fields=["units", "rupees", "source", "imported_at"],
    )
    days = sorted({rate.valid_from for rate in rates})
    details = {"rates": len(rows), "source": source, "from": days[0].isoformat() if days else ""}
    record(act="currency_rates.imported", subject="reference:currency-rates", actor=actor, now=now, details=details)
    return len(rows)
