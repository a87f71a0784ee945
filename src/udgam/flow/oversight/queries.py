"""Figures of the work: an agency's administrator sees the own agency's, the platform's administrator all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Aggregate, CharField, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Substr, TruncMonth

from udgam.flow.applications.models import Application, ApplicationItem
from udgam.flow.payments.models import Order
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import offices_visible_to
from udgam.rules.numbers import INDIA

FILED = ("submitted", "under_examination", "discrepancy", "verification", "approved", "issued", "refused")
WAITING = ("submitted", "under_examination", "verification", "approved")
# Ages of what waits: the upper bound of each step.
AGES = (timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(days=7))
MOST_ROWS = 20


class Percentile(Aggregate):
    """A percentile of an expression, between two values where it falls between them (SQL:2003, percentile_cont)."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=float(fraction), **extra)


@dataclass(frozen=True, kw_only=True)
class Period:
    """Which applications count: submitted from a day until a day (Indian dates), under one agreement or all."""

    since: date
    until: date
    agreement: str = ""

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        begins = datetime.combine(self.since, time(), INDIA)
        return begins, datetime.combine(self.until + timedelta(days=1), time(), INDIA)


def applications_counted_for(actor: Actor, period: Period) -> QuerySet[Application]:
    """The applications whose figures the actor may see, of a period."""
    begins, ends = period.bounds
    rows = _of(actor).filter(submitted_at__gte=begins, submitted_at__lt=ends, state__in=FILED)
    return rows.filter(agreement=period.agreement) if period.agreement else rows


def _of(actor: Actor) -> QuerySet[Application]:
    rows = Application.objects.order_by()
    if actor.role == Person.Kind.ADMINISTRATOR:
        return rows
    if actor.role == Person.Kind.AGENCY_ADMIN:
        return rows.filter(office__in=offices_visible_to(actor).order_by().values("id"))
    return rows.none()


def counts_by(actor: Actor, period: Period, field: str) -> list[tuple[str, int, int, int]]:
    """Filed, issued and refused by the value of a field, the most first."""
    rows = applications_counted_for(actor, period).values_list(field)
    counted = rows.annotate(
        n=Count("id"), issued=Count("id", filter=Q(state="issued")), refused=Count("id", filter=Q(state="refused"))
    )
    return [(str(key or ""), n, issued, refused) for key, n, issued, refused in counted.order_by("-n", field)]


def counts_by_chapter(actor: Actor, period: Period) -> list[tuple[str, int]]:
    """Applications by chapter of the Harmonised System, the most first; one with goods of two chapters counts in both."""
    counted = applications_counted_for(actor, period).values("id")
    lines = ApplicationItem.objects.order_by().filter(application__in=counted).annotate(chapter=Substr("hs_code", 1, 2))
    rows = lines.values_list("chapter").annotate(n=Count("application", distinct=True)).order_by("-n", "chapter")
    return [(chapter, n) for chapter, n in rows]


def _open_of(actor: Actor, agreement: str) -> QuerySet[Application]:
    rows = _of(actor)
    return rows.filter(agreement=agreement) if agreement else rows


def states_now(actor: Actor, agreement: str = "") -> dict[str, int]:
    """How many applications are in each open state now, under one agreement or all."""
    rows = _open_of(actor, agreement).filter(state__in=(*WAITING, "discrepancy"))
    return dict(rows.values_list("state").annotate(n=Count("id")))


def ages_now(actor: Actor, now: datetime, agreement: str = "") -> list[int]:
    """How many applications have waited for the office up to each of `AGES`, and longer than the last."""
    waiting = _open_of(actor, agreement).filter(state__in=WAITING)
    edges = [now, *[now - age for age in AGES]]
    spans = [Q(submitted_at__lte=newer, submitted_at__gt=older) for newer, older in pairwise(edges)]
    conditions = [*spans, Q(submitted_at__lte=edges[-1])]
    counted = waiting.aggregate(**{f"a{n}": Count("id", filter=one) for n, one in enumerate(conditions)})
    return [counted[f"a{n}"] for n in range(len(conditions))]


def turn_around(actor: Actor, period: Period) -> list[tuple[str, int, timedelta, timedelta, timedelta]]:
    """By agreement: how many were decided, and within which time half, nine tenths and 95 of a hundred were.

    From the last submission of the exporter to the issue or the refusal.
    """
    taken = ExpressionWrapper(Coalesce("issued_at", "decided_at") - F("submitted_at"), output_field=DurationField())
    rows = applications_counted_for(actor, period).filter(state__in=("issued", "refused"))
    rows = rows.filter(Q(issued_at__isnull=False) | Q(decided_at__isnull=False)).annotate(taken=taken)
    counted = rows.values_list("agreement").annotate(
        n=Count("id"), p50=Percentile("taken", 0.5), p90=Percentile("taken", 0.9), p95=Percentile("taken", 0.95)
    )
    return list(counted.order_by("-n", "agreement"))


def revenue_by_month(actor: Actor, period: Period) -> Sequence[tuple[date, int, int]]:
    """Fees without and with tax that were paid and not paid back, in paise, by Indian month."""
    begins, ends = period.bounds
    orders = Order.objects.order_by().filter(
        purpose=Order.Purpose.FEE, state="paid", settled_at__gte=begins, settled_at__lt=ends
    )
    if actor.role == Person.Kind.AGENCY_ADMIN:
        orders = orders.filter(agency__in=offices_visible_to(actor).order_by().values("agency"))
    elif actor.role != Person.Kind.ADMINISTRATOR:
        return []
    if period.agreement:
        under = Application.objects.order_by().filter(agreement=period.agreement)
        subject = Concat(Value("application:"), Cast("public_id", CharField()))
        orders = orders.filter(subject__in=under.annotate(subject=subject).values("subject"))
    rows = orders.annotate(month=TruncMonth("settled_at", tzinfo=INDIA)).values("month")
    counted = rows.annotate(fees=Sum("fee_paise"), total=Sum("total_paise")).order_by("month")
    return [(row["month"].date(), row["fees"], row["total"]) for row in counted]
