"""Who may see a page. Every view of the site carries one of these; an architecture test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from udgam.parties.accounts import sessions
from udgam.parties.accounts.doors import door_for
from udgam.parties.accounts.landing import safe_next
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.proofs import session_holds

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def open_to_all(view: View[P]) -> View[P]:
    """Mark a view as public on purpose."""
    view.guard = ("all",)  # type: ignore[attr-defined]
    return view


def requires(*kinds: str, step_up: bool = False, before_first_password: bool = False) -> Callable[[View[P]], View[P]]:
    """Let only signed-in people of these kinds in (none named: people of any kind).

    Nobody signed in: on to the door of the first kind. Somebody of another kind: 404, as for a page that does not exist.
    Officers, agency administrators and administrators need a session that began with password **and** token.
    Whoever still has a one-time password chooses another first, unless ``before_first_password``. With ``step_up`` the
    token must have been shown within the last ten minutes; else the page to show it comes first.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            now = timezone.now()
            person = request.user
            if not isinstance(person, Person) or not _session_holds(request, person):
                return _to("door", request, kinds)
            if kinds and person.kind not in kinds:
                raise Http404
            if person.must_change_password and not before_first_password:
                return _to("accounts:change-password", request)
            if step_up and not sessions.has_stepped_up(request, now):
                return _to("accounts:confirm", request)
            return view(request, *args, **kwargs)

        guarded.guard = kinds or ("signed-in",)  # type: ignore[attr-defined]
        return cast(View[P], guarded)

    return decorate


def person_of(request: HttpRequest) -> Person:
    """The person signed in, in a view behind ``requires``."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def _session_holds(request: HttpRequest, person: Person) -> bool:
    """False, and signed out, when the session is too old or lacks the token that this kind of person must have shown."""
    if session_holds(request, person, timezone.now()):
        return True
    logout(request)
    return False


def _to(where: str, request: HttpRequest, kinds: tuple[str, ...] = ()) -> HttpResponseRedirect:
    """Redirect, remembering the page if it can be opened again: a form that was sent cannot, its page can."""
    url_name = door_for(kinds[0] if kinds else "").url_name if where == "door" else where
    onward = safe_next(request.get_full_path() if request.method == "GET" else request.path)
    return HttpResponseRedirect(f"{reverse(url_name)}?{urlencode({'next': onward})}" if onward else reverse(url_name))
