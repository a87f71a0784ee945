"""Orders that nobody pays end, after a reminder."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.payments.models import Order
from udgam.flow.payments.queries import orders_to_end, subject_of
from udgam.flow.payments.services.settling import locked
from udgam.flow.payments.services.telling import tell
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks import defer
from udgam.rules.fees import ORDER
from udgam.rules.fees.periods import REMINDER_BEFORE_END


def end_unpaid(*, actor: Actor, now: datetime) -> int:
    """End every open order whose time is over, each in a transaction of its own; answers how many."""
    return sum(_end(order_id, actor, now) for order_id in orders_to_end(now).values_list("id", flat=True))


def remind(*, now: datetime) -> int:
    """Remind once of each open fee order that ends soon; answers how many."""
    soon = Order.objects.filter(state="open", purpose=Order.Purpose.FEE, reminded_at__isnull=True)
    reminded = 0
    for order_id in soon.filter(expires_at__lte=now + REMINDER_BEFORE_END, expires_at__gt=now).values_list(
        "id", flat=True
    ):
        with transaction.atomic():
            if Order.objects.filter(id=order_id, state="open", reminded_at__isnull=True).update(reminded_at=now):
                order = Order.objects.select_related("exporter", "agency").get(id=order_id)
                tell(order=order, template="reminder", now=now)
                reminded += 1
    return reminded


@transaction.atomic
def _end(order_id: int, actor: Actor, now: datetime) -> bool:
    order = locked(order_id=order_id)
    # The condition is asked again with the order held: somebody may have gone to the gateway or paid meanwhile.
    if not orders_to_end(now).filter(id=order_id).update(state=ORDER.next("open", "expire"), closed_at=now):
        return False
    if order.expired_task:
        defer(order.expired_task, subject=order.subject)
    record(act="order.expired", subject=subject_of(order), actor=actor, now=now)
    if order.purpose == Order.Purpose.FEE:
        tell(order=order, template="expired", now=now)
    return True
