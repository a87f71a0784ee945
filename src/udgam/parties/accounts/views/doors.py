"""The doors: the exporters' with password or token, the others with both."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from udgam.ground.pages.security import opens_agent
from udgam.parties.accounts import doors, landing, services, sessions
from udgam.parties.accounts.decorators import open_to_all, requires
from udgam.parties.accounts.forms import PasswordAndTokenForm, PasswordSignInForm, TokenForm
from udgam.parties.accounts.language import remember_language
from udgam.parties.accounts.models import Nonce, Person, SignInEvent
from udgam.parties.accounts.queries import fingerprint_of
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.views.agent import agent_context, refusal_lines, verified_answer
from udgam.parties.accounts.visitors import visitor_of
from udgam.rules.refusals import Refused
from udgam.signing.trust.token import VerifiedToken

Method = SignInEvent.Method
PURPOSE = Nonce.Purpose.SIGN_IN


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@opens_agent
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The exporters' door: user name, password and the visible calculation. The token form beside it has its own address."""
    if isinstance(request.user, Person):
        return _already_in(request)
    if request.method == "GET":
        return _exporters_door(request, PasswordSignInForm())
    if "another" in request.POST:
        # Another calculation was asked for: keep the user name, check nothing.
        return _exporters_door(
            request, PasswordSignInForm(initial={"username": request.POST.get("username", "")[:150]})
        )
    form = PasswordSignInForm(request.POST)
    if not form.is_valid():
        return _exporters_door(request, form)
    try:
        person = services.admit_by_password(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            door=doors.EXPORTER.name,
            kinds=doors.EXPORTER.kinds,
            visitor=visitor_of(request),
            now=timezone.now(),
        )
    except AccountRefused as refused:
        return _exporters_door(request, form, refused)
    return _welcome(request, person, Method.PASSWORD)


@open_to_all
@never_cache
@opens_agent
@require_POST
def sign_in_with_token(request: HttpRequest) -> HttpResponse:
    """The exporters' door by token alone: no password, no calculation, never held back."""
    if isinstance(request.user, Person):
        return _already_in(request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _exporters_door(request, PasswordSignInForm(), AccountRefused("token.missing"))
    now = timezone.now()
    verified = None
    try:
        verified = verified_answer(request, **form.cleaned_data, purpose=PURPOSE, now=now)
        person = services.admit_by_token(
            verified=verified,
            door=doors.EXPORTER.name,
            kinds=doors.EXPORTER.kinds,
            visitor=visitor_of(request),
            now=now,
        )
    except Refused as refused:
        _note_refused(request, verified, refused, doors.EXPORTER)
        return _exporters_door(request, PasswordSignInForm(), refused)
    return _welcome(request, person, Method.TOKEN, verified)


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@opens_agent
@require_http_methods(["GET", "POST"])
def staff_door(request: HttpRequest, door: doors.Door) -> HttpResponse:
    """The doors of officers, agency administrators and administrators: password and token in one step."""
    if isinstance(request.user, Person):
        return _already_in(request)
    if request.method == "GET":
        return _staff_page(request, door, PasswordAndTokenForm())
    form = PasswordAndTokenForm(request.POST)
    if not form.is_valid():
        return _staff_page(request, door, form)
    now = timezone.now()
    verified = None
    try:
        verified = verified_answer(
            request, token=form.cleaned_data["token"], nonce=form.cleaned_data["nonce"], purpose=PURPOSE, now=now
        )
        person = services.admit_by_password_and_token(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            verified=verified,
            door=door.name,
            kinds=door.kinds,
            visitor=visitor_of(request),
            now=now,
        )
    except Refused as refused:
        return _staff_page(request, door, form, refused)
    return _welcome(request, person, Method.PASSWORD_AND_TOKEN, verified)


@requires(before_first_password=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    door = doors.door_for(request.user.kind) if isinstance(request.user, Person) else doors.EXPORTER
    sessions.end_session(request, now=timezone.now())
    messages.success(request, _("You are signed out."))
    return HttpResponseRedirect(reverse(door.url_name))


@requires()
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """On to the start page of one's own kind."""
    return HttpResponseRedirect(landing.landing_of(request.user.kind))  # type: ignore[union-attr]


def _exporters_door(request: HttpRequest, form: PasswordSignInForm, refused: Refused | None = None) -> HttpResponse:
    context = {
        "form": form,
        "door": doors.EXPORTER,
        "next": landing.onward_from(request),
        "page_errors": refusal_lines(refused) if refused else [],
        "register_address": landing.address_if_known("registration:start"),
        "update_email_address": landing.address_if_known("registration:update-email"),
        **agent_context(request, purpose=PURPOSE, now=timezone.now()),
    }
    return render(request, "accounts/sign_in.html", context, status=_status(refused))


def _staff_page(
    request: HttpRequest, door: doors.Door, form: PasswordAndTokenForm, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "door": door,
        "next": landing.onward_from(request),
        "page_errors": refusal_lines(refused) if refused else [],
        **agent_context(request, purpose=PURPOSE, now=timezone.now()),
    }
    return render(request, "accounts/staff_door.html", context, status=_status(refused))


def _status(refused: Refused | None) -> int:
    if refused is None:
        return 200
    return 429 if refused.code.startswith("sign_in.held_back") else 403


def _already_in(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(landing.onward_from(request) or reverse("accounts:home"))


def _note_refused(request: HttpRequest, verified: VerifiedToken | None, refused: Refused, door: doors.Door) -> None:
    if verified is not None:
        services.note_refused_token(
            verified=verified, door=door.name, reason=refused.code, visitor=visitor_of(request), now=timezone.now()
        )


def _welcome(request: HttpRequest, person: Person, method: str, verified: VerifiedToken | None = None) -> HttpResponse:
    fingerprint = fingerprint_of(verified.certificate) if verified else ""
    sessions.begin_session(request, person=person, method=method, now=timezone.now(), token_sha256=fingerprint)
    onward = landing.arrival_of(person.kind, landing.onward_from(request))
    response = HttpResponseRedirect(onward)
    remember_language(request, response, person.language, only_if_unset=True)
    translation.activate(person.language)
    return response
