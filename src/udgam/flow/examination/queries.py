"""What stands on the desk of an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from udgam.flow.applications.content import application_content
from udgam.flow.applications.models import Application, Submission
from udgam.flow.applications.queries import applications_visible_to, latest_signed
from udgam.ground.audit.actors import Actor
from udgam.rules.content import ApplicationContent, read_application
from udgam.rules.lints import Finding, lint_application

OPEN = ("submitted", "under_examination", "discrepancy", "approved")
__all__ = ["OPEN", "Case", "application_content", "case_of", "counts_on_desk", "desk", "neighbours"]


@dataclass(frozen=True)
class Case:
    """An application as the officer examines it: the newest signed version, with what the rules find in it."""

    application: Application
    submission: Submission
    content: ApplicationContent
    findings: tuple[Finding, ...]


def desk(actor: Actor, *, state: str = "", search: str = "", mine: bool = False) -> QuerySet[Application]:
    """The applications addressed to the actor's office, those that wait longest first."""
    rows = (
        applications_visible_to(actor).annotate(item_count=Count("items", distinct=True)).order_by("submitted_at", "id")
    )
    rows = rows.filter(state=state) if state else rows.filter(state__in=OPEN)
    if search:
        rows = rows.filter(
            Q(number__icontains=search)
            | Q(exporter__name__icontains=search)
            | Q(exporter__iec__iexact=search)
            | Q(consignee_name__icontains=search)
            | Q(certificate_number__icontains=search)
            | Q(invoices__number__iexact=search)
        ).distinct()
    if mine:
        rows = rows.filter(examiner__public_id=actor.id)
    return rows


def counts_on_desk(actor: Actor) -> dict[str, int]:
    """How many applications of the office are in each state."""
    rows = applications_visible_to(actor).order_by().values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows}


def case_of(application: Application, on: date) -> Case | None:
    """The newest signed version with the findings of the rules on that day; None while nothing was signed."""
    submission = latest_signed(application)
    if submission is None:
        return None
    content = read_application(bytes(submission.content))
    return Case(
        application=application, submission=submission, content=content, findings=lint_application(content, on=on)
    )


def neighbours(rows: Sequence[Application], application: Application) -> tuple[Application | None, Application | None]:
    """The case before and the case after on the desk, so that an officer need not go back to the list."""
    ids = [row.id for row in rows]
    if application.id not in ids:
        return None, rows[0] if rows else None
    place = ids.index(application.id)
    return (rows[place - 1] if place else None), (rows[place + 1] if place + 1 < len(rows) else None)
