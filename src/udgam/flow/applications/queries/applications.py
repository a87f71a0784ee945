"""Questions about applications. Exporters see their firm's; officers those addressed to their office; nobody else any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from udgam.flow.applications.models import (
    Application,
    ApplicationInvoice,
    ApplicationItem,
    BulkUpload,
    Discrepancy,
    PhysicalVerification,
    Submission,
)
from udgam.flow.registration.queries import exporters_visible_to
from udgam.ground.audit.actors import Actor
from udgam.ground.reference.queries import published_rate
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import office_ids_of
from udgam.rules.numbers import indian_date

AT_THE_OFFICE = ("submitted", "under_examination", "discrepancy", "verification", "approved", "issued", "refused")


def subject_of(application: Application) -> str:
    """How an application is named in the record of acts."""
    return f"application:{application.public_id}"


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """The applications an actor may read."""
    rows = Application.objects.select_related("exporter", "office__agency", "branch", "examiner", "decided_by")
    if actor.kind == "system":
        return rows
    if actor.kind != "person":
        return rows.none()
    if actor.role == Person.Kind.EXPORTER:
        # The firms are asked for first: a list of numbers lets the database read the firm's list from its index.
        return rows.filter(exporter__in=list(exporters_visible_to(actor).values_list("id", flat=True)))
    if actor.role == Person.Kind.OFFICER:
        # The offices are asked for first: a list of numbers lets the database read the desk from its index.
        return rows.filter(office__in=office_ids_of(actor, indian_date(timezone.now())), state__in=AT_THE_OFFICE)
    return rows.none()


def application_visible_to(actor: Actor, public_id: UUID) -> Application | None:
    """One application, or None for a stranger."""
    return applications_visible_to(actor).filter(public_id=public_id).first()


def documents_visible(actor: Actor, reference: str) -> bool:
    """Whether the actor may read the documents of the application with this identifier."""
    try:
        public_id = UUID(reference)
    except ValueError:
        return False
    return applications_visible_to(actor).filter(public_id=public_id).exists()


def office_documents_visible(actor: Actor, reference: str) -> bool:
    """Whether the actor may read what the office keeps for itself about the application with this identifier."""
    return actor.role == Person.Kind.OFFICER and documents_visible(actor, reference)


# The tabs of the exporter's list, and the columns by which it can be sorted.
TAB_STATES = {
    "drafts": ("draft", "correcting"),
    "awaiting-payment": ("awaiting_payment",),
    "submitted": ("submitted", "under_examination", "verification", "approved"),
    "discrepancy": ("discrepancy",),
    "issued": ("issued",),
    "refused": ("refused",),
    "ended": ("withdrawn", "expired"),
}
SORTS = {
    "number": "number",
    "consignee": "consignee_name",
    "agreement": "agreement",
    "office": "office__name",
    "changed": "changed_at",
    "state": "state",
}


def list_for_exporter(
    actor: Actor,
    *,
    tab: str = "",
    state: str = "",
    search: str = "",
    agreement: str = "",
    agency: str = "",
    since: date | None = None,
    until: date | None = None,
    sort: str = "",
) -> QuerySet[Application]:
    """The firm's applications, the latest changed first; filters as on the list page (dates are Indian dates).

    ``sort`` is a key of ``SORTS``, with "-" before it for the other direction; ``agency`` is an agency's code.
    """
    order = f"{'-' if sort.startswith('-') else ''}{SORTS.get(sort.lstrip('-'), '')}"
    by = [order, "-changed_at"] if order.strip("-") else ["-changed_at"]
    rows = applications_visible_to(actor).order_by(*by, "-id")
    if tab in TAB_STATES:
        rows = rows.filter(state__in=TAB_STATES[tab])
    if state:
        rows = rows.filter(state=state)
    if agreement:
        rows = rows.filter(agreement=agreement)
    if agency:
        rows = rows.filter(office__agency__code=agency)
    if search:
        invoiced = ApplicationInvoice.objects.filter(number__icontains=search).values("application")
        rows = rows.filter(
            Q(number__icontains=search)
            | Q(certificate_number__icontains=search)
            | Q(consignee_name__icontains=search)
            | Q(id__in=invoiced)
        )
    if since:
        rows = rows.filter(created_at__date__gte=since)
    if until:
        rows = rows.filter(created_at__date__lte=until)
    return rows


def counts_by_state(actor: Actor) -> dict[str, int]:
    """How many of the visible applications are in each state."""
    # Counting rows and not keys: the index of the list holds all that is asked.
    rows = applications_visible_to(actor).order_by().values("state").annotate(n=Count("*"))
    return {row["state"]: row["n"] for row in rows}


def goods_of(application: Application) -> QuerySet[ApplicationItem]:
    """The lines of goods in order, each with its invoice, its cost sheet and the materials, in a fixed number of questions.

    A page that shows some of them takes a slice, and only those are read.
    """
    rows = application.items.select_related("invoice", "cost_sheet").prefetch_related("cost_sheet__materials")
    return rows.order_by("position")


@dataclass(frozen=True)
class RupeeValue:
    """The FOB value of lines of one currency and invoice day in rupees: by the table, or as the exporter gave it with a reason."""

    currency: str
    fob: Decimal
    rupees: Decimal | None
    source: str
    valid_from: date | None
    reason: str


@dataclass(frozen=True)
class RupeeValues:
    """The values in rupees of an application."""

    rows: tuple[RupeeValue, ...]


def values_in_rupees(application: Application) -> RupeeValues:
    """Lines added up by currency and invoice; a line whose value was overridden stands by itself. Rates of the invoice's day."""
    first = application.invoices.first()
    rows = [
        RupeeValue(item.currency, item.fob, item.inr_value, "", None, item.inr_reason)
        for item in application.items.filter(inr_value__isnull=False).order_by("position")
    ]
    sums: dict[tuple[str, date], Decimal] = {}
    by_rate = application.items.filter(inr_value__isnull=True).order_by("currency", "invoice__date")
    for currency, day, fob in by_rate.values_list("currency", "invoice__date").annotate(Sum("fob")):
        invoiced = day or (first.date if first else None)
        if invoiced is not None:
            sums[currency, invoiced] = sums.get((currency, invoiced), Decimal(0)) + fob
    for (currency, day), fob in sums.items():
        rate = published_rate(currency, day)
        if rate is None:
            rows.append(RupeeValue(currency, fob, None, "", None, ""))
        else:
            rows.append(RupeeValue(currency, fob, rate.in_rupees(fob), rate.source, rate.valid_from, ""))
    return RupeeValues(tuple(rows))


