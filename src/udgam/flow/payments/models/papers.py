"""Receipts and credit notes: frozen when they are issued."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Paper(models.Model):
    """A receipt for a fee or a deposit, or a credit note. What it says stands in `content`, whatever changes afterwards."""

    class Kind(models.TextChoices):
        RECEIPT = "R", _("Receipt")
        DEPOSIT = "D", _("Deposit receipt")
        CREDIT_NOTE = "C", _("Credit note")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=1, choices=Kind)
    number = models.CharField(max_length=16)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="papers")
    exporter = models.ForeignKey("registration.Exporter", on_delete=models.PROTECT, related_name="papers")
    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, related_name="papers")
    content = models.JSONField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="paper_number_of_agency"),
            models.UniqueConstraint(fields=["order", "kind"], name="paper_once_for_an_order"),
            models.CheckConstraint(condition=Q(kind__in=("R", "D", "C")), name="paper_kind_known"),
        ]
        indexes = [
            models.Index(fields=["exporter", "-issued_at"], name="paper_list"),
            models.Index(fields=["agency", "-issued_at"], name="paper_of_agency"),
        ]

    def __str__(self) -> str:
        return self.number
