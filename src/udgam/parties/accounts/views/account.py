"""One's own account: profile, tokens, sessions and sign-ins, showing the token again, own data."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts import landing, queries, services, sessions
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.forms import EraseForm, LanguageForm, TokenForm
from udgam.parties.accounts.language import remember_language
from udgam.parties.accounts.models import Nonce
from udgam.parties.accounts.reasons import AccountRefused, words_of
from udgam.parties.accounts.views.agent import agent_context, refusal_lines, verified_answer
from udgam.rules.refusals import Refused


@requires()
@private_page
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, my tokens, and the language of pages and mails, which is all that can be changed on this page."""
    person = person_of(request)
    form = LanguageForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        services.set_language(person=person, language=form.cleaned_data["language"])
        response = HttpResponseRedirect(reverse("accounts:profile"))
        remember_language(request, response, person.language)
        messages.success(request, _("The language was changed."))
        return response
    context = {
        "form": form,
        "person": person,
        "tokens": queries.all_tokens(person),
        "update_email_address": landing.address_if_known("registration:update-email")
        if person.kind == "exporter"
        else "",
        "my_iec_address": landing.address_if_known("registration:my-iec") if person.kind == "exporter" else "",
    }
    return render(request, "accounts/profile.html", context)


@requires()
@private_page
@require_GET
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Where I am signed in now, and the latest attempts to sign in."""
    person = person_of(request)
    here = request.session.session_key or ""
    context = {
        "open_sessions": queries.open_sessions(person, present_key=here, now=timezone.now()),
        "events": queries.sign_ins_of(person),
    }
    return render(request, "accounts/sign_ins.html", context)


@requires()
@require_POST
def end_session(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End one of my sessions. Somebody else's is not found."""
    person = person_of(request)
    if not services.end_one_session(person=person, public_id=public_id, actor=actor_of(request), now=timezone.now()):
        raise Http404
    messages.success(request, _("The session was ended."))
    return HttpResponseRedirect(reverse("accounts:sign-ins"))


@requires()
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one."""
    ended = services.end_other_sessions(
        person=person_of(request),
        but_key=request.session.session_key or "",
        actor=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", ended) % {"n": ended})
    return HttpResponseRedirect(reverse("accounts:sign-ins"))


@requires()
@never_cache
@opens_agent
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the token again before something weighty."""
    person = person_of(request)
    now = timezone.now()
    onward = landing.onward_from(request)
    refused: Refused | None = None
    if request.method == "POST":
        form = TokenForm(request.POST)
        try:
            if not form.is_valid():
                raise AccountRefused("token.missing")
            verified = verified_answer(request, **form.cleaned_data, purpose=Nonce.Purpose.STEP_UP, now=now)
            fingerprint = services.confirm_by_token(person=person, verified=verified, now=now)
            sessions.mark_stepped_up(request, token_sha256=fingerprint, now=now)
            return HttpResponseRedirect(onward or reverse("accounts:profile"))
        except Refused as caught:
            refused = caught
    context = {
        "next": onward,
        "has_token": queries.current_tokens(person).exists(),
        "page_errors": refusal_lines(refused) if refused else [],
        **agent_context(request, purpose=Nonce.Purpose.STEP_UP, now=now),
    }
    return render(request, "accounts/confirm.html", context, status=403 if refused else 200)


@requires()
@private_page
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    """What one may do with one's own data: take a copy, have it erased."""
    return render(request, "accounts/my_data.html")


@requires()
@private_page
@require_POST
def download_my_data(request: HttpRequest) -> HttpResponse:
    """A copy of everything kept about me, as one JSON file."""
    data = services.export_own_data(person=person_of(request), now=timezone.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="udgam-my-data.json"'
    return response


@requires(step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Have my account erased: after the token was shown, and the user name typed."""
    person = person_of(request)
    form = EraseForm(request.POST or None, person=person)
    objections = services.objections_to_erasure(person=person)
    if request.method != "POST" or objections or not form.is_valid():
        return _erase_page(request, form, objections)
    try:
        kept = services.erase_account(person=person, now=timezone.now())
    except AccountRefused as refused:
        # Something came between the question above and the lock: the room that objects now says what it is.
        return _erase_page(request, form, services.objections_to_erasure(person=person) or (words_of(refused).message,))
    logout(request)
    return render(request, "accounts/erased.html", {"kept": kept})


def _erase_page(request: HttpRequest, form: EraseForm, objections: tuple[str, ...]) -> HttpResponse:
    status = 409 if request.method == "POST" and objections else 200
    return render(request, "accounts/erase.html", {"form": form, "objections": objections}, status=status)
