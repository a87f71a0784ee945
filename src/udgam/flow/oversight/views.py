"""The dashboard, and each of its tables as a file."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from udgam.flow.oversight.forms import PeriodForm
from udgam.flow.oversight.queries import Period
from udgam.flow.oversight.shown import figures_for
from udgam.ground.pages.exports import KINDS, exported
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.numbers import indian_date

USUAL_DAYS = 90


def _period(form: PeriodForm) -> Period:
    """The period that was asked for; one that cannot be read, or none, is the last ninety days."""
    today = indian_date(timezone.now())
    typed = form.cleaned_data if form.is_valid() else {}
    until = typed.get("until") or today
    since = typed.get("since") or until - timedelta(days=min(USUAL_DAYS, until.toordinal() - 1))
    return Period(since=min(since, until), until=until, agreement=typed.get("agreement") or "")


@requires(Person.Kind.AGENCY_ADMIN, Person.Kind.ADMINISTRATOR)
@private_page
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """All figures of the own agency, or of the platform."""
    actor, now = actor_of(request), timezone.now()
    form = PeriodForm(request.GET or None)
    period = _period(form)
    figures = [build(actor, period, now) for build in figures_for(person_of(request).kind).values()]
    shown = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {"form": form, "period": period, "figures": figures, "filters": urlencode(shown)}
    return render(request, "oversight/dashboard.html", context)


@requires(Person.Kind.AGENCY_ADMIN, Person.Kind.ADMINISTRATOR)
@private_page
@require_GET
def table(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """The table behind one chart, whole, as CSV or XLSX."""
    build = figures_for(person_of(request).kind).get(name)
    if build is None or kind not in KINDS:
        raise Http404
    figure = build(actor_of(request), _period(PeriodForm(request.GET or None)), timezone.now())
    return exported(kind=kind, name=figure.name, heading=figure.heading, rows=figure.rows)
