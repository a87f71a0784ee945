"""How reports name a moment."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_INDIA = timezone(timedelta(hours=5, minutes=30))


def moment_text(moment: datetime) -> str:
    """A moment as reports name it: to the second, in Indian time, with the zone."""
    return f"{moment.astimezone(_INDIA):%Y-%m-%d %H:%M:%S} (UTC+05:30)"
