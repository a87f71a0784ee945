"""Counting from one day to another as agreements do: months by the calendar, working days from Monday to Friday.

Public holidays are not counted as free, so a certificate is never called late one day too early by more than they would give; an
officer sees the date and may wait.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from udgam.rules.agreements import Agreement, IssueWindow

_FRIDAY = 4


def months_later(day: date, months: int) -> date:
    """The same day that many months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def validity_end(agreement: Agreement, issued_on: date) -> date | None:
    """The last day on which a certificate may be used; None where the agreement's period is not known."""
    validity = agreement.validity
    if validity.months is not None:
        return months_later(issued_on, validity.months) - timedelta(days=1)
    if validity.days is not None:
        return issued_on + timedelta(days=validity.days - 1)
    return None


def last_day_of_window(window: IssueWindow, shipped_on: date) -> date | None:
    """The last day of ordinary issue after the shipment; None where the agreement names no number of days."""
    if window.days is not None:
        return shipped_on + timedelta(days=window.days)
    if window.working_days is None:
        return None
    day, left = shipped_on, window.working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() <= _FRIDAY
    return day
