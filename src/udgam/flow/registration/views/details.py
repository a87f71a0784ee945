"""Steps 4 and 5: the details, and success."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.flow.registration import fetching, queries, services
from udgam.flow.registration.forms import DetailsForm, refusal
from udgam.flow.registration.models import Registration
from udgam.flow.registration.places import DetailsRefused, places_of
from udgam.flow.registration.reasons import RegistrationRefused, text_of_refusal
from udgam.flow.registration.stages import Stage
from udgam.flow.registration.views.shown_record import record_context
from udgam.flow.registration.views.way import earned, page_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services import issue_one_time_password
from udgam.rules.duties import record_is_stale
from udgam.rules.firm import FirmRecord


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@earned(Stage.AGREED)
def details(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """The record, read-only, and per branch its GSTIN or SEZ."""
    firm = FirmRecord.from_json(attempt.record)
    if record_is_stale(firm.fetched_at, timezone.now()) and firm.source != "import":
        attempt = fetching.fetch_for_attempt(attempt, actor=actor_of(request), clock=timezone.now)
        if attempt.stage != Stage.AGREED:
            return page_of(attempt)
        if attempt.unavailable_since:
            return redirect("registration:waiting")
        firm = FirmRecord.from_json(attempt.record)
    form = DetailsForm(request.POST or None, places=places_of(firm), initial=attempt.typed.get("details"))
    if request.method == "POST":
        _keep(request, attempt, form)
        if "back" in request.POST:
            return redirect("registration:declaration")
        if form.is_valid() and _registered(request, attempt, form):
            return redirect("registration:done")
    context = {"form": form, "step": 4, "attempt": attempt, **record_context(firm), "username": attempt.iec}
    return render(request, "registration/details.html", context)


def _keep(request: HttpRequest, attempt: Registration, form: DetailsForm) -> None:
    values: dict[str, Any] = {}
    for name in form.fields:
        sent = request.POST.get(name, "")[:40].replace("\x00", "")
        values[name] = bool(sent) if name.startswith("is_sez_") else sent
    services.keep_typed(attempt_id=attempt.public_id, page="details", values=values, now=timezone.now())


def _registered(request: HttpRequest, attempt: Registration, form: DetailsForm) -> bool:
    try:
        services.complete_registration(
            attempt_id=attempt.public_id,
            places=form.typed_places(),
            aeo=form.cleaned_data["aeo"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except DetailsRefused as refused:
        for place in refused.places:
            form.add_refused(place.code, place.field, place.refused)
        if refused.aeo is not None:
            form.add_error("aeo", refusal(refused.aeo))
        return False
    except RegistrationRefused as refused:
        form.add_error(None, refusal(refused))
        return False
    return True


@open_to_all
@private_page
@require_GET
@earned(Stage.COMPLETED)
def done(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """The registration number, large and to copy."""
    return render(request, "registration/done.html", {"attempt": attempt, "exporter": attempt.exporter, "step": 5})


@open_to_all
@private_page
@require_POST
@earned(Stage.COMPLETED)
def resend_password(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """The mail did not arrive: send a new one-time password to the registered address, within limits."""
    for person in queries.members_of(attempt.exporter_id) if attempt.exporter_id else []:
        try:
            issue_one_time_password(person=person, actor=actor_of(request), now=timezone.now())
        except AccountRefused as refused:
            messages.warning(request, str(text_of_refusal(refused)))
        else:
            messages.info(request, _("A new one-time password is on its way. The earlier one no longer works."))
    return redirect("registration:done")
