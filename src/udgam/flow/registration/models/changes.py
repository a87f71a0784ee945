"""A change of mobile or e-mail that is being proved."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactChange(models.Model):
    """The holder of a token asks that letters go to the new address of the IEC record."""

    class Stage(models.TextChoices):
        # The register's turn: the token is proved, the record is not yet there.
        TOKEN_PROVED = "token_proved", _("Waiting for the IEC record")
        # The applicant's turn: the new address is typed.
        ADMITTED = "admitted", _("New e-mail address")
        # The applicant's turn: a code was sent to it.
        CODE_SENT = "code_sent", _("One-time code")
        DONE = "done", _("Changed")
        REFUSED = "refused", _("Refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stage = models.CharField(max_length=20, choices=Stage)
    exporter = models.ForeignKey("registration.Exporter", on_delete=models.PROTECT, related_name="contact_changes")
    evidence = models.ForeignKey("registration.TokenEvidence", on_delete=models.PROTECT, related_name="contact_changes")
    new_email = models.CharField(max_length=254, blank=True)
    old_email = models.CharField(max_length=254, blank=True)
    unavailable_since = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    refusal_params = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=5, default="en")
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.exporter_id} {self.stage}"
