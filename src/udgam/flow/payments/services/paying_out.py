"""Paying money of a wallet back to where it came from.

By rule it goes back through the deposits that were paid online, the latest first, each at most for what it brought: prepaid money is
the firm's, and it leaves by the way by which it came, so that a wallet is no way to move money to somebody else.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from udgam.flow.payments.models import Capture, LedgerAccount, LedgerEntry, Order, Refund
from udgam.flow.payments.queries import subject_of
from udgam.flow.payments.refusals import PaymentRefused
from udgam.flow.payments.services.ledger import book
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.policies import may_undo
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks import defer
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency
from udgam.rules.fees import written

KINDS = LedgerAccount.Kind


@transaction.atomic
def pay_out(
    *, exporter: Exporter, agency: Agency, amount_paise: int, person: Person, actor: Actor, now: datetime
) -> list[Refund]:
    """Take money out of the firm's wallet at the agency and send it back; answers what is on its way, one for each deposit.

    Raises `PaymentRefused`: "payment.payout_not_signatory", "payment.payout_amount" for less than nothing or more than the wallet
    holds, "payment.payout_no_source" when the deposits cannot take so much back.
    """
    if not may_undo(person, exporter, is_signed=True):
        raise PaymentRefused("payment.payout_not_signatory")
    wallet = LedgerAccount.objects.select_for_update().filter(agency=agency, exporter=exporter).first()
    held = -wallet.balance_paise if wallet else 0
    if not 0 < amount_paise <= held:
        raise PaymentRefused("payment.payout_amount", balance=written(held))
    parts = _parts(exporter, agency, amount_paise)
    return [_send(capture, part, actor, now) for capture, part in parts]


def _parts(exporter: Exporter, agency: Agency, amount_paise: int) -> list[tuple[Capture, int]]:
    """Which deposit takes how much back. The wallet is locked, so nobody else divides the same deposits."""
    deposits = Capture.objects.filter(
        use=Capture.Use.SETTLED,
        attempt__order__purpose=Order.Purpose.DEPOSIT,
        attempt__order__exporter=exporter,
        attempt__order__agency=agency,
    )
    rest, parts = amount_paise, list[tuple[Capture, int]]()
    for capture in deposits.select_related("attempt__order").order_by("-captured_at", "-id"):
        spent = Refund.objects.filter(capture=capture).aggregate(total=Sum("amount_paise"))["total"] or 0
        part = min(rest, capture.amount_paise - spent)
        if part > 0:
            parts.append((capture, part))
            rest -= part
        if not rest:
            return parts
    raise PaymentRefused("payment.payout_no_source", available=written(amount_paise - rest))


def _send(capture: Capture, amount_paise: int, actor: Actor, now: datetime) -> Refund:
    order = capture.attempt.order
    given = Refund.objects.create(
        order=order,
        capture=capture,
        amount_paise=amount_paise,
        undoes_order=False,
        empties_wallet=True,
        reason="paid out of the wallet",
        to=Refund.To.SOURCE,
        asked_at=now,
    )
    book(
        kind=LedgerEntry.Kind.WALLET_PAID_OUT,
        key=f"refund:{given.public_id}",
        order=order,
        amounts={KINDS.WALLET: amount_paise, KINDS.REFUNDS_DUE: -amount_paise},
        now=now,
    )
    defer("payments.send_refund", refund=str(given.public_id))
    details = {"amount_paise": amount_paise, "refund": str(given.public_id)}
    record(act="order.wallet_paid_out", subject=subject_of(order), actor=actor, now=now, details=details)
    return given
