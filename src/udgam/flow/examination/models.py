"""What the office writes for itself about a case. The exporter never sees it."""

from __future__ import annotations

from django.db import models


class Note(models.Model):
    """A note of an officer for colleagues. It is never changed; who was wrong writes another."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["application", "-written_at"], name="note_of_application")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.written_at:%Y-%m-%d}"
