"""A browser session begins, goes on and ends: the only file that writes what it remembers about its person."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest

from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.proofs import METHOD, STARTED, moment_of
from udgam.parties.accounts.services import follow_session, forget_session, remember_session
from udgam.parties.accounts.visitors import visitor_of
from udgam.rules.duties import STEP_UP_LIFETIME

STEPPED_UP = "accounts.stepped_up_at"
TOKEN = "accounts.token_sha256"  # noqa: S105  # the name of a key in the session


def begin_session(request: HttpRequest, *, person: Person, method: str, now: datetime, token_sha256: str = "") -> None:
    """Sign the person in here. The session gets a new key, so a key planted before is worth nothing."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[METHOD] = method
    request.session[STARTED] = now.isoformat()
    request.session.pop(STEPPED_UP, None)
    if token_sha256:
        mark_stepped_up(request, token_sha256=token_sha256, now=now)
    remember_session(
        person=person,
        session_key=request.session.session_key or "",
        method=method,
        visitor=visitor_of(request),
        now=now,
    )


def end_session(request: HttpRequest, *, now: datetime) -> None:
    """Sign out here and forget everything the session held."""
    if isinstance(request.user, Person):
        forget_session(
            person=request.user,
            session_key=request.session.session_key or "",
            # The person, even while a one-time password must still be changed: whoever signs out is known.
            actor=actor_of(request.user),
            now=now,
        )
    logout(request)


def keep_session_after_password_change(request: HttpRequest, *, person: Person) -> None:
    """The session that changed the password goes on, under a new key."""
    old_key = request.session.session_key or ""
    update_session_auth_hash(request, person)
    follow_session(old_key=old_key, new_key=request.session.session_key or "")


def mark_stepped_up(request: HttpRequest, *, token_sha256: str, now: datetime) -> None:
    """The token was shown in this session just now."""
    request.session[STEPPED_UP] = now.isoformat()
    request.session[TOKEN] = token_sha256


def has_stepped_up(request: HttpRequest, now: datetime) -> bool:
    """Whether the token was shown in this session within the last ten minutes, and is still enrolled."""
    shown_at = moment_of(request, STEPPED_UP)
    if shown_at is None or not isinstance(request.user, Person) or now - shown_at >= STEP_UP_LIFETIME:
        return False
    return request.user.tokens.filter(sha256=token_sha256(request), retired_at__isnull=True).exists()


def token_sha256(request: HttpRequest) -> str:
    """The fingerprint of the certificate last shown in this session; empty when none was."""
    return str(request.session.get(TOKEN, ""))
