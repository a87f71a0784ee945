"""The pages about one office: what it may issue, its stamp, its numbers, suspension; and the agency's own rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.agreements.queries import agreements_on
from udgam.ground.documents.services import examine_upload
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.views.acting import act_by_form
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import (
    AuthorisationForm,
    EndAuthorisationForm,
    HindiNameForm,
    ImageForm,
    OwnRulesForm,
    RegionForm,
    SeriesForm,
    SuspendOfficeForm,
)
from udgam.parties.agencies.history import history_of_office
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.views.administering import ADMIN, LEAD_OF_NAMES, PLATFORM, office_behind
from udgam.rules.numbers import indian_date


def _ask(request: HttpRequest, found: Office, form: forms.Form, **more: Any) -> HttpResponse:
    return act_by_form(
        request,
        form=form,
        template="agencies/ask.html",
        back=reverse("agencies:office", args=[found.id]),
        caption=f"{found.agency.shown_name} · {found.shown_name}",
        **more,
    )


@requires(ADMIN, PLATFORM)
@private_page
@require_GET
def office(request: HttpRequest, office_id: int) -> HttpResponse:
    """One office."""
    found = office_behind(request, office_id)
    is_platform = person_of(request).kind == PLATFORM
    names = {code: _(row.name) for code, row in agreements_on(indian_date(timezone.now())).items()}
    context = {
        "office": found,
        "authorisations": [(row, names.get(row.agreement, row.agreement)) for row in queries.authorisations_of(found)],
        "series": found.number_series.order_by("agreement"),
        "stamp": queries.image_of(office=found),
        "today": indian_date(timezone.now()),
        "is_platform": is_platform,
        "history": history_of_office(found, for_platform=is_platform),
        "back": reverse("agencies:agency", args=[found.agency_id]) if is_platform else reverse("agencies:overview"),
    }
    return render(request, "agencies/one_office.html", context)


@requires(ADMIN, PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def suspend_office(request: HttpRequest, office_id: int) -> HttpResponse:
    """Suspend an office, or reinstate it, after asking where its work goes."""
    found = office_behind(request, office_id)
    suspends = not found.is_suspended
    visible = queries.offices_visible_to(actor_of(request)).filter(
        agency=found.agency, is_open=True, is_suspended=False
    )
    others = {str(row.id): row for row in visible.exclude(id=found.id)} if suspends else {}
    names = [(key, row.shown_name) for key, row in others.items()]
    form: forms.Form = (
        SuspendOfficeForm(request.POST if request.method == "POST" else None, offices=names)
        if suspends
        else forms.Form(request.POST if request.method == "POST" else None)
    )
    return _ask(
        request,
        found,
        form,
        act=lambda: services.suspend_office(
            office=found,
            suspended=suspends,
            to=others.get(form.cleaned_data.get("to", "")),
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The office is suspended.") if suspends else _("The office works again."),
        title=_("Suspend the office?") if suspends else _("Reinstate the office?"),
        lead=_(
            "From now on its officers can neither decide nor sign, and exporters cannot choose it. Certificates issued before stay "
            "verifiable."
        )
        if suspends
        else _("Its officers can decide and sign again at once."),
        button=_("Suspend the office") if suspends else _("Reinstate the office"),
        warns=suspends,
    )


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def keep_stamp(request: HttpRequest, office_id: int) -> HttpResponse:
    """Take in the picture of the office's stamp."""
    found = office_behind(request, office_id)
    form = ImageForm(request.POST or None, request.FILES or None)
    return _ask(
        request,
        found,
        form,
        act=lambda: services.keep_stamp(
            office=found,
            examined=examine_upload(upload=form.cleaned_data["file"], allowed=("jpeg", "png")),
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The picture is kept."),
        title=_("Picture of the stamp"),
        lead=_(
            "It is printed on certificates whose agreement wants it. The picture proves nothing by itself: the office’s seal does."
        ),
        button=_("Keep the picture"),
        has_file=True,
    )


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def open_series(request: HttpRequest, office_id: int) -> HttpResponse:
    """Open a series of numbers of the office's own."""
    found, form = office_behind(request, office_id), SeriesForm(request.POST or None)
    return _ask(
        request,
        found,
        form,
        act=lambda: services.open_number_series(
            office=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        done=_("The series is open."),
        title=_("Open a series of numbers"),
        lead=_(
            "Some agreements want a running number for each office. The series begins with the next certificate and never ends."
        ),
        button=_("Open the series"),
    )


@requires(ADMIN, PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def set_region(request: HttpRequest, office_id: int) -> HttpResponse:
    """Say to which regional office an office belongs."""
    found = office_behind(request, office_id)
    visible = queries.offices_visible_to(actor_of(request)).filter(agency=found.agency, region__isnull=True)
    others = {str(row.id): row for row in visible.exclude(id=found.id)}
    form = RegionForm(
        request.POST if request.method == "POST" else None,
        offices=[(key, row.shown_name) for key, row in others.items()],
        initial={"region": found.region_id or ""},
    )
    return _ask(
        request,
        found,
        form,
        act=lambda: services.set_region(
            office=found,
            region=others.get(form.cleaned_data["region"]),
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The office is listed there from now on."),
        title=_("Regional office"),
        lead=_("Exporters choose the agency, then its regional office, then the office that issues."),
        button=_("Save"),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def name_in_hindi(request: HttpRequest, office_id: int) -> HttpResponse:
    """Say how the office is called on Hindi pages."""
    found = office_behind(request, office_id)
    form = HindiNameForm(request.POST if request.method == "POST" else None, initial={"name_hindi": found.name_hindi})
    return _ask(
        request,
        found,
        form,
        act=lambda: services.name_office_in_hindi(
            office=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        done=_("Hindi pages show this name from now on. The agency is told by mail."),
        title=_("Name of the office in Hindi"),
        lead=LEAD_OF_NAMES,
        button=_("Save"),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, office_id: int) -> HttpResponse:
    """Let the office issue under one more arrangement."""
    found, form = office_behind(request, office_id), AuthorisationForm(request.POST or None)
    return _ask(
        request,
        found,
        form,
        act=lambda: services.authorise_office(
            office=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        done=_("The office may issue under this agreement."),
        title=_("One more agreement"),
        lead="",
        button=_("Authorise the office"),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def end_authorisation(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    """Let an office's authority for an arrangement end."""
    found = queries.authorisation_visible_to(actor_of(request), authorisation_id)
    if found is None:
        raise Http404
    form = EndAuthorisationForm(request.POST or None, initial={"last_day": indian_date(timezone.now())})
    return _ask(
        request,
        found.office,
        form,
        act=lambda: services.end_authorisation(
            authorisation=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        done=_("The authority ends on that day."),
        title=_("End the authority for %(agreement)s?") % {"agreement": found.agreement},
        lead=_(
            "Certificates that were issued stay as they are. What waits under this agreement can be decided until the last day."
        ),
        button=_("End the authority"),
        warns=True,
    )


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def own_rules(request: HttpRequest) -> HttpResponse:
    """How fast the agency answers, and when two people must act."""
    first = queries.offices_visible_to(actor_of(request)).first()
    if first is None:
        raise Http404
    agency = first.agency
    names = ("decision_hours", "two_people_always", "two_people_from_inr", "two_people_from_level")
    form = OwnRulesForm(request.POST or None, initial={name: getattr(agency, name) for name in names})
    return act_by_form(
        request,
        form=form,
        act=lambda: services.set_own_rules(
            agency=agency, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        template="agencies/ask.html",
        done=_("The rules are set."),
        back=reverse("agencies:overview"),
        caption=agency.shown_name,
        title=_("How your agency works"),
        lead=_("Counts for what is submitted and approved from now on."),
        button=_("Set the rules"),
    )
