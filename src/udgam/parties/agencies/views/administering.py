"""The pages of an agency's administrator: offices, officers, posts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import AppointForm
from udgam.parties.agencies.history import history_of_agency
from udgam.parties.agencies.models import Office
from udgam.rules.refusals import Refused

ADMIN = Person.Kind.AGENCY_ADMIN
PLATFORM = Person.Kind.ADMINISTRATOR
LEAD_OF_NAMES = gettext_lazy(
    "Everybody who looks up a certificate in Hindi reads this name. Compare it with the agency’s papers. Certificates stay in English; "
    "only pages and mails in Hindi change."
)


def home_of(request: HttpRequest) -> str:
    """Where the administrator who asks came from: the own agency's page, or the list of agencies."""
    return reverse("agencies:overview" if person_of(request).kind == ADMIN else "agencies:agencies")


@requires(ADMIN)
@private_page
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Offices, officers, and the tokens that wait for a decision."""
    actor = actor_of(request)
    offices = list(queries.offices_visible_to(actor))
    context = {
        "agency": offices[0].agency if offices else None,
        "offices": offices,
        "officers": queries.officers_visible_to(actor),
        "waiting": queries.waiting_tokens_visible_to(actor),
        "history": history_of_agency(offices[0].agency, offices, for_platform=False) if offices else [],
    }
    return render(request, "agencies/overview.html", context)


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Give somebody a post."""
    actor = actor_of(request)
    offices = {str(office.id): office for office in queries.offices_visible_to(actor).filter(is_open=True)}
    form = AppointForm(request.POST or None, offices=[(key, office.shown_name) for key, office in offices.items()])
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "office": offices[form.cleaned_data["office"]]}
        try:
            services.appoint_officer(actor=actor, now=timezone.now(), **values)
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("The post was created. The person is told by mail."))
            return HttpResponseRedirect(reverse("agencies:overview"))
    context = {"form": form, "page_errors": page_errors, "back": reverse("agencies:overview")}
    return render(request, "agencies/appoint.html", context, status=409 if page_errors else 200)


@requires(ADMIN, PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, officer_id: int) -> HttpResponse:
    """End a post, after asking."""
    officer = queries.officers_visible_to(actor_of(request)).filter(id=officer_id, ended_at__isnull=True).first()
    if officer is None:
        raise Http404
    page_errors: list[str] = []
    if request.method == "POST":
        try:
            services.end_post(officer=officer, actor=actor_of(request), now=timezone.now())
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("The post has ended."))
            return HttpResponseRedirect(home_of(request))
    context = {"officer": officer, "page_errors": page_errors, "back": home_of(request)}
    return render(request, "agencies/end_post.html", context, status=409 if page_errors else 200)


def office_behind(request: HttpRequest, office_id: int) -> Office:
    """An office of the agency that the asker administers; for the platform's administrators any."""
    office = queries.offices_visible_to(actor_of(request)).filter(id=office_id).first()
    if office is None:
        raise Http404
    return office


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def close_office(request: HttpRequest, office_id: int) -> HttpResponse:
    """Close an office to new applications, after asking."""
    return _open_or_close(request, office_behind(request, office_id), closes=True)


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def open_office_again(request: HttpRequest, office_id: int) -> HttpResponse:
    """Let a closed office take applications again, after asking."""
    return _open_or_close(request, office_behind(request, office_id), closes=False)


def _open_or_close(request: HttpRequest, office: Office, *, closes: bool) -> HttpResponse:
    page_errors: list[str] = []
    if request.method == "POST":
        verb = services.close_office if closes else services.open_office_again
        try:
            verb(office=office, actor=actor_of(request), now=timezone.now())
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("The office is closed.") if closes else _("The office is open again."))
            return HttpResponseRedirect(reverse("agencies:overview"))
    context = {"office": office, "closes": closes, "page_errors": page_errors}
    return render(request, "agencies/office.html", context, status=409 if page_errors else 200)
