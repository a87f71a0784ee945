"""Prints that went to exporters by post."""

from __future__ import annotations

from django.db import models

from udgam.flow.issuance.models.certificate import Certificate


class PostalDispatch(models.Model):
    """The print of one certificate was given to a carrier. A wrong number is corrected here; the record of acts keeps both."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="dispatch")
    carrier = models.CharField(max_length=60)
    article_number = models.CharField(max_length=30)
    sent_on = models.DateField()
    recorded_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-sent_on", "-id"], name="postal_dispatch_list")]

    def __str__(self) -> str:
        return self.article_number
