"""A body asks to be admitted; the platform's administrator reads the letter and decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.documents.services import examine_upload
from udgam.ground.pages.limits import Limit, within
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all, requires
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.parties.accounts.visitors import visitor_of
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import RequestDecisionForm, RequestForm
from udgam.parties.agencies.views.administering import PLATFORM
from udgam.rules.refusals import Refused

REQUEST_LIMIT = Limit("agency-request", 5, 3600)


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Ask for the admission of a body that is authorised to issue."""
    form = RequestForm(request.POST or None, request.FILES or None)
    page_errors: list[str] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        if not within(REQUEST_LIMIT, visitor_of(request).network):
            page_errors, status = (
                [_("Too many requests came from your address. Wait an hour, or call the help desk.")],
                429,
            )
        else:
            try:
                services.request_admission(
                    values=form.cleaned_data,
                    letter=examine_upload(upload=form.cleaned_data["letter"], allowed=("pdf", "jpeg", "png")),
                    language=get_language() or "en",
                    actor=actor_of(request),
                    now=timezone.now(),
                )
            except Refused as refused:
                page_errors, status = refusal_lines(refused), 409
            else:
                return HttpResponseRedirect(reverse("agencies:applied"))
    return render(request, "agencies/apply.html", {"form": form, "page_errors": page_errors}, status=status)


@open_to_all
@require_GET
def applied(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "agencies/applied.html")


@requires(PLATFORM)
@private_page
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Bodies that ask to be admitted, and what became of earlier requests."""
    return render(request, "agencies/requests.html", {"requests": queries.requests_visible_to(actor_of(request))[:200]})


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Read one request with its letter; admit the body, or refuse."""
    actor = actor_of(request)
    found = queries.requests_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    form = RequestDecisionForm(request.POST or None, initial={"agreements": found.agreements})
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if typed["decision"] == "approve":
                services.approve_request(asked=found, agreements=typed["agreements"], actor=actor, now=timezone.now())
            else:
                services.refuse_request(asked=found, reason=typed["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("Your decision is recorded. The body is told by mail."))
            return HttpResponseRedirect(reverse("agencies:requests"))
    rivals = queries.requests_visible_to(actor).filter(code=found.code, state="waiting").exclude(id=found.id)
    context = {"found": found, "form": form, "page_errors": page_errors, "rivals": rivals}
    return render(request, "agencies/request.html", context, status=409 if page_errors else 200)
