"""Certificates of origin on their way through the issuing cycle, and the signing runs that officers make."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

# A certificate in one of these states takes its application; there can be only one.
LIVE = ("prepared", "certified", "sealed", "issued")


def stage_path(certificate: models.Model, filename: str) -> str:
    """Where a file of the cycle lies: a random name, so that writing again never touches what a row already names."""
    name = uuid.uuid4().hex
    return f"certificates/{name[:2]}/{name}"


class Certificate(models.Model):
    """A certificate of origin. Its number is used once; its state changes only by the conditional updates in `services`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="issued_certificates"
    )
    office = models.ForeignKey("agencies.Office", on_delete=models.PROTECT, related_name="+")
    agreement = models.CharField(max_length=20)
    number = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=12, default="prepared")

    # Frozen when prepared: the canonical bytes that the officer certifies.
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    issued_on = models.DateField()
    signatory = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    certificate_sha256 = models.CharField(max_length=64)
    prepared_at = models.DateTimeField()
    # The approval it rests on. If the application was sent back and approved anew, perhaps in another version, this is another one.
    approved_at = models.DateTimeField(null=True)

    # The act of certifying: the officer's detached signature of the content.
    cms = models.BinaryField(null=True)
    certified_at = models.DateTimeField(null=True, blank=True)

    # The drawn page that waits for the officer's signature, as `signing.sealing.officer` keeps it.
    page = models.FileField(upload_to=stage_path, max_length=120, blank=True)
    seal_sha256 = models.CharField(max_length=64, blank=True)
    # SHA-256 of the key in the QR code's link; the key itself stands only in the code.
    key_sha256 = models.CharField(max_length=64, blank=True)
    signed_page = models.FileField(upload_to=stage_path, max_length=120, blank=True)
    page_signed_at = models.DateTimeField(null=True, blank=True)

    file = models.FileField(upload_to=stage_path, max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    # Why the platform could not complete it the last time it tried, as a reason code.
    waiting_for = models.CharField(max_length=60, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=LIVE), name="certificate_one_live_each"
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="certificate_voided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("prepared", "voided")) | Q(cms__isnull=False), name="certificate_certified_first"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sealed", "issued", "superseded", "cancelled")) | ~Q(file=""),
                name="certificate_sealed_has_file",
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-prepared_at"], name="certificate_office")]

    def __str__(self) -> str:
        return self.number


class SigningRun(models.Model):
    """What an officer chose to sign in one go; it can be left and found again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("agencies.Office", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-begun_at"], name="signing_run_of_person")]

    def __str__(self) -> str:
        return str(self.public_id)


class RunEntry(models.Model):
    """One application of a run, with the certificate prepared for it, or the reason why none could be."""

    run = models.ForeignKey(SigningRun, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT, related_name="entries")
    # A refusal met when it was prepared or signed: the code, and its values for the sentence.
    refusal = models.CharField(max_length=60, blank=True)
    refusal_message = models.TextField(blank=True)
    refusal_advice = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="run_entry_position")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.position}"


class UsedSeal(models.Model):
    """A seal certificate that an office has sealed with; the trust list keeps naming it for what it sealed."""

    office = models.ForeignKey("agencies.Office", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    certificate = models.BinaryField()
    first_used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "sha256"], name="used_seal_once")]

    def __str__(self) -> str:
        return self.sha256[:16]
