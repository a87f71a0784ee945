"""A trip to the gateway: the attempt is stored, the gateway makes a page, the page is stored; and what the gateway tells us."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from udgam.flow.payments.models import Attempt, GatewayMessage, Order
from udgam.flow.payments.queries import running_attempt, subject_of
from udgam.flow.payments.refusals import PaymentRefused
from udgam.flow.payments.services.refunding import finish_refund
from udgam.flow.payments.services.settling import apply_attempt, locked
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.connectors.payment_gateways import AttemptFacts, Message

# For so long a second click leads to the same page of the gateway, which takes the money once.
SAME_PAGE_FOR = timedelta(minutes=15)


@transaction.atomic
def begin_attempt(*, order: Order, actor: Actor, now: datetime) -> Attempt:
    """Store that somebody sets out to pay; answers the trip under way when there is one (its `page` is then set).

    Raises `PaymentRefused` for an order that is not open or whose time is over, or an agency that cannot be paid.
    """
    row = locked(order_id=order.id)
    if row.state != "open" or row.expires_at <= now:
        raise PaymentRefused("payment.not_open")
    if not row.agency.gateway:
        raise PaymentRefused("payment.agency_not_ready")
    under_way = running_attempt(row, since=now - SAME_PAGE_FOR)
    if under_way is not None:
        return under_way
    attempt = Attempt.objects.create(
        order=row, account=row.agency.gateway, amount_paise=row.total_paise, started_by=actor.id, started_at=now
    )
    details = {"attempt": str(attempt.public_id), "account": attempt.account}
    record(act="order.attempted", subject=subject_of(row), actor=actor, now=now, details=details)
    return attempt


@transaction.atomic
def finish_attempt(*, attempt: Attempt, page: str, failure: str, now: datetime) -> None:
    """Store the gateway's page, or why there is none."""
    if page:
        Attempt.objects.filter(id=attempt.id, page="").update(page=page)
    else:
        Attempt.objects.filter(id=attempt.id, state=Attempt.State.STARTED, page="").update(
            state=Attempt.State.ENDED, failure=failure[:120], finished_at=now
        )
    attempt.refresh_from_db()


@transaction.atomic
def receive_message(*, account: str, message: Message, actor: Actor, now: datetime) -> bool:
    """Take a genuine message of the gateway; False when it came before, and then nothing changes.

    Raises `PaymentRefused` ("payment.message_unknown") for one about something that was not begun here; then it left no trace.
    """
    _row, is_new = GatewayMessage.objects.get_or_create(
        account=account,
        message_id=message.message_id,
        defaults={"kind": message.kind, "sha256": message.sha256, "received_at": now},
    )
    if not is_new:
        return False
    if isinstance(message.about, AttemptFacts):
        apply_attempt(account=account, facts=message.about, actor=actor, now=now)
    else:
        finish_refund(account=account, facts=message.about, actor=actor, now=now)
    return True
