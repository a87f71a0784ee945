"""Step 1: token, IEC, fetch; and the pages for a register that does not answer and for a refusal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.registration import fetching, services
from udgam.flow.registration.forms import IecForm, refusal
from udgam.flow.registration.models import Registration
from udgam.flow.registration.reasons import text_of
from udgam.flow.registration.stages import Stage
from udgam.flow.registration.views.tokens import agent_context, read_shown_token
from udgam.flow.registration.views.way import (
    current_attempt,
    earned,
    page_of,
    remember_attempt,
    remember_iec,
    remembered_iec,
)
from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.refusals import Refused


@open_to_all
@private_page
@opens_agent
@require_http_methods(["GET", "POST"])
def token(request: HttpRequest) -> HttpResponse:
    """The token proves itself, the IEC is typed, the record is fetched."""
    form = IecForm(request.POST or None, initial={"iec": remembered_iec(request)})
    if request.method == "POST":
        remember_iec(request, request.POST.get("iec", ""))
        if "back" in request.POST:
            return redirect("registration:start")
        if form.is_valid():
            attempt = _begin(request, form)
            if attempt is not None:
                fetched = fetching.fetch_for_attempt(attempt, actor=actor_of(request), clock=timezone.now)
                return page_of(fetched)
    context = {"form": form, "step": 1, "attempt": current_attempt(request)}
    context.update(agent_context(request, nonce_purpose="register", agent_purpose="register"))
    return render(request, "registration/token.html", context)


def _begin(request: HttpRequest, form: IecForm) -> Registration | None:
    iec = form.cleaned_data["iec"]
    try:
        shown = read_shown_token(request, nonce_purpose="register")
    except Refused as refused:
        form.add_error(None, refusal(refused))
        return None
    attempt = services.begin_attempt(
        iec=iec,
        shown=shown,
        language=get_language() or "en",
        actor=actor_of(request),
        now=timezone.now(),
    )
    remember_attempt(request, attempt)
    return attempt


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@earned(Stage.TOKEN_PROVED)
def waiting(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """The register does not answer. Nothing is lost; one may try again here or come back later with the token."""
    if request.method == "POST":
        attempt = fetching.fetch_for_attempt(attempt, actor=actor_of(request), clock=timezone.now)
    if attempt.stage != Stage.TOKEN_PROVED and attempt.unavailable_since is None:
        return page_of(attempt)
    return render(
        request, "registration/waiting.html", {"attempt": attempt, "step": 1, "tried": request.method == "POST"}
    )


@open_to_all
@private_page
@require_GET
@earned(Stage.REFUSED)
def refused(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """Why this token or this IEC was refused, and what to do."""
    context = {
        "attempt": attempt,
        "step": 1,
        "reason": text_of(attempt.refusal, attempt.refusal_params),
        "near_miss": (attempt.evidence.decision or {}).get("near_miss"),
        "is_registered": attempt.refusal == "registration.already_registered",
    }
    return render(request, "registration/refused.html", context)