def open_discrepancy(application: Application) -> Discrepancy | None:
    """The question that waits for an answer."""
    return application.discrepancies.filter(answered_at__isnull=True).first()


def open_verification(application: Application) -> PhysicalVerification | None:
    """The visit that is still to come."""
    return application.verifications.filter(reported_at__isnull=True).first()


def signed_versions(application: Application) -> QuerySet[Submission]:
    """All signed versions, the newest first."""
    rows = application.submissions.filter(signature__isnull=False).order_by("-version")
    # The first line for which a derivation of origin was kept, for the link to it.
    return rows.annotate(first_kept=Min("findings__item"))


def latest_signed(application: Application) -> Submission | None:
    """The newest signed version: what officers examine and what a certificate is made of."""
    return application.submissions.filter(signature__isnull=False).order_by("-version").first()


def waiting_submission(application: Application, person: Person) -> Submission | None:
    """What this person was last shown for signing, if it still describes the application."""
    return (
        application.submissions.filter(
            prepared_by=person, signature__isnull=True, edit=application.edit, version=application.version + 1
        )
        .order_by("-prepared_at")
        .first()
    )


def is_issued_to_another(number: str, *, exporter_id: int) -> bool:
    """Whether a certificate number was given here to somebody else: nobody's certificate stands in place of another firm's."""
    return Application.objects.filter(certificate_number=number).exclude(exporter=exporter_id).exists()


def approved_for_office(office_id: int) -> QuerySet[Application]:
    """What an office has approved and not yet issued, oldest decision first; for the list to sign."""
    return (
        Application.objects.select_related("exporter", "office__agency", "decided_by")
        .filter(office=office_id, state="approved")
        .order_by("decided_at")
    )


def upload_of(application: Application, public_id: UUID) -> BulkUpload | None:
    """A table that was uploaded for this application."""
    return application.bulk_uploads.filter(public_id=public_id).first()


def upload_to_read(public_id: str) -> BulkUpload | None:
    """A table that waits to be read; for the platform's own steps."""
    rows = BulkUpload.objects.select_related("application")
    return rows.filter(public_id=public_id, state=BulkUpload.State.READING).first()


def uploads_left_unread(*, uploaded_before: datetime) -> list[str]:
    """Tables that were uploaded before a moment and that nobody has read to their end."""
    rows = BulkUpload.objects.filter(state=BulkUpload.State.READING, uploaded_at__lt=uploaded_before)
    return [str(found) for found in rows.order_by("id").values_list("public_id", flat=True)[:50]]


def subjects_waiting_for_payment() -> list[str]:
    """The applications that wait for their fee, as orders name them; for the platform's own steps."""
    rows = Application.objects.filter(state="awaiting_payment").order_by("id")
    return [subject_of(row) for row in rows.only("public_id")]


def application_of_subject(subject: str) -> Application | None:
    """The application that is named so in the record of acts and in orders; for the platform's own steps."""
    prefix, _, reference = subject.partition(":")
    try:
        public_id = UUID(reference)
    except ValueError:
        return None
    return Application.objects.filter(public_id=public_id).first() if prefix == "application" else None


def application_by_id(application_id: int) -> Application | None:
    """One application with its office, for the platform's own steps."""
    return Application.objects.select_related("office__agency").filter(id=application_id).first()
