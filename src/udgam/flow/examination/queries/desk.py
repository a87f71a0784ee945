"""The queue of an office: what waits, in which order, and who is at what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from udgam.flow.applications.models import Application, ApplicationInvoice, ApplicationItem
from udgam.flow.applications.queries import applications_visible_to
from udgam.flow.registration.models import Exporter
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.queries import office_ids_of
from udgam.rules.numbers import indian_date

# The states in which a case lies on the desk; the index `application_desk_due` holds exactly these.
OPEN = ("submitted", "under_examination", "discrepancy", "verification", "approved")
# The orders in which the desk can stand, each ending with the key so that it is the same on every page.
ORDERS: dict[str, tuple[str, ...]] = {
    "due": ("due_at", "id"),
    "submitted": ("submitted_at", "id"),
    "exporter": ("exporter__name", "id"),
    "destination": ("destination", "id"),
    "number": ("number", "id"),
}


def desk(
    actor: Actor,
    *,
    state: str = "",
    search: str = "",
    mine: bool = False,
    free: bool = False,
    late: bool = False,
    agreement: str = "",
    order: str = "",
    now: datetime | None = None,
) -> QuerySet[Application]:
    """The applications addressed to the actor's office, what is due first on top. No state: all that are open.

    ``mine``: taken up by the actor; ``free``: by nobody; ``late``: due before ``now``.
    """
    rows = applications_visible_to(actor).order_by(*ORDERS.get(order, ORDERS["due"]))
    rows = rows.filter(state=state) if state else rows.filter(state__in=OPEN)
    if agreement:
        rows = rows.filter(agreement=agreement)
    if search:
        rows = rows.filter(_found(search))
    if mine:
        rows = rows.filter(examiner__public_id=actor.id)
    if free:
        rows = rows.filter(examiner__isnull=True)
    if late and now is not None:
        rows = rows.filter(due_at__lt=now)
    return rows


def _found(search: str) -> Q:
    """Firms and invoices are found in their own tables first, so that the desk is never read together with them."""
    firms = Exporter.objects.filter(Q(name__icontains=search) | Q(iec__iexact=search)).values("id")[:500]
    invoices = ApplicationInvoice.objects.filter(number__iexact=search).values("application")
    return (
        Q(number__icontains=search)
        | Q(exporter__in=list(firms.values_list("id", flat=True)))
        | Q(consignee_name__icontains=search)
        | Q(certificate_number__icontains=search)
        | Q(id__in=list(invoices.values_list("application", flat=True)[:500]))
    )


def with_item_counts(rows: Iterable[Application]) -> list[Application]:
    """The rows of one page with the number of lines of goods in each; one more statement, however many rows."""
    page = list(rows)
    lines = ApplicationItem.objects.filter(application__in=[row.pk for row in page]).order_by()
    counted = dict(lines.values_list("application").annotate(n=Count("pk")))
    for row in page:
        row.item_count = counted.get(row.pk, 0)  # type: ignore[attr-defined]
    return page


def counts_on_desk(actor: Actor, now: datetime) -> dict[str, int]:
    """How many applications of the office are in each open state, and how many are "late"."""
    rows = _plain(actor, now).filter(state__in=OPEN).order_by().values("state")
    is_late = Q(due_at__lt=now, state__in=("submitted", "under_examination"))
    counted = {row["state"]: row for row in rows.annotate(n=Count("id"), late=Count("id", filter=is_late))}
    return {state: row["n"] for state, row in counted.items()} | {"late": sum(row["late"] for row in counted.values())}


def _plain(actor: Actor, now: datetime) -> QuerySet[Application]:
    """The office's rows without what belongs to them: for counting."""
    return Application.objects.filter(office__in=office_ids_of(actor, indian_date(now)))


def neighbours(
    rows: QuerySet[Application], application: Application, order: str = ""
) -> tuple[Application | None, Application | None]:
    """The case before and the case after in the order of the desk, also when the case itself is no longer among the rows."""
    first, key = ORDERS.get(order, ORDERS["due"])
    at: Any = application
    for part in first.split("__"):
        at = getattr(at, part)
    if at is None:
        return None, None
    before = rows.filter(Q(**{f"{first}__lte": at})).exclude(Q(**{first: at}) & Q(id__gte=application.pk))
    after = rows.filter(Q(**{f"{first}__gte": at})).exclude(Q(**{first: at}) & Q(id__lte=application.pk))
    return before.order_by(F(first).desc(), f"-{key}").first(), after.first()


@dataclass(frozen=True)
class Colleague:
    """What an officer of the office has on the desk."""

    person: Person
    role: str
    held: int
    late: int
    decided_today: int
    is_on_leave: bool


def workload(actor: Actor, *, now: datetime, since: datetime) -> Sequence[Colleague]:
    """The officers of the actor's offices with what each holds, and how much each has decided since a moment."""
    offices = office_ids_of(actor, indian_date(now))
    posts = Officer.objects.filter(office__in=offices, ended_at__isnull=True).exclude(role=Officer.Role.ADMINISTRATOR)
    rows = Application.objects.filter(office__in=offices)
    held = rows.filter(state="under_examination").order_by().values("examiner")
    counts = {
        row["examiner"]: (row["n"], row["late"])
        for row in held.annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    }
    decided = dict(rows.filter(decided_at__gte=since).order_by().values_list("decided_by").annotate(n=Count("id")))
    today = indian_date(now)
    away = set(
        posts.filter(leaves__cancelled_at__isnull=True, leaves__since__lte=today, leaves__until__gte=today).values_list(
            "id", flat=True
        )
    )
    return [
        Colleague(
            person=post.person,
            role=post.get_role_display(),
            held=counts.get(post.person_id, (0, 0))[0],
            late=counts.get(post.person_id, (0, 0))[1],
            decided_today=decided.get(post.person_id, 0),
            is_on_leave=post.id in away,
        )
        for post in posts.select_related("person").order_by("person__name")
    ]
