"""Booking: each movement of money once, on two sides or more, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from udgam.flow.payments.models import LedgerAccount, LedgerEntry, LedgerPosting, Order
from udgam.flow.payments.refusals import PaymentRefused
from udgam.rules.fees import written

WALLET = LedgerAccount.Kind.WALLET


@transaction.atomic
def book(*, kind: str, key: str, order: Order, amounts: Mapping[str, int], now: datetime) -> LedgerEntry:
    """Enter one movement into the books of the order's agency; the wallet is that of the order's exporter.

    ``amounts`` are paise by kind of account, debit positive, and sum to nothing. The same ``key`` raises ``IntegrityError``: nothing
    is booked twice. A wallet that would be overdrawn raises ``IntegrityError`` too, from the database; ask `require_in_wallet` before.
    """
    legs = {name: amount for name, amount in amounts.items() if amount}
    if sum(legs.values()) or len(legs) < 2:
        raise ValueError("the sides of an entry are equal")
    entry = LedgerEntry.objects.create(kind=kind, key=key, order=order, at=now)
    LedgerPosting.objects.bulk_create(
        LedgerPosting(entry=entry, account=account_of(order=order, kind=name), amount_paise=amount)
        for name, amount in sorted(legs.items())
    )
    return entry


def account_of(*, order: Order, kind: str) -> LedgerAccount:
    """The account of that kind in the books of the order's agency, made at its first use."""
    exporter = order.exporter if kind == WALLET else None
    return LedgerAccount.objects.get_or_create(agency=order.agency, exporter=exporter, kind=kind)[0]


def require_in_wallet(*, order: Order) -> None:
    """Lock the wallet from which the order is to be paid until the transaction ends. Raises `PaymentRefused` when it holds too little."""
    account = account_of(order=order, kind=WALLET)
    held = -LedgerAccount.objects.select_for_update().get(id=account.id).balance_paise
    if held < order.total_paise:
        raise PaymentRefused("payment.wallet_too_small", balance=written(held), total=written(order.total_paise))


def income_of(*, order: Order) -> dict[str, int]:
    """The credit side of a fee: the fee and its taxes, each to its account."""
    kinds = LedgerAccount.Kind
    return {
        kinds.FEES: -order.fee_paise,
        kinds.IGST: -order.igst_paise,
        kinds.CGST: -order.cgst_paise,
        kinds.SGST: -order.sgst_paise,
    }
