"""UPDATE EMAIL?: for people who cannot sign in because letters go to an old address. The token is the proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.registration import fetching, queries, services
from udgam.flow.registration.forms import CodeForm, EmailForm, IecForm, refusal
from udgam.flow.registration.models import ContactChange
from udgam.flow.registration.reasons import RegistrationRefused, text_of, text_of_refusal
from udgam.flow.registration.views.tokens import agent_context, read_shown_token
from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.refusals import Refused

Stage = ContactChange.Stage
_KEY = "registration.change"
_PAGE_OF: dict[str, str] = {
    Stage.TOKEN_PROVED: "registration:update-email-waiting",
    Stage.ADMITTED: "registration:update-email-address",
    Stage.CODE_SENT: "registration:update-email-code",
    Stage.DONE: "registration:update-email-done",
    Stage.REFUSED: "registration:update-email-refused",
}
ChangeView = Callable[[HttpRequest, ContactChange], HttpResponse]


def _with_change(*stages: str) -> Callable[[ChangeView], Callable[[HttpRequest], HttpResponseBase]]:
    def decorate(view: ChangeView) -> Callable[[HttpRequest], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponseBase:
            value = request.session.get(_KEY)
            change = queries.change_by_id(UUID(value)) if value else None
            if change is None:
                return redirect("registration:update-email")
            if change.stage not in stages:
                return redirect(_PAGE_OF[change.stage])
            return view(request, change)

        return guarded

    return decorate


@open_to_all
@private_page
@opens_agent
@require_http_methods(["GET", "POST"])
def update_email(request: HttpRequest) -> HttpResponse:
    """Token and IEC, then a fresh record."""
    form = IecForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = _begin(request, form)
        if change is not None:
            fetched = fetching.fetch_for_change(change, actor=actor_of(request), clock=timezone.now)
            return redirect(_PAGE_OF[fetched.stage if fetched else Stage.TOKEN_PROVED])
    context: dict[str, object] = {"form": form}
    context.update(agent_context(request, nonce_purpose="update-email", agent_purpose="step-up"))
    return render(request, "registration/update_email.html", context)


def _begin(request: HttpRequest, form: IecForm) -> ContactChange | None:
    try:
        shown = read_shown_token(request, nonce_purpose="update-email")
        change = services.begin_email_update(
            iec=form.cleaned_data["iec"],
            shown=shown,
            language=get_language() or "en",
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error("iec" if refused.code == "registration.not_registered" else None, refusal(refused))
        return None
    request.session.cycle_key()
    request.session[_KEY] = str(change.public_id)
    return change


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@_with_change(Stage.TOKEN_PROVED)
def waiting(request: HttpRequest, change: ContactChange) -> HttpResponse:
    """The register does not answer."""
    if request.method == "POST":
        fetched = fetching.fetch_for_change(change, actor=actor_of(request), clock=timezone.now)
        if fetched is not None:
            return redirect(_PAGE_OF[fetched.stage])
        change.refresh_from_db()
    return render(
        request, "registration/update_email_waiting.html", {"change": change, "tried": request.method == "POST"}
    )


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@_with_change(Stage.ADMITTED, Stage.CODE_SENT)
def address(request: HttpRequest, change: ContactChange) -> HttpResponse:
    """The new address, which must stand in the fresh record."""

    def give(email: str) -> None:
        services.give_new_email(change_id=change.public_id, email=email, actor=actor_of(request), now=timezone.now())

    form = EmailForm(request.POST or None, initial={"email": change.new_email})
    if _holds(request, form, "email", give):
        return redirect("registration:update-email-code")
    return render(request, "registration/update_email_address.html", {"form": form, "change": change})


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@_with_change(Stage.CODE_SENT)
def code(request: HttpRequest, change: ContactChange) -> HttpResponse:
    """The code that was sent to the new address."""

    def prove(typed: str) -> None:
        services.prove_new_email(change_id=change.public_id, typed=typed, actor=actor_of(request), now=timezone.now())

    if request.method == "POST" and "send" in request.POST:
        _send_again(request, change)
        return redirect("registration:update-email-code")
    form = CodeForm(request.POST or None)
    if _holds(request, form, "code", prove):
        return redirect("registration:update-email-done")
    return render(request, "registration/update_email_code.html", {"form": form, "change": change})


def _holds(request: HttpRequest, form: Form, field: str, act: Callable[[str], None]) -> bool:
    """Whether what was typed in the form's one field is taken; what it is refused for is said beside the field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data[field])
    except RegistrationRefused as refused:
        form.add_error(field, refusal(refused))
        return False
    return True


def _send_again(request: HttpRequest, change: ContactChange) -> None:
    try:
        services.resend_new_email_code(change_id=change.public_id, now=timezone.now())
    except RegistrationRefused as refused:
        messages.warning(request, str(text_of_refusal(refused)))
    else:
        messages.info(request, _("A new code is on its way. Only the newest one counts."))


@open_to_all
@private_page
@require_GET
@_with_change(Stage.DONE)
def done(request: HttpRequest, change: ContactChange) -> HttpResponse:
    """Changed."""
    return render(request, "registration/update_email_done.html", {"change": change})


@open_to_all
@private_page
@require_GET
@_with_change(Stage.REFUSED)
def refused(request: HttpRequest, change: ContactChange) -> HttpResponse:
    """Why not, and what to do."""
    context = {"change": change, "reason": text_of(change.refusal, change.refusal_params)}
    return render(request, "registration/update_email_refused.html", context)
