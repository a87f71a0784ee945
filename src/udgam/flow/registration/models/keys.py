"""Keys with which a firm's own programs read and draft its applications."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FirmKey(models.Model):
    """A key for programs. It acts as the person who made it, for one firm, and ends when that person leaves the firm.

    Only the SHA-256 of its secret is kept; ``hint`` is its beginning, by which people tell keys apart.
    """

    class Scope(models.TextChoices):
        READ = "read", _("Read applications")
        DRAFT = "draft", _("Read and draft applications")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey("registration.Membership", on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=5, choices=Scope)
    hint = models.CharField(max_length=16)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # To the hour only: it tells a key in use from a forgotten one without a write for every question.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="firm_key_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.hint
