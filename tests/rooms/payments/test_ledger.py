"""The ledger balances: by the database's own rules, whatever is tried, and under random sequences of everything that can happen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rooms.payments.purse import (
    ACTOR,
    Payer,
    apply,
    assert_books_balance,
    attempt,
    books,
    captured,
    paid,
    ready_agency,
)
from udgam.flow.payments import services
from udgam.flow.payments.models import Capture, LedgerAccount, LedgerEntry, LedgerPosting, Order, Refund
from udgam.flow.payments.queries import balances_of
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.connectors.payment_gateways import RefundFacts
from udgam.parties.agencies.models import Agency

pytestmark = pytest.mark.django_db


def refused_by_the_database(act: Callable[[], object]) -> str:
    """What the database says; the deferred rules are asked at once, as a commit would."""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except IntegrityError as refused:
        return str(refused)
    raise AssertionError("the database took it")


def test_an_entry_that_does_not_balance_cannot_be_committed(payer: Payer) -> None:
    order = paid(payer.order())
    fees, bank = (LedgerAccount.objects.get(kind=kind) for kind in ("fees", "gateway"))

    def post(*amounts: tuple[LedgerAccount, int]) -> Callable[[], None]:
        def act() -> None:
            entry = LedgerEntry.objects.create(kind="surplus", key="x", order=order, at=timezone.now())
            for account, amount in amounts:
                LedgerPosting.objects.create(entry=entry, account=account, amount_paise=amount)

        return act

    assert "does not balance" in refused_by_the_database(post())
    assert "does not balance" in refused_by_the_database(post((fees, -1)))
    assert "does not balance" in refused_by_the_database(post((fees, -100), (bank, 101)))
    assert "money" in refused_by_the_database(post((fees, 0), (bank, 0)))
    assert "once_in_an_entry" in refused_by_the_database(post((fees, 1), (fees, -1)))


def test_an_entry_cannot_reach_into_two_agencies_books(payer: Payer) -> None:
    order, other = paid(payer.order()), Payer(ready_agency("NTC", gstin=""), "mango")
    paid(other.order())
    here, there = (LedgerAccount.objects.get(kind="gateway", agency=row) for row in (payer.agency, other.agency))

    def act() -> None:
        entry = LedgerEntry.objects.create(kind="surplus", key="x", order=order, at=timezone.now())
        LedgerPosting.objects.create(entry=entry, account=here, amount_paise=5)
        LedgerPosting.objects.create(entry=entry, account=there, amount_paise=-5)

    assert "2 books" in refused_by_the_database(act)


def test_nothing_in_the_ledger_is_changed_or_removed(payer: Payer) -> None:
    payer.deposit(500_00)
    wallet = LedgerAccount.objects.get(kind="wallet")
    assert "only grows" in refused_by_the_database(lambda: LedgerPosting.objects.update(amount_paise=1))
    assert "only grows" in refused_by_the_database(lambda: LedgerPosting.objects.all()._raw_delete("default"))
    assert "only grows" in refused_by_the_database(lambda: LedgerEntry.objects.update(key="y"))
    assert "its postings alone" in refused_by_the_database(lambda: LedgerAccount.objects.update(balance_paise=-1))
    assert "only grows" in refused_by_the_database(
        lambda: LedgerAccount.objects.filter(id=wallet.id)._raw_delete("default")
    )
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER payments_ledgerposting_is_never_emptied")
        assert "only grows" in refused_by_the_database(lambda: cursor.execute("TRUNCATE payments_ledgerposting"))
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER payments_ledgerposting_is_never_emptied")


def test_a_wallet_is_never_overdrawn_even_past_the_service(payer: Payer) -> None:
    payer.deposit(100_00)
    order = payer.order()
    amounts = {"wallet": 100_01, "fees": -100_01}
    said = refused_by_the_database(
        lambda: services.book(kind="fee_from_wallet", key="x", order=order, amounts=amounts, now=timezone.now())
    )
    assert "ledger_wallet_not_overdrawn" in said


def test_the_same_movement_is_booked_once(payer: Payer) -> None:
    order = payer.order()
    amounts = {"gateway": 5, "refunds_due": -5}
    services.book(kind="surplus", key="x", order=order, amounts=amounts, now=timezone.now())
    said = refused_by_the_database(
        lambda: services.book(kind="surplus", key="x", order=order, amounts=amounts, now=timezone.now())
    )
    assert "key" in said
    for wrong in ({"gateway": 5}, {"gateway": 5, "fees": -4}, {}):
        with pytest.raises(ValueError, match="equal"):
            services.book(kind="surplus", key="y", order=order, amounts=wrong, now=timezone.now())


def test_deposit_pay_refund_leaves_the_deposit(agency: Agency, payer: Payer) -> None:
    payer.deposit(500_00)
    assert payer.balance == 500_00
    order = payer.order()
    services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now())
    assert payer.balance == 264_00
    with pytest.raises(PaymentRefused) as refused:
        services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now())
    assert refused.value.code == "payment.not_open"
    given = services.refund(order=order, reason="Refused", actor=ACTOR, now=timezone.now())
    assert (given.to, given.state, payer.balance) == ("wallet", "done", 500_00)
    assert books(agency) == {"gateway": 500_00, "wallet": -500_00}
    assert_books_balance()


def test_a_wallet_with_too_little_pays_nothing_and_says_how_much_is_there(payer: Payer) -> None:
    payer.deposit(200_00)
    order = payer.order()
    with pytest.raises(PaymentRefused) as refused:
        services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now())
    assert refused.value.code == "payment.wallet_too_small"
    assert refused.value.params == {"balance": "200.00", "total": "236.00"}
    assert payer.balance == 200_00


@pytest.mark.parametrize("amount", [0, 99_99, 1_00_000_01])
def test_a_deposit_outside_its_limits_is_refused(payer: Payer, amount: int) -> None:
    with pytest.raises(PaymentRefused) as refused:
        payer.deposit(amount)
    assert refused.value.code == "payment.deposit_amount"


def test_a_wallet_at_one_agency_pays_nothing_at_another(payer: Payer) -> None:
    payer.deposit(500_00)
    here, payer.agency = payer.agency, ready_agency("NTC")
    order = payer.order()
    with pytest.raises(PaymentRefused) as refused:
        services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now())
    assert refused.value.code == "payment.wallet_too_small"
    payer.agency = here
    assert payer.balance == 500_00


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["order", "deposit", "pay", "wallet", "refund", "cancel", "end", "answer", "answer-no", "again"]),
        st.integers(0, 5),
        st.sampled_from([1, 99, 100, 100, 100, 150]),
    ),
    max_size=25,
)  # fmt: skip


class Model:
    """The same sequence kept in plain numbers beside the books: what came in, what went out, what each order has come to."""

    def __init__(self, payer: Payer) -> None:
        self.payer, self.orders, self.now = payer, [], timezone.now()  # type: ignore[var-annotated]
        self.came_in = self.went_out = 0
        self.told: list[tuple[object, object]] = []

    def step(self, name: str, which: int, share: int) -> None:
        order: Order | None = self.orders[which % len(self.orders)] if self.orders else None
        if name == "order":
            self.orders.append(self.payer.order("preferential" if which % 2 else "non-preferential"))
        elif name == "deposit":
            deposit = services.open_deposit(exporter=self.payer.exporter, agency=self.payer.agency, amount_paise=100_00 + which * 123_45, actor=ACTOR, now=self.now)  # fmt: skip
            self.orders.append(deposit)
        elif name.startswith("answer"):
            self._answer("refused" if name == "answer-no" else "done")
        elif order is not None:
            with suppress(PaymentRefused):
                self._act(name, order, share)

    def _act(self, name: str, order: Order, share: int) -> None:
        if name == "pay":
            trip = attempt(order, now=self.now)
            facts = captured(trip, amount_paise=max(order.total_paise * share // 100, 1))
            self.told.append((trip, facts))
            self._hear(trip, facts)
        elif name == "again" and self.told:
            self._hear(*self.told[share % len(self.told)])
        elif name == "wallet":
            services.pay_from_wallet(order=order, actor=ACTOR, now=self.now)
        elif name == "refund":
            services.refund(order=order, reason="-", actor=ACTOR, now=self.now)
        elif name == "cancel":
            services.cancel_order(order=order, reason="-", actor=ACTOR, now=self.now)
        elif name == "end":
            services.end_unpaid(actor=ACTOR, now=self.now + timedelta(days=31))

    def _hear(self, trip, facts) -> None:  # type: ignore[no-untyped-def]
        before = Capture.objects.count()
        apply(trip, facts, now=self.now)
        self.came_in += facts.captures[0].amount_paise * (Capture.objects.count() - before)

    def _answer(self, state: str) -> None:
        for row in Refund.objects.filter(state="waiting"):
            facts = RefundFacts(reference=row.public_id.hex, state=state, refund_id="rfd")  # type: ignore[arg-type]
            services.finish_refund(account="sandbox", facts=facts, actor=ACTOR, now=self.now)
            self.went_out += row.amount_paise if state == "done" else 0


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_the_books_balance_to_the_paisa_whatever_happens_in_whatever_order(
    payer: Payer, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        model = Model(payer)
        for step in steps:
            model.step(*step)
        connection.check_constraints()
        assert_books_balance()
        held = balances_of(payer.agency)
        assert sum(held.values()) == 0
        # What the gateway holds is what came in less what went out.
        assert held["gateway"] == model.came_in - model.went_out
        # What the agency earned is what its paid orders say, fee and each tax on its own.
        settled = list(Order.objects.filter(state="paid", purpose="fee"))
        for kind in ("fees", "igst", "cgst", "sgst"):
            name = "fee_paise" if kind == "fees" else f"{kind}_paise"
            assert -held[kind] == sum(getattr(order, name) for order in settled)
        # What is owed back is what waits to be paid back.
        assert -held["refunds_due"] == sum(Refund.objects.exclude(state="done").values_list("amount_paise", flat=True))
        transaction.set_rollback(True)
