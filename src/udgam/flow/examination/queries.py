"""What stands on the desk of an office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from udgam.flow.applications.models import Application, ApplicationInvoice, ApplicationItem, Submission
from udgam.flow.applications.queries import applications_visible_to, latest_signed, same_invoice_elsewhere
from udgam.ground.audit.actors import Actor
from udgam.rules.content import ApplicationContent, read_application
from udgam.rules.lints import Finding, lint_application

OPEN = ("submitted", "under_examination", "discrepancy", "approved")


@dataclass(frozen=True)
class SameInvoice:
    """An invoice of the case that another application of the firm names too."""

    invoice: str
    application_number: str


@dataclass(frozen=True)
class Case:
    """An application as the officer examines it: the newest signed version, with what the rules find in it."""

    application: Application
    submission: Submission
    content: ApplicationContent
    findings: tuple[Finding, ...]
    same_invoices: tuple[SameInvoice, ...]


def desk(actor: Actor, *, state: str = "", search: str = "", mine: bool = False) -> QuerySet[Application]:
    """The applications addressed to the actor's office, those that wait longest first. No state: all that are open."""
    rows = applications_visible_to(actor).order_by("submitted_at", "id")
    rows = rows.filter(state=state) if state else rows.filter(state__in=OPEN)
    if search:
        invoices = ApplicationInvoice.objects.filter(number__iexact=search).values("application")
        rows = rows.filter(
            Q(number__icontains=search)
            | Q(exporter__name__icontains=search)
            | Q(exporter__iec__iexact=search)
            | Q(consignee_name__icontains=search)
            | Q(certificate_number__icontains=search)
            | Q(id__in=invoices)
        )
    if mine:
        rows = rows.filter(examiner__public_id=actor.id)
    return rows


def with_item_counts(rows: QuerySet[Application]) -> QuerySet[Application]:
    """The rows with the number of lines of goods in each; one statement, however many rows."""
    lines = ApplicationItem.objects.filter(application=OuterRef("pk")).order_by().values("application")
    counted = Subquery(lines.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return rows.annotate(item_count=Coalesce(counted, 0))


def counts_on_desk(actor: Actor) -> dict[str, int]:
    """How many applications of the office are in each state."""
    rows = applications_visible_to(actor).order_by().values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows}


def case_of(application: Application, on: date) -> Case | None:
    """The newest signed version with the findings of the rules on that day (Indian date); None while nothing was signed."""
    submission = latest_signed(application)
    if submission is None:
        return None
    content = read_application(bytes(submission.content))
    return Case(
        application=application,
        submission=submission,
        content=content,
        findings=lint_application(content, on=on),
        same_invoices=_same_invoices(application, content),
    )


def _same_invoices(application: Application, content: ApplicationContent) -> tuple[SameInvoice, ...]:
    found = [(row.number, same_invoice_elsewhere(application, row.number)) for row in content.invoices]
    return tuple(SameInvoice(number, other.number or "") for number, other in found if other is not None)


def neighbours(rows: QuerySet[Application], application: Application) -> tuple[Application | None, Application | None]:
    """The case before and the case after in the order of the desk, also when the case itself is no longer among the rows."""
    at, key = application.submitted_at, application.pk
    before = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, id__lt=key)).order_by("-submitted_at", "-id")
    after = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, id__gt=key))
    return before.first(), after.first()
