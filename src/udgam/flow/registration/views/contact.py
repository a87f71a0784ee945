"""Step 2: mobile and e-mail, then the codes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from udgam.flow.registration import services
from udgam.flow.registration.forms import CodesForm, ContactForm, refusal
from udgam.flow.registration.models import Registration
from udgam.flow.registration.reasons import RegistrationRefused, text_of_refusal
from udgam.flow.registration.services.contact import ContactOutcome
from udgam.flow.registration.stages import Stage
from udgam.flow.registration.views.way import earned, page_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.firm import FirmRecord


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@earned(Stage.ADMITTED)
def contact(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """Both are typed and must equal the record."""
    typed = attempt.typed.get("contact") or {"mobile": attempt.mobile, "email": attempt.email}
    form = ContactForm(request.POST or None, initial=typed)
    if request.method == "POST":
        services.keep_typed(
            attempt_id=attempt.public_id,
            page="contact",
            values={name: request.POST.get(name, "")[:254].replace("\x00", "") for name in ("mobile", "email")},
            now=timezone.now(),
        )
        if "back" in request.POST:
            return redirect("registration:token")
        if form.is_valid() and _given(request, attempt, form):
            fresh = "registration:declaration" if attempt.mobile_proved_at and attempt.email_proved_at else None
            return redirect(fresh or "registration:codes")
    firm = FirmRecord.from_json(attempt.record)
    return render(request, "registration/contact.html", {"form": form, "step": 2, "firm": firm, "attempt": attempt})


def _given(request: HttpRequest, attempt: Registration, form: ContactForm) -> bool:
    try:
        outcome = services.give_contact(
            attempt_id=attempt.public_id,
            mobile=form.cleaned_data["mobile"],
            email=form.cleaned_data["email"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except RegistrationRefused as refused:
        form.add_error(None, refusal(refused))
        return False
    return _show(form, outcome)


def _show(form: ContactForm | CodesForm, outcome: ContactOutcome) -> bool:
    for field, refused in outcome.refused.items():
        form.add_error(field if field in form.fields else None, refusal(refused))
    return bool(outcome)


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@earned(Stage.CONTACT_GIVEN)
def codes(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """The two codes are typed."""
    needs_mobile, needs_email = attempt.mobile_proved_at is None, attempt.email_proved_at is None
    if not needs_mobile and not needs_email:
        return redirect("registration:declaration")
    form = CodesForm(request.POST or None, needs_mobile=needs_mobile, needs_email=needs_email)
    if request.method == "POST":
        if "back" in request.POST:
            return redirect("registration:contact")
        if form.is_valid() and _proved(request, attempt, form):
            return redirect("registration:declaration")
        attempt.refresh_from_db()
    return render(request, "registration/codes.html", {"form": form, "step": 2, "attempt": attempt})


def _proved(request: HttpRequest, attempt: Registration, form: CodesForm) -> bool:
    try:
        outcome = services.prove_contact(
            attempt_id=attempt.public_id,
            mobile_code=form.cleaned_data.get("mobile", ""),
            email_code=form.cleaned_data.get("email", ""),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except RegistrationRefused as refused:
        form.add_error(None, refusal(refused))
        return False
    return _show(form, outcome)


@open_to_all
@private_page
@require_POST
@earned(Stage.CONTACT_GIVEN)
def resend(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """Send one of the two codes again, within limits."""
    channel = request.POST.get("channel", "")
    if channel not in ("mobile", "email"):
        return page_of(attempt)
    try:
        services.resend_code(attempt_id=attempt.public_id, channel=channel, actor=actor_of(request), now=timezone.now())
    except RegistrationRefused as refused:
        messages.warning(request, str(text_of_refusal(refused)))
    else:
        messages.info(request, _("A new code is on its way. Only the newest one counts."))
    return redirect("registration:codes")
