"""What keeps issued certificates checkable: outages, revisions of files, the nightly re-check, re-sealing."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from udgam.flow.issuance.models.certificate import Certificate, stage_path
from udgam.flow.issuance.models.keys import IssuerKey, UsedSeal


class Outage(models.Model):
    """A service that issuing needs did not answer, from its first failure until it answered again."""

    class Service(models.TextChoices):
        TIME_STAMPS = "time-stamps", _("Time stamps")

    service = models.CharField(max_length=20, choices=Service)
    began_at = models.DateTimeField()
    last_failed_at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service"], condition=Q(ended_at__isnull=True), name="outage_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.began_at:%Y-%m-%d %H:%M}"


class FileRevision(models.Model):
    """A file that a certificate had before its present one, and why another took its place."""

    class Cause(models.TextChoices):
        STAMPED = "stamped", _("The time stamp that was due was added")
        ARCHIVED = "archived", _("An archive time stamp was added")
        RESEALED = "resealed", _("Sealed anew with another key")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="revisions")
    sha256 = models.CharField(max_length=64)
    # Empty when the present file begins with these very bytes, so that nothing is lost by not keeping them twice.
    file = models.FileField(upload_to=stage_path, max_length=120, blank=True)
    cause = models.CharField(max_length=10, choices=Cause)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["replaced_at", "id"]

    def __str__(self) -> str:
        return f"{self.certificate_id}:{self.sha256[:12]}"


class RecheckRun(models.Model):
    """One independent re-check of everything that was issued."""

    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # The last certificate that was looked at: a run that was interrupted goes on behind it.
    reached = models.PositiveBigIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M}"


class Alarm(models.Model):
    """Something that the re-check found different from what it must be. It stands until it is found right again, or closed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT, related_name="alarms")
    # What was compared, as a stable code, and what was found.
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    close_note = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "code"],
                condition=Q(closed_at__isnull=True),
                name="alarm_once_while_open",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["closed_at", "-raised_at"], name="alarm_list")]

    def __str__(self) -> str:
        return f"{self.code}:{self.certificate_id}"


class Resealing(models.Model):
    """A key is believed no more, and what it signed and still counts is signed anew with the office's present key."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seal = models.ForeignKey(UsedSeal, null=True, on_delete=models.PROTECT, related_name="+")
    issuer_key = models.ForeignKey(IssuerKey, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # Behind which row the next part of a run in parts begins, so that what cannot be signed anew does not stand in its way.
    reached = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seal__isnull=True) ^ Q(issuer_key__isnull=True), name="resealing_of_one_key"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
