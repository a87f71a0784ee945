"""What somebody owes an agency for one thing."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    """One order: the fee of one thing, frozen with its taxes when it was opened. Its state changes only in `services`."""

    class Purpose(models.TextChoices):
        FEE = "fee", _("Fee")
        DEPOSIT = "deposit", _("Deposit into the wallet")

    class PaidBy(models.TextChoices):
        GATEWAY = "gateway", _("Online")
        WALLET = "wallet", _("From the wallet")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    # What it is for, as the room that opened it names it: "application:3f0c...".
    subject = models.CharField(max_length=120)
    # The same for people, as it stands on the receipt: an application number.
    about = models.CharField(max_length=120)
    # A page of this site to which people go back; a path.
    return_to = models.CharField(max_length=200, blank=True)
    exporter = models.ForeignKey("registration.Exporter", on_delete=models.PROTECT, related_name="orders")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="orders")

    fee_code = models.CharField(max_length=40, blank=True)
    fee_name = models.CharField(max_length=120)
    fee_source = models.CharField(max_length=300, blank=True)
    sac = models.CharField(max_length=8, blank=True)
    basis_points = models.PositiveIntegerField(default=0)
    fee_paise = models.PositiveBigIntegerField()
    igst_paise = models.PositiveBigIntegerField(default=0)
    cgst_paise = models.PositiveBigIntegerField(default=0)
    sgst_paise = models.PositiveBigIntegerField(default=0)
    total_paise = models.PositiveBigIntegerField()
    supplier_state = models.CharField(max_length=2)
    place_of_supply = models.CharField(max_length=2)
    to_sez = models.BooleanField(default=False)
    customer_gstin = models.CharField(max_length=15, blank=True)
    customer_address = models.TextField(blank=True)

    # Tasks of the room that opened it; each takes the subject.
    settled_task = models.CharField(max_length=80, blank=True)
    expired_task = models.CharField(max_length=80, blank=True)

    state = models.CharField(max_length=10, default="open")
    paid_by = models.CharField(max_length=10, choices=PaidBy, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            # A thing is owed once: nobody can be asked to pay twice for the same.
            models.UniqueConstraint(
                fields=["purpose", "subject"],
                condition=Q(purpose="fee", state__in=("open", "paid")),
                name="order_once_for_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(total_paise=F("fee_paise") + F("igst_paise") + F("cgst_paise") + F("sgst_paise")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(igst_paise=0) | Q(cgst_paise=0, sgst_paise=0), name="order_one_way_of_taxing"
            ),
            models.CheckConstraint(condition=Q(total_paise__gt=0), name="order_costs_something"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "cancelled", "expired"), paid_by="", settled_at__isnull=True)
                | (Q(state__in=("paid", "refunded"), settled_at__isnull=False) & ~Q(paid_by="")),
                name="order_paid_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["exporter", "state", "-created_at"], name="order_list"),
            models.Index(fields=["agency", "-settled_at"], name="order_revenue"),
            models.Index(fields=["state", "expires_at"], name="order_ends"),
            models.Index(fields=["subject"], name="order_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.state}"
