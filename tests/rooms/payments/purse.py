"""An agency that can be paid, firms that pay, and a gateway's facts; all made by the services alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from tests.fee_accounts import set_fee_account
from tests.rooms.registration.firms import register_firm
from udgam.flow.payments import services
from udgam.flow.payments.models import Attempt, LedgerAccount, LedgerEntry, LedgerPosting, Order
from udgam.flow.payments.queries import wallet_balance
from udgam.flow.registration.models import Exporter
from udgam.ground.audit.actors import SystemActor
from udgam.ground.connectors.payment_gateways import AttemptFacts, CaptureFact
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.services import create_agency

ACTOR = SystemActor("tests")
# In Maharashtra (27) and in Karnataka (29); the PANs are of the fictional kind.
GSTIN = "27ZZZAS0201C1ZK"
ACCOUNTS = {"SEC": "sandbox", "NTC": "elsewhere"}
# Any registered task that takes a subject would do; the tests count its jobs.
TASK = "tests.settled"


def ready_agency(code: str = "SEC", *, state_code: str = "27", gstin: str = GSTIN) -> Agency:
    now = timezone.now()
    agency = create_agency(code=code, name="Sahyadri Export Council", registered_name="Sahyadri Export Council", actor=ACTOR, now=now)  # fmt: skip
    return set_fee_account(
        agency=agency,
        state_code=state_code,
        gstin=gstin,
        billing_address="18 Ballard Lane, Mumbai 400001",
        gateway=ACCOUNTS[code],
        actor=ACTOR,
        now=now,
    )


class Payer:
    """A firm of the cast in Kerala (32) with its orders at one agency."""

    def __init__(self, agency: Agency, key: str = "spices") -> None:
        self.agency = agency
        self.exporter: Exporter
        self.person: Person
        self.exporter, self.person = register_firm(key)

    def order(self, fee_code: str = "non-preferential", *, subject: str = "", now: datetime | None = None, **more: Any) -> Order:  # fmt: skip
        branch = self.exporter.branches.order_by("code").first()
        assert branch is not None
        subject = subject or f"application:{uuid4()}"
        return services.open_order(
            subject=subject,
            about="SEC/2026/016/0000001A",
            fee_code=fee_code,
            exporter=self.exporter,
            branch=branch,
            agency=self.agency,
            settled_task=more.pop("settled_task", TASK),
            actor=ACTOR,
            now=now or timezone.now(),
            **more,
        )

    def deposit(self, amount_paise: int) -> Order:
        order = services.open_deposit(
            exporter=self.exporter, agency=self.agency, amount_paise=amount_paise, actor=ACTOR, now=timezone.now()
        )
        return paid(order)

    @property
    def balance(self) -> int:
        return wallet_balance(self.exporter, self.agency)


def attempt(order: Order, *, now: datetime | None = None) -> Attempt:
    return services.begin_attempt(order=order, actor=ACTOR, now=now or timezone.now())


def captured(
    trip: Attempt, *, amount_paise: int | None = None, payment_id: str = "", now: datetime | None = None
) -> AttemptFacts:
    """What the gateway says when it took the money."""
    now = now or timezone.now()
    amount = trip.amount_paise if amount_paise is None else amount_paise
    capture = CaptureFact(payment_id=payment_id or f"pay_{trip.public_id.hex}", amount_paise=amount, captured_at=now)
    return AttemptFacts(reference=trip.public_id.hex, state="paid", captures=(capture,))


def apply(trip: Attempt, facts: AttemptFacts, *, now: datetime | None = None) -> Attempt:
    return services.apply_attempt(account=trip.account, facts=facts, actor=ACTOR, now=now or timezone.now())


def paid(order: Order) -> Order:
    """The order, paid through the gateway."""
    trip = attempt(order)
    apply(trip, captured(trip))
    order.refresh_from_db()
    return order


def jobs(name: str) -> int:
    """How many jobs of that name wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def books(agency: Agency) -> dict[str, int]:
    """The sums of the agency's accounts, without those at nought."""
    found: dict[str, int] = {}
    for posting in LedgerPosting.objects.filter(account__agency=agency).select_related("account"):
        found[posting.account.kind] = found.get(posting.account.kind, 0) + posting.amount_paise
    return {kind: amount for kind, amount in found.items() if amount}


def assert_books_balance() -> None:
    """Every entry sums to nothing, and every wallet holds what its postings say and never less than nothing."""
    for entry in LedgerEntry.objects.all():
        assert sum(entry.postings.values_list("amount_paise", flat=True)) == 0, entry
    for account in LedgerAccount.objects.all():
        total = sum(account.postings.values_list("amount_paise", flat=True))
        assert account.balance_paise == (total if account.kind == "wallet" else 0)
        assert account.kind != "wallet" or total <= 0
