""" "My IEC details": the record as last fetched, what changed, what is missing, and whether the firm may file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.flow.registration import fetching, policies, queries, services
from udgam.flow.registration.forms import CodeForm, DetailsForm, refusal
from udgam.flow.registration.models import Exporter, OneTimeCode
from udgam.flow.registration.places import DetailsRefused, PlaceNeeded, places_of
from udgam.flow.registration.reasons import RegistrationRefused, text_of, text_of_refusal
from udgam.flow.registration.views.shown_record import record_context, shown_branches
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.landing import safe_next
from udgam.parties.accounts.models import Person


def _own_firm(request: HttpRequest) -> Exporter:
    exporter = queries.own_firm_of(person_of(request))
    if exporter is None:
        raise Http404
    return exporter


def _missing_places(exporter: Exporter) -> list[PlaceNeeded]:
    ready = set(queries.branches_of(exporter, ready_only=True).values_list("code", flat=True))
    return [place for place in places_of(queries.firm_record(exporter)) if place.code not in ready]


def _needs_attention(exporter: Exporter) -> bool:
    return bool(
        exporter.filing_stopped
        or queries.unproved_channels(exporter)
        or _missing_places(exporter)
        or not policies.may_file(exporter, timezone.now())
    )


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Right after signing in: the record is fetched again when it is older than a day, and news comes first."""
    person = person_of(request)
    exporter = queries.own_firm_of(person)
    onward = safe_next(request.GET.get("next", ""))
    if exporter is None:
        return redirect(onward or ("registration:firms" if queries.firms_of_broker(person) else "accounts:profile"))
    refreshed = fetching.refresh_record(
        exporter.public_id, actor=actor_of(request), now=timezone.now(), only_if_stale=True
    )
    exporter.refresh_from_db()
    if refreshed.changes or _needs_attention(exporter):
        address = reverse("registration:my-iec")
        return redirect(f"{address}?{urlencode({'next': onward})}" if onward else address)
    return redirect(onward or "accounts:home")


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def my_iec(request: HttpRequest) -> HttpResponse:
    """The firm's own page."""
    exporter = _own_firm(request)
    firm = queries.firm_record(exporter)
    context = {
        "exporter": exporter,
        "shown_branches": shown_branches(exporter),
        "missing": _missing_places(exporter),
        "unproved": queries.unproved_channels(exporter),
        "verdict": policies.may_file(exporter, timezone.now()),
        "changes": [text_of(change["code"], change["params"]) for change in exporter.last_changes],
        "onward": safe_next(request.GET.get("next", "")),
        **record_context(firm),
    }
    return render(request, "registration/my_iec.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_POST
def fetch_again(request: HttpRequest) -> HttpResponse:
    """Fetch the record now."""
    exporter = _own_firm(request)
    refreshed = fetching.refresh_record(exporter.public_id, actor=actor_of(request), now=timezone.now())
    if refreshed.unavailable_since:
        messages.warning(
            request, _("The IEC register does not answer. The details below are the last that were fetched.")
        )
    elif refreshed.changes:
        messages.info(request, _("The IEC record was fetched. See below what changed."))
    else:
        messages.success(request, _("The IEC record was fetched. Nothing has changed."))
    return redirect("registration:my-iec")


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def branches(request: HttpRequest) -> HttpResponse:
    """GSTIN or SEZ for the branches that have none yet."""
    exporter = _own_firm(request)
    places = _missing_places(exporter)
    if not places:
        return redirect("registration:my-iec")
    form = DetailsForm(request.POST or None, places=places, with_aeo=False)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.complete_branches(
                exporter_id=exporter.public_id,
                places=form.typed_places(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DetailsRefused as refused:
            for place in refused.places:
                form.add_refused(place.code, place.field, place.refused)
        else:
            if done:
                messages.success(request, _("Saved."))
            return redirect("registration:my-iec")
    return render(request, "registration/branches.html", {"form": form, "exporter": exporter})


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def prove_contact(request: HttpRequest, channel: str) -> HttpResponse:
    """A code proves the record's new mobile or e-mail."""
    exporter = _own_firm(request)
    if channel not in OneTimeCode.Channel.values or channel not in queries.unproved_channels(exporter):
        return redirect("registration:my-iec")
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and "send" in request.POST:
        try:
            services.send_changed_contact_code(
                exporter_id=exporter.public_id,
                channel=channel,
                language=get_language() or "en",
                actor=actor_of(request),
                now=timezone.now(),
            )
        except RegistrationRefused as refused:
            messages.warning(request, str(text_of_refusal(refused)))
        else:
            messages.info(request, _("A new code is on its way. Only the newest one counts."))
        return redirect("registration:my-iec-contact", channel=channel)
    if request.method == "POST" and form.is_valid() and _taken(request, exporter, channel, form):
        messages.success(request, _("Proved. From now on we write to the new one."))
        return redirect("registration:my-iec")
    firm = queries.firm_record(exporter)
    address = firm.mobile if channel == OneTimeCode.Channel.MOBILE else firm.email
    context = {"form": form, "channel": channel, "address": address, "exporter": exporter}
    return render(request, "registration/prove_contact.html", context)


def _taken(request: HttpRequest, exporter: Exporter, channel: str, form: CodeForm) -> bool:
    try:
        services.prove_changed_contact(
            exporter_id=exporter.public_id,
            channel=channel,
            typed=form.cleaned_data["code"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except RegistrationRefused as refused:
        form.add_error("code", refusal(refused))
        return False
    return True
