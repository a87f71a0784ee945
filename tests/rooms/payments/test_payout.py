"""Money of a wallet goes back by the way it came, to the paisa, once, and only when a signatory asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import sign_in
from tests.rooms.payments.purse import ACTOR, Payer, assert_books_balance, books, jobs
from tests.rooms.registration.colleagues import join_firm
from udgam.flow.payments import services
from udgam.flow.payments.models import LedgerEntry, Refund
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.audit.queries import acts_of
from udgam.ground.connectors.payment_gateways import RefundFacts
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency

pytestmark = pytest.mark.django_db


def pay_out(payer: Payer, amount_paise: int, person: Person | None = None) -> list[Refund]:
    who = person or payer.person
    return services.pay_out(
        exporter=payer.exporter,
        agency=payer.agency,
        amount_paise=amount_paise,
        person=who,
        actor=actor_of(who),
        now=timezone.now(),
    )


def finish(given: Refund, state: str = "done") -> Refund:
    facts = RefundFacts(reference=given.public_id.hex, state=state, refund_id="rf_1", failure="")  # type: ignore[arg-type]
    assert given.capture is not None
    return services.finish_refund(account=given.capture.account, facts=facts, actor=ACTOR, now=timezone.now())


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(PaymentRefused) as refused:
        act()
    return refused.value.code


def test_a_part_goes_back_through_the_latest_deposits_first(payer: Payer, agency: Agency) -> None:
    first, second = payer.deposit(1000_00), payer.deposit(500_00)
    given = pay_out(payer, 700_01)
    assert [(row.order, row.amount_paise, row.to, row.state) for row in given] == [
        (second, 500_00, "source", "waiting"),
        (first, 200_01, "source", "waiting"),
    ]
    assert payer.balance == 799_99
    assert books(agency) == {"gateway": 1500_00, "wallet": -799_99, "refunds_due": -700_01}
    assert jobs("payments.send_refund") == 2
    assert [line.act for line in acts_of(f"order:{second.public_id}")][-1] == "order.wallet_paid_out"
    for row in given:
        finish(row)
        finish(row)
    assert books(agency) == {"gateway": 799_99, "wallet": -799_99}
    assert_books_balance()


def test_the_rest_of_a_deposit_can_go_back_later_and_not_more_than_it_brought(payer: Payer, agency: Agency) -> None:
    payer.deposit(1000_00)
    for amount in (300_00, 300_00):
        finish(pay_out(payer, amount)[0])
    assert refusal(lambda: pay_out(payer, 400_01)) == "payment.payout_amount"
    finish(pay_out(payer, 400_00)[0])
    assert books(agency) == {}
    assert payer.balance == 0
    assert refusal(lambda: pay_out(payer, 1)) == "payment.payout_amount"
    assert_books_balance()


@pytest.mark.parametrize("amount", [0, -1, 1000_01])
def test_nothing_and_too_much_are_refused_and_change_nothing(payer: Payer, agency: Agency, amount: int) -> None:
    payer.deposit(1000_00)
    assert refusal(lambda: pay_out(payer, amount)) == "payment.payout_amount"
    assert (payer.balance, Refund.objects.count()) == (1000_00, 0)


def test_what_the_bank_will_not_take_returns_to_the_wallet_and_is_not_sent_there_again(
    payer: Payer, agency: Agency
) -> None:
    payer.deposit(1000_00)
    row = finish(pay_out(payer, 600_00)[0], "refused")
    assert (row.to, payer.balance) == ("wallet", 1000_00)
    assert refusal(lambda: pay_out(payer, 1000_00)) == "payment.payout_no_source"
    assert payer.balance == 1000_00
    assert [part.amount_paise for part in pay_out(payer, 400_00)] == [400_00]
    assert_books_balance()


def test_fees_paid_from_the_wallet_stay_paid(payer: Payer, agency: Agency) -> None:
    payer.deposit(1000_00)
    order = services.pay_from_wallet(order=payer.order(), actor=ACTOR, now=timezone.now())
    held = payer.balance
    assert held == 1000_00 - order.total_paise
    assert refusal(lambda: pay_out(payer, 1000_00)) == "payment.payout_amount"
    finish(pay_out(payer, held)[0])
    order.refresh_from_db()
    assert order.state == "paid"
    assert_books_balance()


@pytest.mark.parametrize("role", ["drafter", "broker"])
def test_only_a_signatory_has_money_paid_out(payer: Payer, agency: Agency, role: str) -> None:
    payer.deposit(1000_00)
    member = join_firm(payer, role=role)
    assert refusal(lambda: pay_out(payer, 100_00, member.person)) == "payment.payout_not_signatory"
    other = Payer(agency, "mango")
    assert refusal(lambda: pay_out(payer, 100_00, other.person)) == "payment.payout_not_signatory"
    assert refusal(lambda: pay_out(other, 100_00)) == "payment.payout_amount"
    assert payer.balance == 1000_00


def test_the_page_asks_for_the_token_and_pays_out_what_is_typed(payer: Payer, agency: Agency, client: Any) -> None:
    payer.deposit(1000_00)
    address = reverse("payments:payout", args=[agency.code])
    sign_in(client, payer.person)
    assert address in client.get(reverse("payments:wallet", args=[agency.code])).content.decode()
    assert "confirm" in client.get(address)["Location"]
    sign_in(client, payer.person, stepped_up=True)
    assert "1000.00" in client.get(address).content.decode()
    for typed, status in (("", 200), ("x", 200), ("-5", 200), ("1000.01", 409)):
        assert client.post(address, {"amount": typed}).status_code == status, typed
    assert payer.balance == 1000_00
    answer = client.post(address, {"amount": "250.50"})
    assert answer.status_code == 302
    assert payer.balance == 749_50
    page = client.get(answer["Location"]).content.decode()
    assert "Paid out of the wallet" in page


def test_a_drafter_finds_no_such_page(payer: Payer, agency: Agency, client: Any) -> None:
    payer.deposit(1000_00)
    sign_in(client, join_firm(payer).person, stepped_up=True)
    assert client.get(reverse("payments:payout", args=[agency.code])).status_code == 404
    assert "payout" not in client.get(reverse("payments:wallet", args=[agency.code])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_take_the_same_money_twice(payer: Payer, agency: Agency) -> None:
    payer.deposit(1000_00)
    said: list[object] = []

    def act() -> None:
        try:
            said.append(pay_out(payer, 600_00))
        except PaymentRefused as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("payment.payout_amount") == 3
    assert payer.balance == 400_00
    assert LedgerEntry.objects.filter(kind=LedgerEntry.Kind.WALLET_PAID_OUT).count() == 1
    assert_books_balance()
