"""The firm's applications, and the beginning of a new one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.applications import queries, services
from udgam.flow.applications.arrangements import NON_PREFERENTIAL, offered
from udgam.flow.applications.forms import ListFilter, StartForm
from udgam.flow.applications.standing import shown_state
from udgam.flow.registration import fetching, policies
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.queries import exporter_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import published_offices_for
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import indian_date

ROWS_ON_A_PAGE = 25


def own_firm(request: HttpRequest) -> Exporter:
    """The firm for which the person acts; somebody without one finds no page here."""
    exporter = exporter_of(person_of(request))
    if exporter is None:
        raise Http404
    return exporter


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The list, the latest changed first."""
    exporter, actor = own_firm(request), actor_of(request)
    form = ListFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_for_exporter(
        actor,
        state=chosen.get("state", ""),
        search=chosen.get("search", ""),
        since=chosen.get("since"),
        until=chosen.get("until"),
    )
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    counts = queries.counts_by_state(actor)
    context = {
        "exporter": exporter,
        "form": form,
        "page": page,
        "rows": [(row, shown_state(row)) for row in page],
        "filters": parameters.urlencode(),
        "counts": [
            (state, _(APPLICATION.label(state)), counts[state]) for state in APPLICATION.states if state in counts
        ],
        "any": bool(counts),
        "verdict": policies.may_file(exporter, timezone.now()),
    }
    return render(request, "applications/list.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What one needs, and the button that begins a draft."""
    exporter, now = own_firm(request), timezone.now()
    today = indian_date(now)
    if request.method == "POST":
        fetching.refresh_record(exporter.public_id, actor=actor_of(request), now=now, only_if_stale=True)
        exporter.refresh_from_db()
    verdict = policies.may_file(exporter, now)
    agreements = offered(today)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        agreements=agreements,
        initial={"agreement": NON_PREFERENTIAL, "shipment": "before"},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["agreement"]
        if not verdict:
            status = 409
        elif not published_offices_for(code, today).exists():
            form.add_error(
                "agreement", _("No office issues this kind of certificate at present. Ask the help desk when one will.")
            )
            status = 409
        else:
            application = services.start_application(
                exporter=exporter,
                person=person_of(request),
                agreement=code,
                shipment=form.cleaned_data["shipment"],
                actor=actor_of(request),
                now=now,
            )
            return redirect("applications:section", public_id=application.public_id, name="office")
    context = {"exporter": exporter, "verdict": verdict, "form": form}
    return render(request, "applications/start.html", context, status=status)
