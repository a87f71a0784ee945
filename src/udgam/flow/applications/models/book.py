"""The firm's book: consignees and products that are entered once and chosen in each application."""

from __future__ import annotations

import uuid

from django.db import models


class BookEntry(models.Model):
    """A line of the book. A retired one is offered no more; what was filed with it stays as it is."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exporter = models.ForeignKey("registration.Exporter", on_delete=models.PROTECT, related_name="+")
    # Counts the changes, so that nobody overwrites another unseen.
    edit = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class BookConsignee(BookEntry):
    """A consignee as it stands on certificates, and where its goods usually go."""

    consignee_name = models.CharField(max_length=200)
    consignee_address = models.TextField(max_length=600)
    consignee_country = models.CharField(max_length=2)
    destination = models.CharField(max_length=2)

    class Meta:
        indexes = [models.Index(fields=["exporter", "consignee_name", "id"], name="book_consignee_list")]

    def __str__(self) -> str:
        return self.consignee_name


class BookProduct(BookEntry):
    """A product: what a line of goods takes over from it. Quantity, value and packages belong to each consignment."""

    description = models.TextField(max_length=1000)
    hs_code = models.CharField(max_length=8)
    package_kind = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=3, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # The line of goods whose cost sheet a new line begins with.
    model = models.ForeignKey(
        "applications.ApplicationItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["exporter", "hs_code", "id"], name="book_product_list")]

    def __str__(self) -> str:
        return self.description[:80]
