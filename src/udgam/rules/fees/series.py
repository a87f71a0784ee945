"""Numbers of receipts and credit notes: a series for each agency, kind and financial year.

CGST Rules 2017, rules 46(b) and 53(1A)(c): consecutive, at most sixteen characters, unique within a financial year of the supplier.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from udgam.rules.numbers import indian_date

Series = Literal["R", "D", "C"]
LONGEST = 16


def financial_year(now: datetime) -> str:
    """``26-27``: from 1 April to 31 March, by the date in India."""
    day = indian_date(now)
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first % 100:02d}-{(first + 1) % 100:02d}"


def series_key(*, agency: str, series: Series, now: datetime) -> str:
    """Under which key the numbers of this agency, kind and year are counted."""
    return f"payments:{agency}:{series}:{financial_year(now)}"


def document_number(*, series: Series, now: datetime, n: int) -> str:
    """``R/26-27/0000001``: R a receipt for a fee, D for a deposit, C a credit note. Raises ``ValueError`` when the series is used up."""
    number = f"{series}/{financial_year(now)}/{n:07d}"
    if n < 1 or len(number) > LONGEST:
        raise ValueError("the series is used up")
    return number
