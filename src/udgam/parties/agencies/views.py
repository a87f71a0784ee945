"""The pages of an agency's administrator, of officers who bring a token, and of the platform's administrator."""

from __future__ import annotations

from typing import Any

from cryptography.x509 import Certificate
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all, requires
from udgam.parties.accounts.models import Nonce, Person
from udgam.parties.accounts.queries import enrolled_token
from udgam.parties.accounts.services import admit_by_password, facts_of
from udgam.parties.accounts.views.agent import agent_context, refusal_lines, verified_answer
from udgam.parties.accounts.visitors import visitor_of
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import AgencyForm, AppointForm, BringTokenForm
from udgam.parties.agencies.models import WaitingToken
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.renewal import judge_token
from udgam.rules.refusals import Refused

ADMIN = Person.Kind.AGENCY_ADMIN
PLATFORM = Person.Kind.ADMINISTRATOR


@requires(ADMIN)
@private_page
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Offices, officers, and the tokens that wait for a decision."""
    actor = actor_of(request)
    context = {
        "offices": queries.offices_visible_to(actor),
        "officers": queries.officers_visible_to(actor),
        "waiting": queries.waiting_tokens_visible_to(actor),
    }
    return render(request, "agencies/overview.html", context)


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Give somebody a post."""
    actor = actor_of(request)
    offices = {str(office.id): office for office in queries.offices_visible_to(actor)}
    form = AppointForm(request.POST or None, offices=[(key, office.name) for key, office in offices.items()])
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = {**form.cleaned_data, "office": offices[form.cleaned_data["office"]]}
        try:
            services.appoint_officer(actor=actor, now=timezone.now(), **values)
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("The post was created. A one-time password is on its way by mail."))
            return HttpResponseRedirect(reverse("agencies:overview"))
    return render(
        request, "agencies/appoint.html", {"form": form, "page_errors": page_errors}, status=409 if page_errors else 200
    )


def _waiting(request: HttpRequest, token_id: int) -> WaitingToken:
    row = queries.waiting_tokens_visible_to(actor_of(request)).filter(id=token_id).first()
    if row is None:
        raise Http404
    return row


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def decide_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Confirm or reject a token that an officer brought."""
    waiting = _waiting(request, token_id)
    if request.method == "GET":
        return render(request, "agencies/token.html", {"waiting": waiting})
    verb = services.confirm_token if request.POST.get("decision") == "confirm" else services.reject_token
    try:
        verb(waiting=waiting, actor=actor_of(request), now=timezone.now())
    except Refused as refused:
        return render(
            request, "agencies/token.html", {"waiting": waiting, "page_errors": refusal_lines(refused)}, status=409
        )
    done = _("The token is enrolled.") if verb is services.confirm_token else _("The token was rejected.")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("agencies:overview"))


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, officer_id: int) -> HttpResponse:
    """End a post, after asking."""
    officer = queries.officers_visible_to(actor_of(request)).filter(id=officer_id, ended_at__isnull=True).first()
    if officer is None:
        raise Http404
    if request.method == "GET":
        return render(request, "agencies/end_post.html", {"officer": officer})
    try:
        services.end_post(officer=officer, actor=actor_of(request), now=timezone.now())
    except AgencyRefused as refused:
        messages.warning(request, refusal_lines(refused)[0])
    else:
        messages.success(request, _("The post has ended."))
    return HttpResponseRedirect(reverse("agencies:overview"))


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@opens_agent
@require_http_methods(["GET", "POST"])
def bring_token(request: HttpRequest) -> HttpResponse:
    """An officer shows a token for the first time; the agency's administrator confirms it afterwards."""
    form = BringTokenForm(request.POST or None)
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return render(request, "agencies/token_waits.html", {"waiting": _take_token(request, form)})
        except Refused as refused:
            page_errors = refusal_lines(refused)
    context = {
        "form": form,
        "page_errors": page_errors,
        **agent_context(request, purpose=Nonce.Purpose.SIGN_IN, now=timezone.now()),
    }
    return render(request, "agencies/bring_token.html", context, status=403 if page_errors else 200)


def _take_token(request: HttpRequest, form: BringTokenForm) -> WaitingToken:
    now = timezone.now()
    typed = form.cleaned_data
    verified = verified_answer(
        request, token=typed["token"], nonce=typed["nonce"], purpose=Nonce.Purpose.SIGN_IN, now=now
    )
    person = admit_by_password(
        username=typed["username"],
        password=typed["password"],
        door="bring-token",
        kinds=frozenset({Person.Kind.OFFICER, ADMIN}),
        visitor=visitor_of(request),
        now=now,
    )
    officer = queries.current_post_by_username(person.username)
    if officer is None:
        raise AgencyRefused("officer.no_post")
    certificate: Certificate = verified.certificate
    if enrolled_token(certificate):
        raise AgencyRefused("token.known_already")
    facts = facts_of(certificate)
    decision = judge_token(officer, facts)
    if not decision.allowed:
        raise AgencyRefused(decision.reason or "officer.no_post", **decision.params)
    return services.offer_token(
        officer=officer, certificate=certificate, facts=facts, decision=decision, actor=actor_of(person), now=now
    )


@requires(PLATFORM)
@private_page
@require_GET
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies, for the platform's administrator."""
    return render(request, "agencies/agencies.html", {"agencies": queries.agencies_visible_to(actor_of(request))})


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest) -> HttpResponse:
    """Admit an agency."""
    form = AgencyForm(request.POST or None)
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.admit_agency(values=form.cleaned_data, agreement="NP", actor=actor_of(request), now=timezone.now())
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(
                request, _("The agency was admitted. Its administrator receives a one-time password by mail.")
            )
            return HttpResponseRedirect(reverse("agencies:agencies"))
    return render(
        request, "agencies/admit.html", {"form": form, "page_errors": page_errors}, status=409 if page_errors else 200
    )


@requires(PLATFORM, step_up=True)
@require_POST
def suspend(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Suspend an agency or reinstate it. What it issued stays verifiable."""
    agency = queries.agencies_visible_to(actor_of(request)).filter(id=agency_id).first()
    if agency is None:
        raise Http404
    services.suspend_agency(
        agency=agency, suspended=not agency.is_suspended, actor=actor_of(request), now=timezone.now()
    )
    messages.success(
        request, _("The agency was reinstated.") if agency.is_suspended else _("The agency was suspended.")
    )
    return HttpResponseRedirect(reverse("agencies:agencies"))
