"""Counters of the limits: the only rows of this room."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """How often somebody asked since the counter's time began. The key is a keyed hash: a reader of the table learns no name."""

    key = models.CharField(max_length=64, primary_key=True)
    times = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.times}"
