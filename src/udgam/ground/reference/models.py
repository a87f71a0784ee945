from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    """The last number given out under a key."""

    key = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
