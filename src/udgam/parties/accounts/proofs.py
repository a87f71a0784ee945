"""What a browser session proves about its person: read here, written by ``sessions`` alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from udgam.parties.accounts.doors import door_for
from udgam.parties.accounts.models import Person, SignInEvent

METHOD = "accounts.method"
STARTED = "accounts.started_at"

# However busy the person: after a working day the session ends and one signs in again.
LONGEST_SESSION = timedelta(hours=12)


def session_holds(request: HttpRequest, person: Person, now: datetime) -> bool:
    """Whether the session is young enough and began with all that this kind of person must show."""
    if has_run_too_long(request, now):
        return False
    return carries_both_factors(request) or not door_for(person.kind).needs_both


def carries_both_factors(request: HttpRequest) -> bool:
    """Whether this session began with password and token."""
    return request.session.get(METHOD) == SignInEvent.Method.PASSWORD_AND_TOKEN


def has_run_too_long(request: HttpRequest, now: datetime) -> bool:
    """Whether this session began more than twelve hours ago."""
    started = moment_of(request, STARTED)
    return started is not None and now - started >= LONGEST_SESSION


def moment_of(request: HttpRequest, key: str) -> datetime | None:
    """A moment that the session keeps under ``key``."""
    text = request.session.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) else None
