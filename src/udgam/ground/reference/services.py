"""Give out numbers."""

from __future__ import annotations

from django.db import connection

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
