"""One case: the newest signed version, what the rules find in it, and what is known about the firm and its goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from udgam.flow.applications.models import Application, ApplicationDocument, Submission
from udgam.flow.applications.places import paper_titles
from udgam.flow.applications.queries import latest_signed, same_invoices_elsewhere, signed_versions
from udgam.flow.examination.models import Note
from udgam.ground.agreements.queries import agreement_for
from udgam.ground.audit.actors import Actor
from udgam.ground.documents.models import Drawn
from udgam.ground.documents.queries import drawings_of
from udgam.ground.reference.queries import Rate, published_rate
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.queries import leaves_on, office_ids_of
from udgam.rules.content import ApplicationContent, read_application
from udgam.rules.content.differences import Difference, differences
from udgam.rules.lints import Finding, lint_application
from udgam.rules.numbers import indian_date

REMEMBERED = timedelta(days=365)
SHOWN = 5


@dataclass(frozen=True)
class SameInvoice:
    """An invoice of the case that another application of the firm names too."""

    invoice: str
    application_number: str


@dataclass(frozen=True)
class FirmHistory:
    """What the agency knows about the firm: how its applications ended, and the last of them."""

    issued: int
    refused_lately: int
    open: int
    latest: tuple[Application, ...]


@dataclass(frozen=True)
class Case:
    """An application as the officer examines it: the newest signed version, with what the rules find in it."""

    application: Application
    submission: Submission
    content: ApplicationContent
    findings: tuple[Finding, ...]
    same_invoices: tuple[SameInvoice, ...]
    firm: FirmHistory
    # Applications of the firm that ended in a certificate for goods under one of the same headings (six digits).
    same_goods: tuple[Application, ...]


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
        findings=lint_application(content, on=on, agreement=agreement_for(content)),
        same_invoices=_same_invoices(application, content),
        firm=_history(application, on),
        same_goods=_same_goods(application, content),
    )


def _same_invoices(application: Application, content: ApplicationContent) -> tuple[SameInvoice, ...]:
    found = same_invoices_elsewhere(application, [row.number for row in content.invoices])
    return tuple(SameInvoice(number, other.number or "") for number, other in found)


def _at_the_agency(application: Application) -> QuerySet[Application]:
    agency = application.office.agency_id if application.office else None
    rows = Application.objects.filter(exporter=application.exporter_id, office__agency=agency)
    return rows.exclude(id=application.id)


def _history(application: Application, on: date) -> FirmHistory:
    rows = _at_the_agency(application).exclude(state__in=("draft", "withdrawn"))
    lately = on - REMEMBERED
    # Of a firm with many thousand certificates it is enough to know that there are so many.
    issued = rows.filter(state="issued").order_by().values("id")[:1000].count()
    others = rows.filter(
        state__in=("submitted", "under_examination", "discrepancy", "verification", "approved", "refused")
    )
    counts = others.order_by().aggregate(
        refused=Count("id", filter=Q(state="refused", decided_at__date__gte=lately)),
        open=Count("id", filter=~Q(state="refused")),
    )
    latest = rows.select_related("office").order_by("-changed_at")[:SHOWN]
    return FirmHistory(issued, counts["refused"], counts["open"], tuple(latest))


def _same_goods(application: Application, content: ApplicationContent) -> tuple[Application, ...]:
    headings = {item.hs_code[:6] for item in content.items}
    same = Q()
    for heading in sorted(headings)[:20]:
        same |= Q(items__hs_code__startswith=heading)
    if not same:
        return ()
    rows = _at_the_agency(application).filter(state="issued").order_by("-changed_at")
    # Looked for among the last two hundred: an older certificate tells little about today's goods.
    recent = list(rows.values_list("id", flat=True)[:200])
    found = Application.objects.filter(id__in=recent).filter(same).distinct().order_by("-issued_at")
    return tuple(found.select_related("office")[:SHOWN])


@dataclass(frozen=True)
class Comparison:
    """Two signed versions, what changed from one to the other, and the titles of the papers of both by their place."""

    before: Submission
    after: Submission
    changed: tuple[Difference, ...]
    titles: dict[str, str]


def changes_of(application: Application, since_version: int | None = None) -> Comparison | None:
    """What the newest signed version changes; None for an application signed once.

    Without a version the newest is compared with the one before it.
    """
    versions = list(signed_versions(application))
    older = [row for row in versions[1:] if since_version in (None, row.version)]
    if not older:
        return None
    before, after = read_application(bytes(older[0].content)), read_application(bytes(versions[0].content))
    return Comparison(
        older[0], versions[0], differences(before, after), {**paper_titles(before), **paper_titles(after)}
    )


def notes_visible_to(actor: Actor, application: Application) -> QuerySet[Note]:
    """The notes of the office about a case, the newest first; for its own officers alone."""
    rows = Note.objects.filter(application=application).select_related("author").order_by("-written_at")
    is_own = application.office_id in office_ids_of(actor, indian_date(timezone.now()))
    return rows if actor.role == Person.Kind.OFFICER and is_own else rows.none()


def colleagues_for(application: Application, *, person: Person, now: datetime) -> list[Officer]:
    """Officers of the case's office to whom it can be given today: neither suspended nor on leave, and not the asker's own post."""
    away = leaves_on(indian_date(now)).values("officer")
    rows = Officer.objects.filter(office=application.office_id, ended_at__isnull=True, suspended_at__isnull=True)
    rows = (
        rows.exclude(role=Officer.Role.ADMINISTRATOR).exclude(id__in=away).exclude(person=application.examiner_id or 0)
    )
    return list(rows.select_related("person").order_by("person__name"))


def fob_in_rupees(application: Application) -> Decimal | None:
    """The FOB value of the consignment in rupees by the table of rates, or None when a line's currency has no rate.

    What the exporter declares instead counts where it is higher: nobody makes a consignment small by saying so.
    """
    first = application.invoices.first()
    rates: dict[tuple[str, date], Rate | None] = {}
    total = Decimal()
    lines = application.items.order_by().values_list("currency", "invoice__date", "inr_value", "fob")
    for currency, invoiced, declared, fob in lines:
        day = invoiced or (first.date if first else None)
        if day is None:
            return None
        if (currency, day) not in rates:
            rates[currency, day] = published_rate(currency, day)
        rate = rates[currency, day]
        if rate is None:
            return None
        total += max(rate.in_rupees(fob), declared or Decimal())
    return total


@dataclass(frozen=True)
class Paper:
    """A document of the case with what is drawn of it, and its place in the signed version."""

    row: ApplicationDocument
    drawn: Drawn | None

    @property
    def place(self) -> str:
        return f"documents[{self.row.document.sha256[:12]}]"

    @property
    def pages(self) -> range:
        return range(1, (self.drawn.pages if self.drawn else 0) + 1)

    @property
    def is_drawable(self) -> bool:
        return self.row.document.media_type in {"application/pdf", "image/jpeg", "image/png"}


def papers_of(application: Application) -> list[Paper]:
    """The documents of a case. The caller has found the case through the person."""
    rows = list(application.documents.select_related("document"))
    drawn = drawings_of([row.document for row in rows])
    return [Paper(row, drawn.get(row.document_id)) for row in rows]
