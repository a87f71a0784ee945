"""Trips to a gateway, the money it says it took, its messages, and what is paid back through it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """One trip of a person to a gateway's page."""

    class State(models.TextChoices):
        STARTED = "started", _("Under way")
        CAPTURED = "captured", _("Paid")
        FAILED = "failed", _("Not paid")
        ENDED = "ended", _("Given up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, related_name="attempts")
    # The name of the payment account in the settings at that time.
    account = models.CharField(max_length=40)
    amount_paise = models.PositiveBigIntegerField()
    started_by = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    # Where the gateway's page for this trip is; empty until the gateway has answered.
    page = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    failure = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "started_at"], name="attempt_followed")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"


class Capture(models.Model):
    """Money a gateway took, once for each of its payments. What it was used for is decided when it arrives and stays."""

    class Use(models.TextChoices):
        SETTLED = "settled", _("Paid the order")
        PAID_ALREADY = "paid_already", _("The order was paid already")
        LATE = "late", _("The order had ended")
        AMOUNT_DIFFERS = "amount_differs", _("The amount was not the one asked for")

    account = models.CharField(max_length=40)
    payment_id = models.CharField(max_length=64)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="captures")
    amount_paise = models.PositiveBigIntegerField()
    captured_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    use = models.CharField(max_length=20, choices=Use)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "payment_id"], name="capture_counted_once"),
            models.CheckConstraint(condition=Q(amount_paise__gt=0), name="capture_is_money"),
        ]
        indexes = [models.Index(fields=["heard_at"], name="capture_by_time")]

    def __str__(self) -> str:
        return f"{self.account}:{self.payment_id}"


class GatewayMessage(models.Model):
    """A genuine message of a gateway, so that the same one counts once. Forged ones leave no row."""

    account = models.CharField(max_length=40)
    message_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "message_id"], name="gateway_message_once")]

    def __str__(self) -> str:
        return f"{self.account}:{self.message_id}"


class Refund(models.Model):
    """Money to be paid back: of an order that was paid, or money that no order could use."""

    class To(models.TextChoices):
        SOURCE = "source", _("To where it came from")
        WALLET = "wallet", _("Into the wallet")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, related_name="refunds")
    # The gateway's payment it is paid back from; empty when the order was paid from the wallet.
    capture = models.ForeignKey(Capture, null=True, on_delete=models.PROTECT, related_name="refunds")
    amount_paise = models.PositiveBigIntegerField()
    # Whether a paid order is undone, which takes a credit note, or surplus money goes back.
    undoes_order = models.BooleanField()
    # Whether it is money of the wallet on its way to where it came from; several may go through one deposit.
    empties_wallet = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=300)
    to = models.CharField(max_length=10, choices=To)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveIntegerField(default=0)
    gateway_refund_id = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(undoes_order=True), name="refund_undoes_an_order_once"
            ),
            models.UniqueConstraint(
                fields=["capture"], condition=Q(empties_wallet=False), name="refund_once_for_a_payment"
            ),
            models.CheckConstraint(
                condition=Q(empties_wallet=False) | Q(undoes_order=False, capture__isnull=False),
                name="refund_of_a_wallet_has_a_source",
            ),
            models.CheckConstraint(condition=Q(amount_paise__gt=0), name="refund_is_money"),
            models.CheckConstraint(
                condition=Q(capture__isnull=False) | Q(to="wallet"), name="refund_to_source_knows_the_source"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="refund_waiting")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"
