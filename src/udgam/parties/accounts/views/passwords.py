"""Passwords: the forgotten one, the first one, a new one; and the calculation's sound."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods
from ranged_response import RangedFileResponse  # type: ignore[import-untyped]

from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts import landing, services, sessions
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.captcha import sound_of
from udgam.parties.accounts.decorators import open_to_all, person_of, requires
from udgam.parties.accounts.doors import door_for
from udgam.parties.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, ResetForm
from udgam.parties.accounts.models import Nonce, Person, ResetLink
from udgam.parties.accounts.queries import fingerprint_of
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.views.agent import agent_context, refusal_lines, verified_answer
from udgam.parties.accounts.visitors import visitor_of
from udgam.rules.refusals import Refused

RESET_SECRET = "accounts.reset_secret"  # noqa: S105  # the name of a key in the session


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a one-time link. The answer is the same whether or not anybody has the user name."""
    if request.method == "GET":
        return render(request, "accounts/forgot.html", {"form": ForgottenForm()})
    if "another" in request.POST:
        blank = ForgottenForm(initial={"username": request.POST.get("username", "")[:150]})
        return render(request, "accounts/forgot.html", {"form": blank})
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/forgot.html", {"form": form})
    services.ask_for_reset(username=form.cleaned_data["username"], visitor=visitor_of(request), now=timezone.now())
    return HttpResponseRedirect(reverse("accounts:forgot-sent"))


@open_to_all
@never_cache
@require_GET
def forgot_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, in words that fit whether or not a mail was sent."""
    return render(request, "accounts/forgot_sent.html")


@open_to_all
@private_page
@never_cache
@require_GET
def reset(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail. The secret moves into the session and out of the address; nothing is used up yet.

    Programs that open the links of mails to look at them therefore do no harm.
    """
    request.session[RESET_SECRET] = secret
    response = HttpResponseRedirect(reverse("accounts:new-password"))
    # No form stands here, so nothing is lost by the strictest policy.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@open_to_all
@sensitive_post_parameters("new_password", "repeated")
@never_cache
@opens_agent
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose a password after a one-time link; where the address changed within a week, with the token."""
    secret = str(request.session.get(RESET_SECRET, ""))
    link = services.usable_reset_link(secret=secret, now=timezone.now()) if secret else None
    if link is None:
        request.session.pop(RESET_SECRET, None)
        return render(request, "accounts/reset_unusable.html", status=410)
    if request.method == "GET":
        return _new_password_page(request, link, ResetForm(person=link.person))
    form = ResetForm(request.POST, person=link.person)
    if not form.is_valid():
        return _new_password_page(request, link, form)
    try:
        person = _reset(request, link, form, secret)
    except Refused as refused:
        return _new_password_page(request, link, form, refused)
    request.session.pop(RESET_SECRET, None)
    messages.success(request, _("The new password is set. Sign in with it."))
    return HttpResponseRedirect(reverse(door_for(person.kind).url_name))


@sensitive_variables("form", "secret")
def _reset(request: HttpRequest, link: ResetLink, form: ResetForm, secret: str) -> Person:
    now = timezone.now()
    fingerprint = None
    if services.reset_needs_token(person=link.person, now=now):
        if not form.cleaned_data["token"]:
            raise AccountRefused("token.needed")
        verified = verified_answer(
            request,
            token=form.cleaned_data["token"],
            nonce=form.cleaned_data["nonce"],
            purpose=Nonce.Purpose.RESET,
            now=now,
        )
        fingerprint = fingerprint_of(verified.certificate)
    return services.reset_password(
        secret=secret, new_password=form.cleaned_data["new_password"], token_sha256=fingerprint, now=now
    )


def _new_password_page(
    request: HttpRequest, link: ResetLink, form: ResetForm, refused: Refused | None = None
) -> HttpResponse:
    now = timezone.now()
    needs_token = services.reset_needs_token(person=link.person, now=now)
    context = {"form": form, "needs_token": needs_token, "page_errors": refusal_lines(refused) if refused else []}
    if needs_token:
        context |= agent_context(request, purpose=Nonce.Purpose.RESET, now=now)
    return render(request, "accounts/new_password.html", context, status=403 if refused else 200)


@requires(before_first_password=True)
@sensitive_post_parameters("present", "new_password", "repeated")
@private_page
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose another password; straight after the one-time password the present one need not be typed again."""
    person = person_of(request)
    shape = NewPasswordForm if person.must_change_password else ChangePasswordForm
    form = shape(request.POST or None, person=person)
    onward = landing.onward_from(request)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "is_first": person.must_change_password, "next": onward}
        return render(request, "accounts/change_password.html", context)
    was_first = person.must_change_password
    services.change_password(
        person=person,
        new_password=form.cleaned_data["new_password"],
        session_key=request.session.session_key or "",
        actor=actor_of(person),
        now=timezone.now(),
    )
    sessions.keep_session_after_password_change(request, person=person)
    messages.success(request, _("The new password is set. Sessions in other browsers were ended."))
    return HttpResponseRedirect(onward or reverse("accounts:home" if was_first else "accounts:profile"))


@open_to_all
@never_cache
@require_GET
def calculation_sound(request: HttpRequest, key: str, language: str) -> HttpResponseBase:
    """The visible calculation read aloud, in English or Hindi."""
    sound = sound_of(key, language)
    if sound is None:
        raise Http404
    response: HttpResponseBase = RangedFileResponse(request, io.BytesIO(sound), content_type="audio/wav")
    response["Content-Disposition"] = 'inline; filename="calculation.wav"'
    return response
