"""One application: what is to do, how it stands, and the acts on it that need no form."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.applications import queries, services
from udgam.flow.applications.arrangements import arrangement_of
from udgam.flow.applications.forms import AnswerForm
from udgam.flow.applications.models import Application, Discrepancy, DiscrepancyPoint
from udgam.flow.applications.places import label_of, paper_titles, section_of
from udgam.flow.applications.sections import BY_NAME, missing_sections, sections_of
from udgam.flow.applications.standing import shown_state, timeline
from udgam.flow.applications.views.finding import application_of, away, is_editable, saved, status_of, tell
from udgam.flow.applications.views.showing import content_rows, goods_page
from udgam.flow.payments.queries import order_for_subject
from udgam.flow.registration import policies
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.content import read_application
from udgam.rules.decisions import REFUSAL_REASONS
from udgam.rules.lifecycle import APPLICATION, fee_is_returned
from udgam.rules.refusals import Refused


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The task list while the form is open; else what was signed and how it stands."""
    application = application_of(request, public_id)
    context: dict[str, Any] = {
        "application": application,
        "state": shown_state(application),
        "timeline": timeline(application),
        "questions": asked_of(application),
        "visit": queries.open_verification(application),
        "refusal": REFUSAL_REASONS.get(application.refusal_code, ""),
        "submissions": queries.signed_versions(application),
        "may_withdraw": APPLICATION.allows(application.state, "withdraw") and _may_undo(request, application),
    }
    if is_editable(application):
        context |= _tasks(application)
        return render(request, "applications/tasks.html", context)
    if application.state in {"awaiting_payment", "submitted"}:
        context |= {
            "agreement": arrangement_of(application),
            "order": order_for_subject(queries.subject_of(application)),
            "may_take_back": _may_undo(request, application),
        }
    signed = queries.latest_signed(application)
    if signed is not None:
        content = read_application(bytes(signed.content))
        context |= {"content": content, "groups": content_rows(content), "goods": goods_page(request, content)}
        context["documents"] = application.documents.all()
    return render(request, "applications/case.html", context)


def _may_undo(request: HttpRequest, application: Application, *, aloud: bool = False) -> bool:
    """Whether the person may take back or withdraw it; ``aloud`` tells on the next page why not."""
    verdict = policies.may_undo(person_of(request), application.exporter, is_signed=application.version > 0)
    if aloud and not verdict:
        messages.warning(request, f"{verdict.message} {verdict.advice}")
    return verdict.allowed


def _tasks(application: Application) -> dict[str, Any]:
    missing, sections = missing_sections(application), sections_of(application)
    discrepancy = queries.open_discrepancy(application)
    titles = paper_titles_of(application) if discrepancy else {}
    points = [(point, label_of(point.place, titles)) for point in discrepancy.points.all()] if discrepancy else []
    asked = {section_of(point.place) for point, _label in points}
    groups: list[dict[str, Any]] = []
    for section in sections:
        if not groups or groups[-1]["title"] != section.group:
            groups.append({"title": section.group, "tasks": []})
        address = reverse("applications:section", args=[application.public_id, section.name])
        task = {
            "section": section,
            "done": section not in missing,
            "asked": section.name in asked,
            "optional": section.is_optional_and_empty(application),
            "address": address,
        }
        groups[-1]["tasks"].append(task)
    return {
        "open_points": points,
        "groups": groups,
        "agreement": arrangement_of(application),
        "done": len(sections) - len(missing),
        "total": len(sections),
        "is_complete": not missing and (discrepancy is None or bool(discrepancy.answer)),
        "discrepancy": discrepancy,
        "verdict": policies.may_file(application.exporter, timezone.now()),
    }


def paper_titles_of(application: Application) -> dict[str, str]:
    """The papers of the version that the office has read, by their place."""
    signed = queries.latest_signed(application)
    return paper_titles(read_application(bytes(signed.content))) if signed else {}


def asked_of(application: Application) -> list[tuple[Discrepancy, list[tuple[DiscrepancyPoint, str]]]]:
    """Everything that the office has asked, the latest first, with the words for each place."""
    rows = list(application.discrepancies.prefetch_related("points"))
    titles = paper_titles_of(application) if rows else {}
    return [(row, [(point, label_of(point.place, titles)) for point in row.points.all()]) for row in rows]


def section_address(application: Application, place: str) -> str:
    """The page of the form on which a place is corrected; "" when there is none."""
    name = section_of(place)
    return reverse("applications:section", args=[application.public_id, name]) if name in BY_NAME else ""


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer the office's question; the answer counts when the corrected form is signed."""
    application = application_of(request, public_id)
    discrepancy = queries.open_discrepancy(application)
    if discrepancy is None or not is_editable(application):
        return away(application)
    points = list(discrepancy.points.all())
    initial = {f"answer_{point.position}": point.answer for point in points}
    form = AnswerForm(
        request.POST or None,
        positions=[point.position for point in points],
        initial={"edit": application.edit, **initial},
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if saved(
            form,
            application,
            lambda: services.save_answer(
                application=application, edit=form.cleaned_data["edit"], answers=form.answers(), now=now
            ),
        ):
            return away(application)
    titles = paper_titles_of(application)
    asked = [
        (
            {"place": label_of(point.place, titles), "question": point.question},
            form[f"answer_{point.position}"],
            section_address(application, point.place),
        )
        for point in points
    ]
    context = {"application": application, "asked": asked, "form": form}
    return render(request, "applications/answer.html", context, status=status_of(form))


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open a signed application for changes before anybody examines it, after a question."""
    application = application_of(request, public_id)
    if application.state not in {"awaiting_payment", "submitted"} or not _may_undo(request, application, aloud=True):
        return away(application)
    if request.method == "POST":
        try:
            services.take_back(
                application=application, person=person_of(request), actor=actor_of(request), now=timezone.now()
            )
        except Refused as refused:
            tell(request, refused)
        else:
            messages.success(request, _("The application can be changed. Sign it again when it is right."))
        return away(application)
    return render(request, "applications/take_back.html", {"application": application})


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the application back, after a question."""
    application = application_of(request, public_id)
    if not APPLICATION.allows(application.state, "withdraw") or not _may_undo(request, application, aloud=True):
        return away(application)
    if request.method == "POST":
        try:
            services.withdraw(
                application=application, person=person_of(request), actor=actor_of(request), now=timezone.now()
            )
        except Refused as refused:
            tell(request, refused)
        else:
            if not application.version:
                messages.success(request, _("The draft is put away."))
                return redirect("applications:list")
            messages.success(request, _("The application is withdrawn."))
        return away(application)
    order = order_for_subject(queries.subject_of(application))
    context = {
        "application": application,
        "is_paid": order is not None and order.state == "paid",
        "fee_returned": fee_is_returned(application.state, "withdraw"),
    }
    return render(request, "applications/withdraw.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def signed_copy(request: HttpRequest, public_id: UUID, version: int) -> HttpResponse:
    """A signed version: the exact bytes, and beside them the detached signature, which any CMS tool can check."""
    application = application_of(request, public_id)
    submission = application.submissions.filter(version=version, signature__isnull=False).first()
    if submission is None or submission.signature is None:
        raise Http404
    name = f"application-{(application.number or '').replace('/', '-')}-v{submission.version}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.json", bytes(submission.content))
        archive.writestr(f"{name}.json.p7s", bytes(submission.signature))
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
