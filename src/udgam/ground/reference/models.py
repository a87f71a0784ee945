from __future__ import annotations

from django.db import models
from django.db.models import Q


class NumberSeries(models.Model):
    """The last number given out under a key."""

    key = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class CurrencyRate(models.Model):
    """What `units` of a currency are worth in rupees for exports, from a day in India on, until a later row takes its place."""

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    units = models.PositiveSmallIntegerField(default=1)
    rupees = models.DecimalField(max_digits=14, decimal_places=6)
    # The notification that fixed it.
    source = models.CharField(max_length=120)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="currency_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rupees__gt=0) & Q(units__gt=0), name="currency_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"
