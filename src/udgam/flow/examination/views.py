"""The pages of the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import application_visible_to
from udgam.flow.examination import queries, services
from udgam.flow.examination.forms import DeskFilter, DiscrepancyForm, RefusalForm, SeenForm
from udgam.flow.examination.policies import acts_open_to, may_decide
from udgam.flow.examination.shown import country_name, faults_of, groups_of, history
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.reasons import words_of, words_of_answer
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

OFFICER = Person.Kind.OFFICER
ROWS_ON_A_PAGE = 25
DONE = {
    "take_up": gettext_lazy("You have taken the case up."),
    "put_back": gettext_lazy("The case is back in the queue."),
    "approve": gettext_lazy("Approved. A signing officer can now certify it."),
    "send_back": gettext_lazy("The case is back in examination."),
}


def _case(request: HttpRequest, public_id: UUID) -> Application:
    application = application_visible_to(actor_of(request), public_id)
    if application is None:
        raise Http404
    return application


def _chosen(form: DeskFilter) -> dict[str, Any]:
    """The filter of the desk; one that cannot be read filters nothing."""
    return dict(form.cleaned_data) if form.is_valid() else {}


def _filters(request: HttpRequest) -> str:
    """The filter for the next address, so that going through the cases stays within it."""
    kept = QueryDict(mutable=True)
    for name in DeskFilter.base_fields:
        value = request.GET.get(name)
        if value:
            kept[name] = value
    return kept.urlencode()


def _with_filters(address: str, filters: str) -> str:
    return f"{address}?{filters}" if filters else address


@requires(OFFICER)
@private_page
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The office's queue, those that wait longest first."""
    actor = actor_of(request)
    form = DeskFilter(request.GET)
    rows = queries.with_item_counts(queries.desk(actor, **_chosen(form)))
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(row, country_name(row.consignee_country)) for row in page],
        "filters": _filters(request),
        "counts": queries.counts_on_desk(actor),
    }
    return render(request, "examination/queue.html", context)


@requires(OFFICER)
@private_page
@require_GET
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One case: the signed data beside the papers, what the rules find, what was done, and what can be done now."""
    return _render_case(request, _case(request, public_id))


def _render_case(
    request: HttpRequest, application: Application, *, status: int = 200, page_errors: list[str] | None = None
) -> HttpResponse:
    now = timezone.now()
    person = person_of(request)
    found = queries.case_of(application, indian_date(now))
    if found is None:
        raise Http404
    answer, _post = may_decide(person, application, now)
    rows = queries.desk(actor_of(request), **_chosen(DeskFilter(request.GET)))
    before, after = queries.neighbours(rows, application)
    context = {
        "application": application,
        "case": found,
        "content": found.content,
        "groups": groups_of(found),
        "faults": faults_of(found),
        "documents": application.documents.select_related("document"),
        "discrepancies": application.discrepancies.select_related("raised_by"),
        "history": history(application),
        "acts": acts_open_to(person, application) if answer.allowed else (),
        "refused_duty": None if answer.allowed else words_of_answer(answer),
        "previous": before,
        "next": after,
        "filters": _filters(request),
        "page_errors": page_errors or [],
    }
    return render(request, "examination/case.html", context, status=status)


@requires(OFFICER)
@private_page
@require_POST
def act(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """Take up, put back, approve or send back."""
    verbs = {
        "take_up": services.take_up,
        "put_back": services.put_back,
        "send_back": services.send_back,
    }
    application = _case(request, public_id)
    common: dict[str, Any] = {
        "application": application,
        "person": person_of(request),
        "actor": actor_of(request),
        "now": timezone.now(),
    }
    try:
        if name == "approve":
            form = SeenForm(request.POST)
            if not form.is_valid():
                lines = [str(line) for line in form.errors["seen_version"]]
                return _render_case(request, application, status=400, page_errors=lines)
            services.approve(**common, **form.cleaned_data)
        elif name in verbs:
            verbs[name](**common)
        else:
            raise Http404
    except Refused as refused:
        told = words_of(refused)
        fresh = _case(request, public_id)
        return _render_case(request, fresh, status=409, page_errors=[f"{told.message} {told.advice}"])
    messages.success(request, DONE[name])
    return HttpResponseRedirect(_with_filters(reverse("examination:case", args=[public_id]), _filters(request)))


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def discrepancy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask the exporter."""
    return _with_words(request, public_id, DiscrepancyForm, "examination/discrepancy.html")


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Refuse, with the reason."""
    return _with_words(request, public_id, RefusalForm, "examination/refuse.html")


def _with_words(
    request: HttpRequest, public_id: UUID, form_class: type[DiscrepancyForm] | type[RefusalForm], template: str
) -> HttpResponse:
    application = _case(request, public_id)
    form = form_class(
        request.POST or None, initial={"seen_version": request.GET.get("seen_version", application.version)}
    )
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        verb = services.raise_discrepancy if form_class is DiscrepancyForm else services.refuse
        try:
            verb(
                application=application,
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            told = words_of(refused)
            page_errors = [f"{told.message} {told.advice}"]
        else:
            sent = _("Your question was sent.") if form_class is DiscrepancyForm else _("The application was refused.")
            messages.success(request, sent)
            return HttpResponseRedirect(_with_filters(reverse("examination:queue"), _filters(request)))
    context = {"form": form, "application": application, "page_errors": page_errors, "filters": _filters(request)}
    return render(request, template, context, status=409 if page_errors else 200)
