"""Certificates of origin: on their way through the issuing cycle, and what becomes of them afterwards."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

# A certificate in one of these states takes its application; there can be only one.
LIVE = ("prepared", "certified", "sealed", "issued")
# A certificate in one of these states was issued and counts no more.
ENDED = ("superseded", "cancelled")


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
    # Its place in the published status lists, reserved with the number and never used again.
    status_index = models.PositiveBigIntegerField(null=True, unique=True)
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

    # What the office key signed: the text of the QR code and the credential, with the key that made them.
    code = models.TextField(blank=True)
    credential = models.TextField(blank=True)
    issuer_key = models.ForeignKey("issuance.IssuerKey", null=True, on_delete=models.PROTECT, related_name="+")

    file = models.FileField(upload_to=stage_path, max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    # The last day of its validity under its agreement, when that names one.
    valid_until = models.DateField(null=True, blank=True)

    # Sealed while the time-stamp service was down: since when the duty to stamp stands.
    stamp_due_since = models.DateTimeField(null=True, blank=True)
    # Its last archive time stamp, and when the next one is due because that stamp's certificate or algorithm ages.
    archived_at = models.DateTimeField(null=True, blank=True)
    archive_due_at = models.DateTimeField(null=True, blank=True)

    # How it ended, by whom, and what stands in its place.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=40, blank=True)
    end_note = models.TextField(max_length=2000, blank=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

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
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="certificate_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False),
                name="certificate_superseded_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-prepared_at"], name="certificate_office"),
            models.Index(fields=["office", "-issued_at"], name="certificate_issued_by_office"),
            models.Index(
                fields=["archive_due_at"], name="certificate_archive_due", condition=Q(archive_due_at__isnull=False)
            ),
            models.Index(
                fields=["stamp_due_since"], name="certificate_stamp_due", condition=Q(stamp_due_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number
