"""The way of an officer's token: shown by the officer, then confirmed or rejected by an administrator."""

from __future__ import annotations

from cryptography.x509 import Certificate
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all, requires
from udgam.parties.accounts.models import Nonce, Person
from udgam.parties.accounts.queries import enrolled_token
from udgam.parties.accounts.services import admit_by_password
from udgam.parties.accounts.trust import facts_of
from udgam.parties.accounts.views.agent import agent_context, refusal_lines, verified_answer
from udgam.parties.accounts.visitors import visitor_of
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import BringTokenForm
from udgam.parties.agencies.models import WaitingToken
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.renewal import judge_token
from udgam.parties.agencies.shown import read_out
from udgam.parties.agencies.views.administering import ADMIN, PLATFORM, home_of
from udgam.rules.refusals import Refused


@requires(ADMIN, PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def decide_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Confirm or reject a token that an officer brought."""
    waiting = queries.waiting_tokens_visible_to(actor_of(request)).filter(id=token_id).first()
    if waiting is None:
        raise Http404
    verbs = {
        "confirm": (services.confirm_token, _("The token is enrolled.")),
        "reject": (services.reject_token, _("The token was rejected.")),
    }
    decision = request.POST.get("decision", "")
    status, page_errors = 200, []
    if request.method == "POST" and decision not in verbs:
        status, page_errors = 400, [_("Choose whether to confirm or to reject the token.")]
    elif request.method == "POST":
        verb, done = verbs[decision]
        try:
            verb(waiting=waiting, actor=actor_of(request), now=timezone.now())
        except Refused as refused:
            status, page_errors = 409, refusal_lines(refused)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(home_of(request))
    context = {
        "waiting": waiting,
        "fingerprint": read_out(waiting.sha256),
        "page_errors": page_errors,
        "back": home_of(request),
    }
    return render(request, "agencies/token.html", context, status=status)


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@opens_agent
@require_http_methods(["GET", "POST"])
def bring_token(request: HttpRequest) -> HttpResponse:
    """An officer shows a token for the first time; an administrator confirms it afterwards."""
    form = BringTokenForm(request.POST or None)
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            waiting = _take_token(request, form)
            shown = {"waiting": waiting, "fingerprint": read_out(waiting.sha256)}
            return render(request, "agencies/token_waits.html", shown)
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
