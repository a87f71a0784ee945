"""The pages of the platform's administrator: agencies are admitted, given offices and administrators, suspended."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.views.acting import act_by_form
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import (
    AgencyForm,
    ExceptionForm,
    FeeAccountDecisionForm,
    HindiNameForm,
    OfficeForm,
    PersonForm,
)
from udgam.parties.agencies.history import history_of_agency
from udgam.parties.agencies.models import Agency, Officer
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.shown import fee_account_rows
from udgam.parties.agencies.views.administering import LEAD_OF_NAMES, PLATFORM


def _agency(request: HttpRequest, agency_id: int) -> Agency:
    agency = queries.agencies_visible_to(actor_of(request)).filter(id=agency_id).first()
    if agency is None:
        raise Http404
    return agency


@requires(PLATFORM)
@private_page
@require_GET
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies, and the tokens of their administrators that wait."""
    actor = actor_of(request)
    context = {
        "agencies": queries.agencies_visible_to(actor),
        "waiting": queries.waiting_tokens_visible_to(actor),
        "requests": queries.requests_visible_to(actor).filter(state="waiting"),
        "fee_accounts": queries.fee_accounts_visible_to(actor),
    }
    return render(request, "agencies/agencies.html", context)


@requires(PLATFORM)
@private_page
@require_GET
def agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """One agency: its offices, its administrators, the other names accepted for it."""
    found, actor = _agency(request, agency_id), actor_of(request)
    context = {
        "agency": found,
        "offices": queries.offices_visible_to(actor).filter(agency=found),
        "administrators": queries.officers_visible_to(actor).filter(office__agency=found),
        "waiting": queries.waiting_tokens_visible_to(actor).filter(officer__office__agency=found),
        "exceptions": queries.exceptions_visible_to(actor, found),
        "fee_account": fee_account_rows(found) if found.state_code else [],
        "change": queries.fee_account_waiting_for(found),
        "history": history_of_agency(found, queries.offices_visible_to(actor).filter(agency=found), for_platform=True),
    }
    return render(request, "agencies/agency.html", context)


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest) -> HttpResponse:
    """Admit an agency."""
    form = AgencyForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.admit_agency(
            values=form.cleaned_data,
            agreements=form.cleaned_data["agreements"],
            actor=actor_of(request),
            now=timezone.now(),
        ),
        template="agencies/admit.html",
        done=_("The agency was admitted. Its administrator receives a one-time password by mail."),
        back=reverse("agencies:agencies"),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def add_office(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Open one more office of an agency."""
    found, form = _agency(request, agency_id), OfficeForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.add_office(agency=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data),
        template="agencies/add_office.html",
        done=_("The office is open."),
        back=reverse("agencies:agency", args=[found.id]),
        agency=found,
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def appoint_administrator(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Give an agency another administrator, for example because the last one has left."""
    found, actor = _agency(request, agency_id), actor_of(request)
    offices = {str(row.id): row for row in queries.offices_visible_to(actor).filter(agency=found, is_open=True)}
    form = PersonForm(request.POST or None, offices=[(key, row.shown_name) for key, row in offices.items()])
    return act_by_form(
        request,
        form=form,
        act=lambda: services.appoint_officer(
            role=Officer.Role.ADMINISTRATOR,
            actor=actor,
            now=timezone.now(),
            **{**form.cleaned_data, "office": offices[form.cleaned_data["office"]]},
        ),
        template="agencies/appoint.html",
        done=_("The post was created. The person is told by mail."),
        back=reverse("agencies:agency", args=[found.id]),
        agency=found,
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def name_exception(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Accept another organisation's name in the certificates of an agency's officers."""
    found, form = _agency(request, agency_id), ExceptionForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.name_exception(
            agency=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        template="agencies/name_exception.html",
        done=_("The name is accepted from now on."),
        back=reverse("agencies:agency", args=[found.id]),
        agency=found,
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def name_in_hindi(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Say how an agency is called on Hindi pages."""
    found = _agency(request, agency_id)
    form = HindiNameForm(request.POST if request.method == "POST" else None, initial={"name_hindi": found.name_hindi})
    return act_by_form(
        request,
        form=form,
        act=lambda: services.name_agency_in_hindi(
            agency=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        ),
        template="agencies/ask.html",
        done=_("Hindi pages show this name from now on. The agency is told by mail."),
        back=reverse("agencies:agency", args=[found.id]),
        caption=found.shown_name,
        title=_("Name of the agency in Hindi"),
        lead=LEAD_OF_NAMES,
        button=_("Save"),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def fee_account(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Read where an agency's fees go and where it wants them to go; confirm that, or reject it."""
    found, actor, now = _agency(request, agency_id), actor_of(request), timezone.now()
    change = queries.fee_account_waiting_for(found)
    wants_comparing = change is not None and services.needs_comparing(agency=found, change=change)
    form = FeeAccountDecisionForm(
        request.POST or None, initial={"change": change.pk if change else None}, wants_comparing=wants_comparing
    )

    def decide() -> None:
        typed = form.cleaned_data
        if change is None or typed["change"] != change.pk:
            raise AgencyRefused("agency.fee_account_decided")
        if typed["decision"] == "confirm":
            services.confirm_fee_account(change=change, compared=typed.get("compared", False), actor=actor, now=now)
        else:
            services.reject_fee_account(change=change, reason=typed["reason"], actor=actor, now=now)

    return act_by_form(
        request,
        form=form,
        act=decide,
        template="agencies/fee_account.html",
        done=_("Your decision is recorded. The agency is told by mail."),
        back=reverse("agencies:agency", args=[found.id]),
        agency=found,
        change=change,
        wants_comparing=wants_comparing,
        rows=fee_account_rows(found, change),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Suspend an agency, after asking. What it issued stays verifiable."""
    return _suspend_or_reinstate(request, _agency(request, agency_id), suspends=True)


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def reinstate(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Reinstate a suspended agency, after asking."""
    return _suspend_or_reinstate(request, _agency(request, agency_id), suspends=False)


def _suspend_or_reinstate(request: HttpRequest, found: Agency, *, suspends: bool) -> HttpResponse:
    return act_by_form(
        request,
        form=forms.Form(request.POST) if request.method == "POST" else forms.Form(),
        act=lambda: services.suspend_agency(
            agency=found, suspended=suspends, actor=actor_of(request), now=timezone.now()
        ),
        template="agencies/suspend.html",
        done=_("The agency was suspended.") if suspends else _("The agency was reinstated."),
        back=reverse("agencies:agency", args=[found.id]),
        agency=found,
        suspends=suspends,
    )
