"""Two at once, with real threads and real transactions: one of them counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.at_once import at_once
from tests.rooms.payments.purse import ACTOR, Payer, apply, assert_books_balance, attempt, books, captured, jobs, paid
from udgam.flow.payments import services
from udgam.flow.payments.models import Capture, GatewayMessage, LedgerEntry, Order, Paper, Refund
from udgam.ground.connectors.payment_gateways import Message, RefundFacts
from udgam.parties.agencies.models import Agency
from udgam.rules.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)
TOTAL = 236_00


def refusals(answers: list[Any]) -> int:
    return sum(isinstance(answer, Refused) for answer in answers)


def test_one_wallet_pays_as_many_orders_as_it_holds_money_for(agency: Agency, payer: Payer) -> None:
    payer.deposit(2 * TOTAL + 1_00)
    orders = [payer.order() for _ in range(6)]
    answers = at_once(
        *[lambda row=row: services.pay_from_wallet(order=row, actor=ACTOR, now=timezone.now()) for row in orders]
    )
    assert refusals(answers) == 4
    assert Order.objects.filter(purpose="fee", state="paid").count() == 2
    assert payer.balance == 1_00
    assert_books_balance()


def test_one_order_is_paid_from_the_wallet_once(payer: Payer) -> None:
    payer.deposit(5 * TOTAL)
    order = payer.order()
    answers = at_once(*[lambda: services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now())] * 4)
    assert refusals(answers) == 3
    assert payer.balance == 4 * TOTAL
    assert jobs("tests.settled") == 1


def test_wallet_and_gateway_at_the_same_moment_use_the_money_once(agency: Agency, payer: Payer) -> None:
    payer.deposit(TOTAL)
    order = payer.order()
    trip = attempt(order)
    at_once(
        lambda: services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now()),
        lambda: apply(trip, captured(trip)),
    )
    order.refresh_from_db()
    assert order.state == "paid"
    held = books(agency)
    assert held["fees"] == -200_00
    # Either the wallet paid and the gateway's money goes back, or the gateway's money paid and the wallet is untouched.
    assert payer.balance == (0 if order.paid_by == "wallet" else TOTAL)
    assert Refund.objects.count() == (1 if order.paid_by == "wallet" else 0)
    assert_books_balance()


def test_the_same_callback_many_times_at_once_counts_once(agency: Agency, payer: Payer) -> None:
    trip = attempt(payer.order())
    message = Message(message_id="msg_1", kind="payment.captured", sha256="0" * 64, about=captured(trip))

    def receive() -> bool:
        return services.receive_message(account="sandbox", message=message, actor=ACTOR, now=timezone.now())

    answers = at_once(*[receive] * 5)
    assert sorted(answers) == [False, False, False, False, True]
    assert (Capture.objects.count(), GatewayMessage.objects.count(), Paper.objects.count()) == (1, 1, 1)
    assert jobs("tests.settled") == 1


def test_two_trips_paid_at_once_settle_one_and_pay_the_other_back(agency: Agency, payer: Payer) -> None:
    order, now = payer.order(), timezone.now()
    trips = [attempt(order, now=now - timedelta(hours=hours)) for hours in (2, 1, 0)]
    at_once(*[lambda trip=trip: apply(trip, captured(trip)) for trip in trips])
    assert sorted(Capture.objects.values_list("use", flat=True)) == ["paid_already", "paid_already", "settled"]
    assert books(agency) == {"gateway": 3 * TOTAL, "fees": -200_00, "igst": -36_00, "refunds_due": -2 * TOTAL}


def test_refunds_at_once_refund_once(agency: Agency, payer: Payer) -> None:
    order = paid(payer.order())
    answers = at_once(*[lambda: services.refund(order=order, reason="-", actor=ACTOR, now=timezone.now())] * 4)
    assert refusals(answers) == 3
    given = Refund.objects.get()
    facts = RefundFacts(reference=given.public_id.hex, state="done", refund_id="rfd_1")
    at_once(*[lambda: services.finish_refund(account="sandbox", facts=facts, actor=ACTOR, now=timezone.now())] * 4)
    assert books(agency) == {}
    assert LedgerEntry.objects.filter(kind="refund_paid").count() == 1
    assert_books_balance()


def test_paying_and_cancelling_at_once_leave_one_of_both_and_all_the_money(agency: Agency, payer: Payer) -> None:
    order = payer.order()
    trip = attempt(order)
    at_once(
        lambda: services.cancel_order(order=order, reason="-", actor=ACTOR, now=timezone.now()),
        lambda: apply(trip, captured(trip)),
    )
    order.refresh_from_db()
    assert order.state in {"paid", "cancelled"}
    assert books(agency)["gateway"] == TOTAL
    assert Refund.objects.count() == (0 if order.state == "paid" else 1)


def test_opening_at_once_opens_one_order(payer: Payer) -> None:
    subject = f"application:{uuid4()}"
    answers = at_once(*[lambda: payer.order(subject=subject)] * 4)
    assert len({answer.id for answer in answers}) == 1
    assert Order.objects.count() == 1


def test_receipts_paid_at_once_have_numbers_without_gaps(payer: Payer) -> None:
    trips = [attempt(payer.order()) for _ in range(6)]
    at_once(*[lambda trip=trip: apply(trip, captured(trip)) for trip in trips])
    numbers = sorted(int(paper.number.rpartition("/")[2]) for paper in Paper.objects.all())
    assert numbers == [1, 2, 3, 4, 5, 6]
