"""The way through registration: which attempt belongs to this browser, and which page it has earned."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from udgam.flow.registration import queries
from udgam.flow.registration.models import Registration
from udgam.flow.registration.stages import PAGE_OF, Stage, has_reached

P = ParamSpec("P")
StepView = Callable[Concatenate[HttpRequest, Registration, P], HttpResponseBase]
_KEY = "registration.attempt"
_IEC_KEY = "registration.iec"


def remember_attempt(request: HttpRequest, attempt: Registration) -> None:
    """Tie the attempt to this browser session, under a new session key: the token just proved who is here."""
    request.session.cycle_key()
    request.session[_KEY] = str(attempt.public_id)


def remember_iec(request: HttpRequest, typed: str) -> None:
    """Keep the typed IEC for the page of step 1."""
    request.session[_IEC_KEY] = typed[:40]


def remembered_iec(request: HttpRequest) -> str:
    """What was typed on the page of step 1."""
    return str(request.session.get(_IEC_KEY, ""))


def current_attempt(request: HttpRequest) -> Registration | None:
    """The attempt of this browser session."""
    value = request.session.get(_KEY)
    return queries.attempt_by_id(UUID(value)) if value else None


def page_of(attempt: Registration) -> HttpResponse:
    """On to the page at which the attempt stands."""
    return redirect(PAGE_OF[attempt.stage])


def earned(wanted: str) -> Callable[[StepView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Open a page only to an attempt that has reached its stage; earlier ones are led to where they stand."""

    def decorate(view: StepView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            attempt = current_attempt(request)
            if attempt is None:
                messages.info(request, _("Registration begins with your token and your IEC."))
                return redirect("registration:token")
            finished = attempt.stage in (Stage.COMPLETED, Stage.REFUSED)
            if (finished and attempt.stage != wanted) or (not finished and not has_reached(attempt.stage, wanted)):
                return page_of(attempt)
            return view(request, attempt, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)

    return decorate
