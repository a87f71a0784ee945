"""How long an office may take: due times count hours of working days in India."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from udgam.rules.numbers import INDIA

_SATURDAY = 5
# Between two looks at the clock nobody leaves a case unseen for longer: then a colleague may take it over.
CASE_LOCK = timedelta(hours=2)
# What an agency that has said nothing promises.
USUAL_HOURS = 24


def due_time(submitted_at: datetime, *, hours: int, departure: date | None = None) -> datetime:
    """When a decision is due: so many hours later, Saturdays and Sundays in India not counted.

    A ship does not wait: when the goods leave before that, the decision is due at the beginning of the day of departure, but
    never before the application came. Both moments carry a time zone.
    """
    moment, left = submitted_at.astimezone(INDIA), timedelta(hours=hours)
    while left > timedelta():
        midnight = datetime.combine(moment.date() + timedelta(days=1), time(), INDIA)
        if moment.weekday() >= _SATURDAY:
            moment = midnight
            continue
        step = min(left, midnight - moment)
        moment, left = moment + step, left - step
    if departure is not None:
        leaves = datetime.combine(departure, time(), INDIA)
        moment = max(min(moment, leaves), submitted_at.astimezone(INDIA))
    return moment
