"""What a gateway says is applied here, and a wallet pays. Each rupee is used once, whatever comes twice, late or out of order."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.payments.models import Attempt, Capture, LedgerAccount, LedgerEntry, Order, Paper, Refund
from udgam.flow.payments.queries import subject_of
from udgam.flow.payments.refusals import PaymentRefused
from udgam.flow.payments.services.ledger import book, income_of, require_in_wallet
from udgam.flow.payments.services.papers import issue_paper
from udgam.flow.payments.services.telling import tell
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.connectors.payment_gateways import AttemptFacts, CaptureFact
from udgam.ground.tasks import defer
from udgam.rules.fees import ORDER

log = logging.getLogger("udgam.payments")


@transaction.atomic
def pay_from_wallet(*, order: Order, actor: Actor, now: datetime) -> Order:
    """Pay an open fee order from the exporter's wallet at its agency. Raises `PaymentRefused`; who comes second is told so."""
    row = locked(order_id=order.id)
    if row.state != "open" or row.purpose != Order.Purpose.FEE or row.expires_at <= now:
        raise PaymentRefused("payment.not_open")
    require_in_wallet(order=row)
    book(
        kind=LedgerEntry.Kind.FEE_FROM_WALLET,
        key=f"order:{row.public_id}:wallet",
        order=row,
        amounts={LedgerAccount.Kind.WALLET: row.total_paise, **income_of(order=row)},
        now=now,
    )
    _settle(row, paid_by=Order.PaidBy.WALLET, actor=actor, now=now)
    return row


@transaction.atomic
def apply_attempt(*, account: str, facts: AttemptFacts, actor: Actor, now: datetime) -> Attempt:
    """Take over what a gateway knows about a trip; twice the same changes nothing the second time.

    Money for an open order of exactly its amount settles it. Money that cannot be used (paid already, ended, another amount) is
    recorded as owed to the exporter and paid back. Raises `PaymentRefused` ("payment.message_unknown").
    """
    found = _attempt(account, facts.reference)
    order = locked(order_id=found.order_id)
    attempt = Attempt.objects.select_for_update().get(id=found.id)
    for fact in facts.captures:
        if not Capture.objects.filter(account=account, payment_id=fact.payment_id).exists():
            _use(order, attempt, fact, actor, now)
    if facts.captures:
        state = Attempt.State.CAPTURED
    elif facts.state == "failed":
        state = Attempt.State.FAILED
    else:
        return attempt
    if attempt.state not in {state, Attempt.State.CAPTURED}:
        attempt.state, attempt.failure, attempt.finished_at = state, facts.failure[:120], now
        attempt.save(update_fields=["state", "failure", "finished_at"])
    return attempt


def locked(*, order_id: int) -> Order:
    """The order, held until the transaction ends: whoever else deals with it waits."""
    return Order.objects.select_for_update(of=("self",)).select_related("exporter", "agency").get(id=order_id)


def _attempt(account: str, reference: str) -> Attempt:
    try:
        found = Attempt.objects.filter(account=account, public_id=UUID(hex=reference)).first()
    except ValueError:
        found = None
    if found is None:
        raise PaymentRefused("payment.message_unknown")
    return found


def _use(order: Order, attempt: Attempt, fact: CaptureFact, actor: Actor, now: datetime) -> None:
    use = _use_of(order, fact)
    capture = Capture.objects.create(
        account=attempt.account,
        payment_id=fact.payment_id,
        attempt=attempt,
        amount_paise=fact.amount_paise,
        captured_at=fact.captured_at,
        heard_at=now,
        use=use,
    )
    key = f"capture:{attempt.account}:{fact.payment_id}"
    kinds = LedgerAccount.Kind
    if use == Capture.Use.SETTLED:
        is_fee = order.purpose == Order.Purpose.FEE
        credit: dict[str, int] = income_of(order=order) if is_fee else {str(kinds.WALLET): -order.total_paise}
        kind = LedgerEntry.Kind.FEE_PAID if is_fee else LedgerEntry.Kind.DEPOSIT
        book(kind=kind, key=key, order=order, amounts={kinds.GATEWAY: fact.amount_paise, **credit}, now=now)
        _settle(order, paid_by=Order.PaidBy.GATEWAY, actor=actor, now=now)
        return
    amounts: dict[str, int] = {kinds.GATEWAY: fact.amount_paise, kinds.REFUNDS_DUE: -fact.amount_paise}
    book(kind=LedgerEntry.Kind.SURPLUS, key=key, order=order, amounts=amounts, now=now)
    refund = Refund.objects.create(
        order=order,
        capture=capture,
        amount_paise=fact.amount_paise,
        undoes_order=False,
        reason=use,
        to=Refund.To.SOURCE,
        asked_at=now,
    )
    details = {"use": str(use), "amount_paise": fact.amount_paise}
    record(act="order.surplus_received", subject=subject_of(order), actor=actor, now=now, details=details)
    defer("payments.send_refund", refund=str(refund.public_id))
    tell(order=order, template="surplus", now=now, amount_paise=fact.amount_paise, use=use)
    log.warning("surplus payment", extra={"reason": str(use)})


def _use_of(order: Order, fact: CaptureFact) -> Capture.Use:
    if order.state in {"paid", "refunded"}:
        return Capture.Use.PAID_ALREADY
    if order.state != "open":
        return Capture.Use.LATE
    return Capture.Use.SETTLED if fact.amount_paise == order.total_paise else Capture.Use.AMOUNT_DIFFERS


def _settle(order: Order, *, paid_by: str, actor: Actor, now: datetime) -> None:
    """The one place where an order becomes paid: state, receipt, task of the room that opened it, record, mail; one transaction."""
    target = ORDER.next(order.state, "settle")
    changed = Order.objects.filter(id=order.id, state=order.state).update(state=target, paid_by=paid_by, settled_at=now)
    if changed != 1:
        raise PaymentRefused("payment.not_open")
    order.state, order.paid_by, order.settled_at = target, paid_by, now
    kind = Paper.Kind.RECEIPT if order.purpose == Order.Purpose.FEE else Paper.Kind.DEPOSIT
    paper = issue_paper(order=order, kind=kind, reason="", now=now)
    if order.settled_task:
        defer(order.settled_task, subject=order.subject)
    details = {"by": paid_by, "total_paise": order.total_paise, "receipt": paper.number}
    record(act="order.settled", subject=subject_of(order), actor=actor, now=now, details=details)
    tell(order=order, template="paid", now=now, paper=paper)
