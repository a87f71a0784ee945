"""The ledger: every rupee that moves stands here twice. The database holds the rules (migration 0002).

Amounts are paise; what is debited is positive, what is credited negative, and each entry sums to nothing.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class LedgerAccount(models.Model):
    """One account of an agency's books. Wallets belong to an exporter; their balance is kept by the database itself."""

    class Kind(models.TextChoices):
        GATEWAY = "gateway"  # money the gateway holds for the agency
        FEES = "fees"
        IGST = "igst"
        CGST = "cgst"
        SGST = "sgst"
        REFUNDS_DUE = "refunds_due"  # owed to exporters, on its way back
        WALLET = "wallet"  # prepaid by an exporter

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="ledger_accounts")
    exporter = models.ForeignKey(
        "registration.Exporter", null=True, on_delete=models.PROTECT, related_name="ledger_accounts"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    # Of wallets alone; credit is negative, so a wallet with money stands below nought.
    balance_paise = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"], condition=Q(exporter__isnull=True), name="ledger_account_of_agency"
            ),
            models.UniqueConstraint(
                fields=["agency", "exporter"], condition=Q(exporter__isnull=False), name="ledger_wallet_of_exporter"
            ),
            models.CheckConstraint(
                condition=Q(kind="wallet", exporter__isnull=False) | (~Q(kind="wallet") & Q(exporter__isnull=True)),
                name="ledger_wallets_have_an_exporter",
            ),
            models.CheckConstraint(
                condition=Q(kind="wallet", balance_paise__lte=0) | Q(balance_paise=0),
                name="ledger_wallet_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.kind}:{self.exporter_id or ''}"


class LedgerEntry(models.Model):
    """One movement of money. Never changed, never removed."""

    class Kind(models.TextChoices):
        FEE_PAID = "fee_paid"
        FEE_FROM_WALLET = "fee_from_wallet"
        DEPOSIT = "deposit"
        SURPLUS = "surplus"
        FEE_REFUNDED = "fee_refunded"
        REFUND_PAID = "refund_paid"
        REFUND_TO_WALLET = "refund_to_wallet"
        WALLET_PAID_OUT = "wallet_paid_out"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, related_name="entries")
    # The same movement cannot be booked twice.
    key = models.CharField(max_length=140, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class LedgerPosting(models.Model):
    """One side of an entry."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    amount_paise = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_paise=0), name="ledger_posting_is_money"),
            models.UniqueConstraint(fields=["entry", "account"], name="ledger_account_once_in_an_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_paise}"
