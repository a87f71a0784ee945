"""One case: the signed data beside the papers, what the rules find, what was done, and the acts that need no form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from udgam.flow.applications.models import Application
from udgam.flow.examination import queries, services
from udgam.flow.examination.forms import ApprovalForm, DeskFilter, NoteForm
from udgam.flow.examination.origin_panel import lines_overruled
from udgam.flow.examination.panels import panels_of
from udgam.flow.examination.policies import acts_open_to, may_decide, risk_of, second_person_needed
from udgam.flow.examination.shown import (
    changes_in_words,
    faults_of,
    found_in,
    groups_of,
    history,
    questions_of,
    risk_words,
)
from udgam.flow.examination.views.finding import (
    OFFICER,
    case_behind,
    chosen,
    filters_of,
    refusal_line,
    with_filters,
)
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.reasons import words_of_answer
from udgam.rules.agreements import AgreementRefused
from udgam.rules.decisions import REFUSAL_REASONS, VISIT_OUTCOMES
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

DONE = {
    "take_up": gettext_lazy("You have taken the case up."),
    "take_over": gettext_lazy("You have taken the case over."),
    "put_back": gettext_lazy("The case is back in the queue."),
    "hold": gettext_lazy("You keep the case for two more hours."),
    "approve": gettext_lazy("Approved. A signing officer can now certify it."),
    "send_back": gettext_lazy("The case is back in examination."),
}
VERBS: dict[str, Callable[..., None]] = {
    "take_up": services.take_up,
    "take_over": services.take_over,
    "put_back": services.put_back,
    "hold": services.hold,
    "send_back": services.send_back,
}


@requires(OFFICER)
@private_page
@require_GET
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One case."""
    return render_case(request, case_behind(request, public_id))


def render_case(
    request: HttpRequest,
    application: Application,
    *,
    status: int = 200,
    page_errors: list[str] | None = None,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    """The page of a case, with what was refused on top."""
    now = timezone.now()
    found = queries.case_of(application, indian_date(now))
    if found is None:
        raise Http404
    filters = DeskFilter(request.GET)
    narrowed = chosen(filters)
    rows = queries.desk(actor_of(request), **narrowed)
    before, after = queries.neighbours(rows, application, narrowed.get("order") or "")
    context = {
        "application": application,
        "case": found,
        "content": found.content,
        "groups": groups_of(found),
        "faults": faults_of(found),
        "panels": panels_of(found, now),
        "overruled": _overruled(found),
        "origin_reason": request.POST.get("origin_reason", "")[:1000],
        **_papers(request, application),
        "questions": questions_of(application, found),
        "visits": [
            (row, VISIT_OUTCOMES.get(row.outcome, ""))
            for row in application.verifications.select_related("asked_by", "reported_by", "document")
        ],
        "history": history(application),
        "notes": queries.notes_visible_to(actor_of(request), application),
        "note_form": note_form or NoteForm(),
        "refusal": REFUSAL_REASONS.get(application.refusal_code, ""),
        "previous": before,
        "next": after,
        "filters": filters_of(request),
        "filter_pairs": list(QueryDict(filters_of(request)).items()),
        "page_errors": page_errors or [],
        "now": now,
        **_judged(request, application, found),
        **_changed(application),
    }
    return render(request, "examination/case.html", context, status=status)


def _overruled(found: queries.Case) -> dict[int, str]:
    try:
        return lines_overruled(found)
    except AgreementRefused:
        # The panel says so, and the approval is refused.
        return {}


def _papers(request: HttpRequest, application: Application) -> dict[str, Any]:
    """The papers with their pages, and where a text that is looked for stands in them."""
    papers = queries.papers_of(application)
    find = request.GET.get("find", "")[:100].replace("\0", "").strip()
    return {"papers": papers, "find": find, "found_in": found_in(papers, find) if find else []}


def _judged(request: HttpRequest, application: Application, found: queries.Case) -> dict[str, Any]:
    """How risky the case is, and what the officer may do with it."""
    now, person = timezone.now(), person_of(request)
    answer, post = may_decide(person, application, now)
    amount = queries.fob_in_rupees(application)
    return {
        "acts": acts_open_to(person, application, now) if answer.allowed else (),
        "refused_duty": None if answer.allowed else words_of_answer(answer),
        "stands_in_for": post.stands_in_for if post else None,
        "risk": risk_words(risk_of(found)),
        "fob_inr": amount,
        "second_person": application.needs_second_person
        if application.state in {"approved", "issued"}
        else second_person_needed(found, fob_inr=amount),
    }


def _changed(application: Application) -> dict[str, Any]:
    """What the newest version changes against the one before."""
    found = queries.changes_of(application)
    if found is None:
        return {"comparison": None, "changes": []}
    latest = application.discrepancies.filter(answered_at__isnull=False).first()
    asked = [point.place for point in latest.points.all()] if latest else []
    return {"comparison": found, "changes": changes_in_words(found.changed, asked, found.titles)}


@requires(OFFICER)
@private_page
@require_POST
def act(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """Take up or over, keep, put back, approve or send back."""
    application = case_behind(request, public_id)
    common: dict[str, Any] = {
        "application": application,
        "person": person_of(request),
        "actor": actor_of(request),
        "now": timezone.now(),
    }
    try:
        if name == "approve":
            form = ApprovalForm(request.POST)
            if not form.is_valid():
                lines = [str(line) for errors in form.errors.values() for line in errors]
                return render_case(request, application, status=400, page_errors=lines)
            services.approve(**common, **form.cleaned_data)
        elif name in VERBS:
            VERBS[name](**common)
        else:
            raise Http404
    except Refused as refused:
        fresh = case_behind(request, public_id)
        return render_case(request, fresh, status=409, page_errors=refusal_line(refused))
    messages.success(request, DONE[name])
    return HttpResponseRedirect(with_filters(reverse("examination:case", args=[public_id]), filters_of(request)))


@requires(OFFICER)
@private_page
@require_POST
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write a note for colleagues."""
    application = case_behind(request, public_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render_case(request, application, status=400, note_form=form)
    services.write_note(
        application=application,
        text=form.cleaned_data["text"],
        person=person_of(request),
        actor=actor_of(request),
        now=timezone.now(),
    )
    address = with_filters(reverse("examination:case", args=[public_id]), filters_of(request))
    return HttpResponseRedirect(f"{address}#notes")
