"""The awkward cases of paying, each with the rows it may change: nothing is lost, nothing is doubled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from tests.rooms.payments.purse import (
    ACTOR,
    Payer,
    apply,
    assert_books_balance,
    attempt,
    books,
    captured,
    jobs,
    paid,
)
from udgam.flow.payments import services
from udgam.flow.payments.models import Capture, LedgerEntry, Order, Paper, Refund
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.audit.queries import acts_of
from udgam.ground.connectors.payment_gateways import AttemptFacts, Message, RefundFacts
from udgam.parties.agencies.models import Agency

pytestmark = pytest.mark.django_db
TOTAL = 236_00
FEE_PAID = {"gateway": TOTAL, "fees": -200_00, "igst": -36_00}


def rows() -> dict[str, int]:
    """How many rows each table of the room has."""
    return {model.__name__: model.objects.count() for model in apps.get_app_config("payments").get_models()}


def added(before: dict[str, int]) -> dict[str, int]:
    """Which tables have grown, and by how many rows."""
    return {name: count - before[name] for name, count in rows().items() if count != before[name]}


SETTLED = {"Capture": 1, "LedgerAccount": 3, "LedgerEntry": 1, "LedgerPosting": 3, "Paper": 1}
SURPLUS = {"Capture": 1, "LedgerAccount": 1, "LedgerEntry": 1, "LedgerPosting": 2, "Refund": 1}


def message(about: Any, message_id: str = "msg_1") -> Message:
    return Message(message_id=message_id, kind="payment.captured", sha256="0" * 64, about=about)


def receive(given: Message) -> bool:
    return services.receive_message(account="sandbox", message=given, actor=ACTOR, now=timezone.now())


def test_paying_once_settles_the_order_issues_a_receipt_and_calls_the_room_that_opened_it(
    agency: Agency, payer: Payer
) -> None:
    order = payer.order()
    trip, before = attempt(order), rows()
    apply(trip, captured(trip))
    assert added(before) == SETTLED
    order.refresh_from_db()
    assert (order.state, order.paid_by) == ("paid", "gateway")
    assert books(agency) == FEE_PAID
    assert Paper.objects.get().number.startswith("R/")
    assert jobs("tests.settled") == 1
    assert [act.act for act in acts_of(f"order:{order.public_id}")] == [
        "order.opened",
        "order.attempted",
        "order.settled",
    ]


def test_paying_twice_in_two_windows_pays_the_second_back(agency: Agency, payer: Payer) -> None:
    order, now = payer.order(), timezone.now()
    first = attempt(order, now=now - timedelta(hours=1))
    second = attempt(order, now=now)
    assert first.id != second.id
    apply(first, captured(first))
    before = rows()
    apply(second, captured(second))
    assert added(before) == SURPLUS
    assert Capture.objects.get(attempt=second).use == "paid_already"
    assert Refund.objects.get().amount_paise == TOTAL
    assert books(agency) == {**FEE_PAID, "gateway": 2 * TOTAL, "refunds_due": -TOTAL}
    assert (jobs("tests.settled"), jobs("payments.send_refund")) == (1, 1)


def test_paying_twice_on_one_page_pays_the_second_back(agency: Agency, payer: Payer) -> None:
    order = payer.order()
    trip = attempt(order)
    one, two = captured(trip, payment_id="pay_1"), captured(trip, payment_id="pay_2")
    both = AttemptFacts(reference=one.reference, state="paid", captures=(*one.captures, *two.captures))
    apply(trip, both)
    apply(trip, both)
    assert sorted(Capture.objects.values_list("use", flat=True)) == ["paid_already", "settled"]
    assert Refund.objects.count() == 1
    assert books(agency) == {**FEE_PAID, "gateway": 2 * TOTAL, "refunds_due": -TOTAL}


def test_a_second_click_leads_to_the_same_page(payer: Payer) -> None:
    order = payer.order()
    trip = attempt(order)
    services.finish_attempt(attempt=trip, page="https://gateway.example/pay/1", failure="", now=timezone.now())
    assert attempt(order).id == trip.id


def test_paying_late_does_not_open_the_order_again_and_pays_back(agency: Agency, payer: Payer) -> None:
    order, now = payer.order(expired_task="tests.settled"), timezone.now()
    trip = attempt(order)
    after = now + timedelta(days=31)
    assert services.end_unpaid(actor=ACTOR, now=after) == 1
    assert jobs("tests.settled") == 1
    before = rows()
    apply(trip, captured(trip), now=after)
    assert added(before) == {**SURPLUS, "LedgerAccount": 2}
    order.refresh_from_db()
    assert order.state == "expired"
    assert Capture.objects.get().use == "late"
    assert books(agency) == {"gateway": TOTAL, "refunds_due": -TOTAL}
    assert not Paper.objects.exists()


def test_an_order_whose_payer_is_at_the_gateway_does_not_end(payer: Payer) -> None:
    start = timezone.now()
    order = payer.order(now=start)
    end = start + timedelta(days=30)
    attempt(order, now=end - timedelta(minutes=5))
    assert services.end_unpaid(actor=ACTOR, now=end + timedelta(minutes=5)) == 0
    assert services.end_unpaid(actor=ACTOR, now=end + timedelta(hours=2)) == 1


def test_a_callback_before_the_redirect_settles_and_the_redirect_finds_it_settled(agency: Agency, payer: Payer) -> None:
    trip = attempt(payer.order())
    assert receive(message(captured(trip)))
    before = rows()
    apply(trip, captured(trip))  # what the result page asks and hears
    assert added(before) == {}
    assert books(agency) == FEE_PAID


def test_a_duplicate_callback_changes_nothing(agency: Agency, payer: Payer) -> None:
    trip = attempt(payer.order())
    assert receive(message(captured(trip)))
    before = rows()
    assert not receive(message(captured(trip)))
    assert added(before) == {}
    # The same payment under another message number is still the same payment.
    assert receive(message(captured(trip), "msg_2"))
    assert added(before) == {"GatewayMessage": 1}
    assert books(agency) == FEE_PAID
    assert jobs("tests.settled") == 1


def test_a_message_about_something_not_begun_here_leaves_no_trace(payer: Payer) -> None:
    trip, before = attempt(payer.order()), None
    before = rows()
    for reference in ("0" * 32, "nonsense", trip.public_id.hex):
        facts = AttemptFacts(reference=reference, state="paid", captures=captured(trip).captures)
        with pytest.raises(PaymentRefused) as refused:
            services.receive_message(account="another-account", message=message(facts), actor=ACTOR, now=timezone.now())
        assert refused.value.code == "payment.message_unknown"
    assert added(before) == {}


@pytest.mark.parametrize("amount", [1, TOTAL - 1, TOTAL + 1, 10 * TOTAL])
def test_another_amount_than_asked_for_is_paid_back_and_the_order_stays_open(
    agency: Agency, payer: Payer, amount: int
) -> None:
    order = payer.order()
    trip = attempt(order)
    before = rows()
    apply(trip, captured(trip, amount_paise=amount))
    assert added(before) == {**SURPLUS, "LedgerAccount": 2}
    order.refresh_from_db()
    assert order.state == "open"
    assert books(agency) == {"gateway": amount, "refunds_due": -amount}
    assert not Paper.objects.exists()
    assert jobs("tests.settled") == 0


def test_failing_and_then_paying_settles(payer: Payer) -> None:
    order = payer.order()
    trip = attempt(order)
    apply(trip, AttemptFacts(reference=trip.public_id.hex, state="failed", failure="declined"))
    trip.refresh_from_db()
    assert (trip.state, trip.failure) == ("failed", "declined")
    # The bank changed its mind after it had said no.
    apply(trip, captured(trip))
    order.refresh_from_db()
    assert order.state == "paid"
    # And a late "failed" does not take back what was paid.
    apply(trip, AttemptFacts(reference=trip.public_id.hex, state="failed"))
    trip.refresh_from_db()
    assert trip.state == "captured"


def test_a_refund_is_booked_once_with_a_credit_note(agency: Agency, payer: Payer) -> None:
    order = paid(payer.order())
    before = rows()
    given = services.refund(order=order, reason="Refused by the office", actor=ACTOR, now=timezone.now())
    assert added(before) == {"LedgerAccount": 1, "LedgerEntry": 1, "LedgerPosting": 3, "Paper": 1, "Refund": 1}
    assert books(agency) == {"gateway": TOTAL, "refunds_due": -TOTAL}
    note = Paper.objects.get(kind="C")
    assert note.content["corrects"]["number"] == Paper.objects.get(kind="R").number
    before = rows()
    asked = services.begin_refund(refund_id=str(given.public_id), tried_before=timezone.now(), now=timezone.now())
    assert asked is not None
    facts = RefundFacts(reference=asked.reference, state="done", refund_id="rfd_1")
    for _ in range(2):
        services.finish_refund(account="sandbox", facts=facts, actor=ACTOR, now=timezone.now())
    assert added(before) == {"LedgerEntry": 1, "LedgerPosting": 2}
    assert books(agency) == {}
    assert_books_balance()


def test_a_refund_is_not_refunded_again(payer: Payer) -> None:
    order = paid(payer.order())
    services.refund(order=order, reason="Refused", actor=ACTOR, now=timezone.now())
    before = rows()
    with pytest.raises(PaymentRefused) as refused:
        services.refund(order=order, reason="Refused", actor=ACTOR, now=timezone.now())
    assert refused.value.code == "payment.refunded_already"
    assert added(before) == {}


@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_what_was_not_paid_is_not_refunded(payer: Payer, state: str) -> None:
    order = payer.order()
    if state == "cancelled":
        services.cancel_order(order=order, reason="Withdrawn", actor=ACTOR, now=timezone.now())
    before = rows()
    with pytest.raises(PaymentRefused) as refused:
        services.refund(order=order, reason="Refused", actor=ACTOR, now=timezone.now())
    assert refused.value.code == "payment.not_paid"
    assert added(before) == {}


def test_what_the_gateway_will_not_pay_back_goes_into_the_wallet(agency: Agency, payer: Payer) -> None:
    given = services.refund(order=paid(payer.order()), reason="Refused", actor=ACTOR, now=timezone.now())
    facts = RefundFacts(reference=given.public_id.hex, state="refused", failure="account closed")
    services.finish_refund(account="sandbox", facts=facts, actor=ACTOR, now=timezone.now())
    assert payer.balance == TOTAL
    assert books(agency) == {"gateway": TOTAL, "wallet": -TOTAL}
    given.refresh_from_db()
    assert (given.state, given.to) == ("done", "wallet")


def test_giving_back_undoes_whatever_the_order_has_come_to(payer: Payer) -> None:
    now = timezone.now()
    assert services.give_back(subject="application:none", reason="-", actor=ACTOR, now=now) is None
    unpaid, settled = payer.order(), paid(payer.order())
    for order, state in ((unpaid, "cancelled"), (settled, "refunded")):
        for _ in range(2):
            done = services.give_back(subject=order.subject, reason="Withdrawn", actor=ACTOR, now=now)
            assert done is not None
            assert done.state == state


def test_an_order_is_opened_once_for_a_subject_and_anew_after_it_ended(payer: Payer) -> None:
    first = payer.order(subject="application:1")
    assert payer.order(subject="application:1").id == first.id
    services.cancel_order(order=first, reason="Withdrawn", actor=ACTOR, now=timezone.now())
    second = payer.order(subject="application:1")
    assert second.id != first.id
    assert Order.objects.filter(subject="application:1").count() == 2
    assert LedgerEntry.objects.count() == 0


def test_an_order_to_an_agency_without_a_fee_account_is_refused(payer: Payer) -> None:
    Agency.objects.update(gateway="")
    payer.agency.refresh_from_db()
    with pytest.raises(PaymentRefused) as refused:
        payer.order()
    assert refused.value.code == "payment.agency_not_ready"


def test_a_reminder_goes_out_once(payer: Payer) -> None:
    start = timezone.now()
    payer.order(now=start)
    assert services.remind(now=start + timedelta(days=20)) == 0
    assert services.remind(now=start + timedelta(days=26)) == 1
    assert services.remind(now=start + timedelta(days=27)) == 0
