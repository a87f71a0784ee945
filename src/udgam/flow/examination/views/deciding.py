"""The acts that need a form: questions, refusal, another examiner, a visit to the goods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.flow.applications.models import Application
from udgam.flow.applications.places import askable_places
from udgam.flow.applications.services import Point
from udgam.flow.examination import queries, services
from udgam.flow.examination.forms import (
    MOST_POINTS,
    POINT_ERRORS,
    PointSet,
    ReassignForm,
    RefusalForm,
    SeenForm,
    VisitForm,
    VisitReportForm,
)
from udgam.flow.examination.views.finding import (
    OFFICER,
    case_behind,
    filters_of,
    refusal_line,
    with_filters,
)
from udgam.ground.documents.services import examine_upload
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

Act = Callable[[dict[str, Any]], object]


def _common(request: HttpRequest, application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "person": person_of(request),
        "actor": actor_of(request),
        "now": timezone.now(),
    }


def _carry_out(
    request: HttpRequest, application: Application, forms_given: list[Any], act: Act, *, done: str, back: str
) -> tuple[HttpResponse | None, list[str]]:
    """Carry the act out when everything typed is in order; answers where to go, or what was refused."""
    if request.method != "POST":
        return None, []
    # Each is asked, so that everything that is wrong is said at once.
    valid = [form.is_valid() for form in forms_given]
    if not all(valid):
        return None, []
    try:
        act(_common(request, application))
    except Refused as refused:
        return None, refusal_line(refused)
    messages.success(request, done)
    return HttpResponseRedirect(with_filters(back, filters_of(request))), []


def _page(
    request: HttpRequest, application: Application, template: str, page_errors: list[str], **more: Any
) -> HttpResponse:
    context = {"application": application, "page_errors": page_errors, "filters": filters_of(request), **more}
    return render(request, template, context, status=409 if page_errors else 200)


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def discrepancy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask the exporter: one question or several, each about a field, a line or a paper."""
    application = case_behind(request, public_id)
    found = queries.case_of(application, indian_date(timezone.now()))
    if found is None:
        raise Http404
    places = askable_places(found.content)
    known = {place for _title, rows in places for place, _label in rows}
    seen = SeenForm(request.POST or None, initial=_initial(request, application))
    wants_more = "more" in request.POST
    first = request.GET.get("place", "")
    points = PointSet(
        _unnumbered(request) if request.method == "POST" and not wants_more else None,
        prefix="points",
        error_messages={key: str(text) for key, text in POINT_ERRORS.items()},
        form_kwargs={"places": places},
        initial=_typed_and_one_more(request) if wants_more else [{"place": first}] if first in known else None,
    )

    def ask(common: dict[str, Any]) -> None:
        asked = [Point(row["place"], row["question"]) for row in points.cleaned_data if row]
        services.raise_discrepancy(points=asked, **common, **seen.cleaned_data)

    gone: HttpResponse | None = None
    page_errors: list[str] = []
    if not wants_more:
        gone, page_errors = _carry_out(
            request,
            application,
            [seen, points],
            ask,
            done=_("Your question was sent."),
            back=reverse("examination:queue"),
        )
        if points.is_bound:
            page_errors = [*page_errors, *[str(line) for line in points.non_form_errors()]]
    return gone or _page(
        request,
        application,
        "examination/discrepancy.html",
        page_errors,
        seen=seen,
        points=points,
        faulty_forms=[one for one in (seen, *points) if one.is_bound and one.errors],
        may_add=points.total_form_count() < MOST_POINTS,
    )


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Refuse, with the reason."""
    application = case_behind(request, public_id)
    form = RefusalForm(request.POST or None, initial=_initial(request, application))
    gone, page_errors = _carry_out(
        request,
        application,
        [form],
        lambda common: services.refuse(**common, **form.cleaned_data),
        done=_("The application was refused."),
        back=reverse("examination:queue"),
    )
    return gone or _page(request, application, "examination/refuse.html", page_errors, form=form)


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the case to a colleague."""
    application = case_behind(request, public_id)
    offered = queries.colleagues_for(application, person=person_of(request), now=timezone.now())
    names = [(str(post.person.public_id), f"{post.person.name}, {post.designation}") for post in offered]
    form = ReassignForm(request.POST or None, colleagues=names)
    gone, page_errors = _carry_out(
        request,
        application,
        [form],
        lambda common: services.reassign(**common, **form.cleaned_data),
        done=_("The case was given to the colleague."),
        back=reverse("examination:queue"),
    )
    return gone or _page(request, application, "examination/reassign.html", page_errors, form=form, names=names)


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Appoint a physical verification, or report the one that was appointed."""
    application = case_behind(request, public_id)
    if application.state == "verification":
        return _report(request, application)
    form = VisitForm(request.POST or None, initial=_initial(request, application))
    gone, page_errors = _carry_out(
        request,
        application,
        [form],
        lambda common: services.ask_verification(**common, **form.cleaned_data),
        done=_("The visit is appointed. The exporter is told by mail."),
        back=reverse("examination:case", args=[public_id]),
    )
    return gone or _page(request, application, "examination/visit.html", page_errors, form=form)


def _report(request: HttpRequest, application: Application) -> HttpResponse:
    form: forms.Form = VisitReportForm(request.POST or None, request.FILES or None)

    def report(common: dict[str, Any]) -> None:
        upload = form.cleaned_data.pop("file", None)
        examined = examine_upload(upload=upload) if upload else None
        services.report_verification(examined=examined, **common, **form.cleaned_data)

    gone, page_errors = _carry_out(
        request,
        application,
        [form],
        report,
        done=_("The report is recorded. The case is on your desk."),
        back=reverse("examination:case", args=[application.public_id]),
    )
    return gone or _page(request, application, "examination/visit_report.html", page_errors, form=form)


def _initial(request: HttpRequest, application: Application) -> dict[str, Any]:
    return {"seen_version": request.GET.get("seen_version", application.version)}


def _unnumbered(request: HttpRequest) -> QueryDict:
    """What was sent, with no question counted as an earlier one: then a block that was left empty is no question."""
    given = request.POST.copy()
    given["points-INITIAL_FORMS"] = "0"
    return given


def _typed_and_one_more(request: HttpRequest) -> list[dict[str, str]]:
    """The questions typed so far, and an empty one behind them."""
    typed = [
        {name: request.POST.get(f"points-{n}-{name}", "") for name in ("place", "question")} for n in range(MOST_POINTS)
    ]
    filled = [row for row in typed if any(row.values())]
    return [*filled, {}][:MOST_POINTS]
