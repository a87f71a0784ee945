"""The firm's applications, and the beginning of a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.applications import queries, services
from udgam.flow.applications.arrangements import NON_PREFERENTIAL, offered
from udgam.flow.applications.forms import ListFilter, StartForm
from udgam.flow.applications.models import Application
from udgam.flow.applications.standing import TABS, shown_state
from udgam.flow.applications.views.finding import application_of
from udgam.flow.applications.workbooks import XLSX, list_workbook
from udgam.flow.registration import fetching, policies
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.queries import exporter_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import published_agencies, published_offices_for
from udgam.rules.numbers import indian_date

ROWS_ON_A_PAGE = 25
MOST_EXPORTED = 10_000
COLUMNS = (
    ("number", gettext_lazy("Application")),
    ("consignee", gettext_lazy("Consignee")),
    ("agreement", gettext_lazy("Certificate")),
    ("office", gettext_lazy("Office")),
    ("changed", gettext_lazy("Last changed")),
    ("state", gettext_lazy("State")),
)


def sortable(query: QueryDict) -> list[tuple[str, str, str]]:
    """For each column its heading, the address that sorts by it, and how it is sorted now ("ascending", "descending" or "none")."""
    found = []
    for key, label in COLUMNS:
        present = query.get("sort", "")
        parameters = query.copy()
        parameters.pop("page", None)
        parameters["sort"] = f"-{key}" if present == key else key
        standing = {key: "ascending", f"-{key}": "descending"}.get(present, "none")
        found.append((str(label), parameters.urlencode(), standing))
    return found


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
    form = ListFilter(request.GET, agencies=_agencies())
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(request, chosen)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    for name in ("tab", "sort"):
        if name in parameters and parameters[name] not in {
            *TABS,
            *queries.SORTS,
            *(f"-{key}" for key in queries.SORTS),
        }:
            parameters.pop(name)
    counts = queries.counts_by_state(actor)
    context = {
        "exporter": exporter,
        "form": form,
        "page": page,
        "rows": [(row, shown_state(row)) for row in page],
        "filters": parameters.urlencode(),
        "tabs": [
            (name, label, sum(counts.get(state, 0) for state in states)) for name, (label, states) in TABS.items()
        ],
        "tab": request.GET.get("tab", ""),
        "sort": request.GET.get("sort", ""),
        "columns": sortable(request.GET),
        "any": bool(counts),
        "verdict": policies.may_file(exporter, timezone.now()),
    }
    return render(request, "applications/list.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin a new application with the lasting answers of this one, after saying what has to be entered anew."""
    application = application_of(request, public_id)
    now = timezone.now()
    verdict = policies.may_file(application.exporter, now)
    if request.method == "POST" and verdict:
        made = services.copy_application(
            application=application, person=person_of(request), actor=actor_of(request), now=now
        )
        messages.success(request, _("Copied. Enter the invoice and upload the papers of this consignment."))
        return redirect("applications:detail", public_id=made.public_id)
    context = {"application": application, "verdict": verdict}
    return render(request, "applications/copy.html", context, status=409 if request.method == "POST" else 200)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook. Texts stay texts there, whatever sign they begin with."""
    own_firm(request)
    form = ListFilter(request.GET, agencies=_agencies())
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(request, chosen)[:MOST_EXPORTED]
    response = HttpResponse(list_workbook(rows, indian_date(timezone.now())), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="applications.xlsx"'
    return response


def _agencies() -> list[tuple[str, str]]:
    return [(row.code, row.shown_name) for row in published_agencies()]


def _filtered(request: HttpRequest, chosen: dict[str, Any]) -> QuerySet[Application]:
    return queries.list_for_exporter(
        actor_of(request),
        tab=request.GET.get("tab", ""),
        state=chosen.get("state", ""),
        search=chosen.get("search", ""),
        agreement=chosen.get("agreement", ""),
        agency=chosen.get("agency") or "",
        since=chosen.get("since"),
        until=chosen.get("until"),
        sort=request.GET.get("sort", ""),
    )


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
