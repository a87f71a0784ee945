"""Paying back: a refund undoes a paid order once; money no order could use goes back by itself.

By rule it goes back where it came from: an order paid from the wallet into the wallet, one paid online through the gateway. What
the gateway will not pay back for good is put into the exporter's wallet, so that nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from udgam.flow.payments.models import Capture, LedgerAccount, LedgerEntry, Order, Paper, Refund
from udgam.flow.payments.queries import order_for_subject, refunds_to_follow, subject_of
from udgam.flow.payments.refusals import PaymentRefused
from udgam.flow.payments.services.ledger import book, income_of
from udgam.flow.payments.services.opening import cancel_order
from udgam.flow.payments.services.papers import issue_paper
from udgam.flow.payments.services.settling import locked
from udgam.flow.payments.services.telling import tell
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.connectors.payment_gateways import RefundFacts
from udgam.ground.tasks import defer
from udgam.rules.fees import ORDER

KINDS = LedgerAccount.Kind


@dataclass(frozen=True, kw_only=True)
class ToPayBack:
    """What the gateway is to be asked for."""

    account: str
    reference: str
    payment_id: str
    amount_paise: int


@transaction.atomic
def refund(*, order: Order, reason: str, actor: Actor, now: datetime) -> Refund:
    """Pay a fee back: credit note, entry in the books, and the money on its way, in the caller's transaction.

    Raises `PaymentRefused`: "payment.refunded_already" for a second time, "payment.not_paid" for anything else that is not paid.
    """
    row = locked(order_id=order.id)
    if row.state == "refunded":
        raise PaymentRefused("payment.refunded_already")
    if row.state != "paid" or row.purpose != Order.Purpose.FEE:
        raise PaymentRefused("payment.not_paid")
    from_wallet = row.paid_by == Order.PaidBy.WALLET
    row.state = ORDER.next(row.state, "refund")
    row.closed_at, row.close_reason = now, reason[:300]
    row.save(update_fields=["state", "closed_at", "close_reason"])
    given = Refund.objects.create(
        order=row,
        capture=None if from_wallet else _paying_capture(row),
        amount_paise=row.total_paise,
        undoes_order=True,
        reason=reason[:300],
        to=Refund.To.WALLET if from_wallet else Refund.To.SOURCE,
        state="done" if from_wallet else "waiting",
        asked_at=now,
        done_at=now if from_wallet else None,
    )
    book(
        kind=LedgerEntry.Kind.FEE_REFUNDED,
        key=f"refund:{given.public_id}",
        order=row,
        amounts={
            **{kind: -amount for kind, amount in income_of(order=row).items()},
            (KINDS.WALLET if from_wallet else KINDS.REFUNDS_DUE): -row.total_paise,
        },
        now=now,
    )
    paper = issue_paper(order=row, kind=Paper.Kind.CREDIT_NOTE, reason=reason[:300], now=now)
    if not from_wallet:
        defer("payments.send_refund", refund=str(given.public_id))
    details = {"total_paise": row.total_paise, "to": given.to, "credit_note": paper.number}
    record(act="order.refunded", subject=subject_of(row), actor=actor, now=now, details=details)
    tell(order=row, template="refunded", now=now, paper=paper, refund=given)
    return given


@transaction.atomic
def give_back(*, subject: str, reason: str, actor: Actor, now: datetime) -> Order | None:
    """Undo the fee order of a subject, whatever it has come to: a paid one is refunded, an open one cancelled, others stay.

    The one call for a room whose thing was refused or withdrawn. Answers the order as it now stands, or None when there was none.
    """
    found = order_for_subject(subject)
    if found is None:
        return None
    row = locked(order_id=found.id)
    if row.state == "paid":
        refund(order=row, reason=reason, actor=actor, now=now)
    elif row.state == "open":
        cancel_order(order=row, reason=reason, actor=actor, now=now)
    row.refresh_from_db()
    return row


@transaction.atomic
def begin_refund(*, refund_id: str, tried_before: datetime, now: datetime) -> ToPayBack | None:
    """Claim a refund that waits, for one call to the gateway; None when it is done or somebody is at it."""
    claimed = refunds_to_follow(tried_before=tried_before).filter(public_id=refund_id)
    if not claimed.update(tried_at=now, tries=F("tries") + 1):
        return None
    row = Refund.objects.select_related("capture").get(public_id=refund_id)
    if row.capture is None:
        raise ValueError("a refund to the source names the source")
    return ToPayBack(
        account=row.capture.account,
        reference=row.public_id.hex,
        payment_id=row.capture.payment_id,
        amount_paise=row.amount_paise,
    )


@transaction.atomic
def finish_refund(*, account: str, facts: RefundFacts, actor: Actor, now: datetime) -> Refund:
    """Take over what the gateway says about a refund; what is done stays done. Raises `PaymentRefused` ("payment.message_unknown")."""
    found = _refund(account, facts.reference)
    order = locked(order_id=found.order_id)
    row = Refund.objects.select_for_update().get(id=found.id)
    if row.state == "done":
        return row
    if facts.state in {"pending", "unknown"}:
        row.state, row.gateway_refund_id = "sent", facts.refund_id or row.gateway_refund_id
        row.save(update_fields=["state", "gateway_refund_id"])
        return row
    to_wallet = facts.state == "refused"
    kind = LedgerEntry.Kind.REFUND_TO_WALLET if to_wallet else LedgerEntry.Kind.REFUND_PAID
    amounts: dict[str, int] = {
        KINDS.REFUNDS_DUE: row.amount_paise,
        (KINDS.WALLET if to_wallet else KINDS.GATEWAY): -row.amount_paise,
    }
    book(kind=kind, key=f"refund:{row.public_id}:finished", order=order, amounts=amounts, now=now)
    row.state, row.done_at, row.failure = "done", now, facts.failure[:120]
    row.to = Refund.To.WALLET if to_wallet else Refund.To.SOURCE
    row.gateway_refund_id = facts.refund_id or row.gateway_refund_id
    row.save(update_fields=["state", "done_at", "failure", "to", "gateway_refund_id"])
    details = {"amount_paise": row.amount_paise, "to": row.to}
    record(act="order.refund_finished", subject=subject_of(order), actor=actor, now=now, details=details)
    tell(order=order, template="refund_finished", now=now, refund=row)
    return row


def _refund(account: str, reference: str) -> Refund:
    try:
        found = Refund.objects.filter(public_id=UUID(hex=reference), capture__account=account).first()
    except ValueError:
        found = None
    if found is None:
        raise PaymentRefused("payment.message_unknown")
    return found


def _paying_capture(order: Order) -> Capture:
    return Capture.objects.get(attempt__order=order, use=Capture.Use.SETTLED)
