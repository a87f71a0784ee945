"""Moments that a stranger's text gives in seconds."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(seconds: float) -> datetime:
    """Seconds since 1970 (POSIX) as a moment in UTC. Raises ValueError for what lies beyond the years 1 to 9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OSError, OverflowError) as error:
        raise ValueError("a moment beyond all calendars") from error
