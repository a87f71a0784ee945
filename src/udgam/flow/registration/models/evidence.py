"""What a token proved, what was decided from it, and near misses that an administrator may open."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RevocationFile(models.Model):
    """A list of revoked certificates or an answer about one, kept once however many tokens relied on it."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    data = models.BinaryField()
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


class TokenEvidence(models.Model):
    """A token or signature as it came, its certificate, the checked path and the decision with its rule version."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # "register", "update-email", "sign-application": what the token was shown for.
    purpose = models.CharField(max_length=40)
    # What it was shown for, such as "registration:<uuid>".
    subject = models.CharField(max_length=120, blank=True)
    iec = models.CharField(max_length=10, blank=True)
    raw = models.TextField()
    certificate = models.BinaryField()
    certificate_sha256 = models.CharField(max_length=64)
    facts = models.JSONField()
    # The path from the certificate to a pinned root, with which evidence of revocation was used.
    path = models.JSONField()
    revocation_files = models.ManyToManyField(RevocationFile, related_name="evidence", blank=True)
    # The last firm binding decision made with it; its rule's name and version.
    decision = models.JSONField(null=True, blank=True)
    rule_version = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["certificate_sha256"], name="evidence_certificate")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.certificate_sha256[:12]}"


class NearMiss(models.Model):
    """A token refused only because two names are almost equal. An administrator may open it, with a reason and evidence."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OPENED = "opened", _("Opened")
        DECLINED = "declined", _("Declined")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    iec = models.CharField(max_length=10)
    # "holder" or "organisation": which of the two names is meant.
    subject = models.CharField(max_length=20)
    in_certificate = models.CharField(max_length=300)
    in_record = models.CharField(max_length=300)
    # The certificate's subject serialNumber (hash of the holder's PAN) or, without it, the certificate's own digest: a
    # renewed certificate of the same person is covered by the decision, another person's is not.
    holder_key = models.CharField(max_length=64)
    evidence = models.ForeignKey(TokenEvidence, on_delete=models.PROTECT, related_name="near_misses")
    seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="near_miss_decisions"
    )
    reason = models.TextField(blank=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["iec", "subject", "in_certificate", "in_record", "holder_key"], name="near_miss_once"
            )
        ]
        indexes = [models.Index(fields=["state", "seen_at"], name="near_miss_queue")]

    def __str__(self) -> str:
        return f"{self.iec} {self.subject}"
