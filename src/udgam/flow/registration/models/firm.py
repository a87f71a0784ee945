"""A registered firm, its branches, the people who act for it, and dated copies of IEC records."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Exporter(models.Model):
    """A registered firm. The record is the register's and is never edited here, only fetched again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    iec = models.CharField(max_length=10, unique=True)
    registration_number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    record = models.JSONField()
    record_fetched_at = models.DateTimeField()
    # The register was asked and did not answer; since when. Empty while it answers.
    unavailable_since = models.DateTimeField(null=True, blank=True)
    # Why the firm may not file at present: a reason code, or empty.
    filing_stopped = models.CharField(max_length=60, blank=True)
    filing_stopped_params = models.JSONField(default=dict, blank=True)
    # The contact that was proved by one-time codes. Differs from the record until a change is proved again.
    email = models.CharField(max_length=254)
    mobile = models.CharField(max_length=15)
    aeo = models.CharField(max_length=20, blank=True)
    # The certificate of the registration; further ones are enrolled with the account.
    certificate_sha256 = models.CharField(max_length=64)
    # The facts of that certificate, so that the firm binding can be decided again from each new record.
    certificate_facts = models.JSONField(default=dict)
    # What the last fetch changed, for the page "My IEC details": a list of differences.
    last_changes = models.JSONField(default=list, blank=True)
    last_changes_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.registration_number} {self.name}"


class ExporterBranch(models.Model):
    """A branch from the record, with the one thing the firm adds: its GSTIN, or that it lies in an SEZ and in which State."""

    exporter = models.ForeignKey(Exporter, on_delete=models.PROTECT, related_name="branches")
    # The register's code; empty for the firm itself when the record has no branch.
    code = models.CharField(max_length=20, blank=True)
    address = models.JSONField()
    # GST code of the State in the record, or empty when the record's State could not be read.
    state_code = models.CharField(max_length=2, blank=True)
    gstin = models.CharField(max_length=15, blank=True)
    is_sez = models.BooleanField(default=False)
    sez_state_code = models.CharField(max_length=2, blank=True)
    added_at = models.DateTimeField()
    # The record no longer has this branch. The row stays for the applications that named it.
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["exporter", "code"], name="branch_code_unique"),
            models.CheckConstraint(
                condition=Q(gstin="") | Q(is_sez=False),
                name="branch_gstin_or_sez",
            ),
            models.CheckConstraint(
                condition=Q(is_sez=False, sez_state_code="") | (Q(is_sez=True) & ~Q(sez_state_code="")),
                name="branch_sez_has_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exporter_id} {self.code}"


class Membership(models.Model):
    """Somebody who acts for the firm with an account of the platform.

    A person belongs to one firm at a time. Only a customs broker may act for several; which one a broker acts for now is the one
    chosen last.
    """

    class Role(models.TextChoices):
        SIGNATORY = "signatory", _("Signatory")
        DRAFTER = "drafter", _("Drafter")
        BROKER = "broker", _("Customs broker")

    exporter = models.ForeignKey(Exporter, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.SIGNATORY)
    # The holder's name as the record lists it; for those who have shown no token the name of the invitation.
    holder_name = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    # When a broker last chose to act for this firm.
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True) & ~Q(role="broker"), name="one_firm_per_person"
            ),
            models.UniqueConstraint(
                fields=["exporter", "person"], condition=Q(until__isnull=True), name="one_membership_in_a_firm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exporter_id} {self.person_id} {self.role}"


class Invitation(models.Model):
    """The firm asks somebody to act for it. The link in the mail works once and for a week; only the hash of its secret is kept."""

    exporter = models.ForeignKey(Exporter, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=10, choices=Membership.Role)
    language = models.CharField(max_length=5, default="en")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    secret_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # What the person agreed to when joining: the version of the declaration, and the digest of its words.
    agreed_version = models.CharField(max_length=20, blank=True)
    agreed_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "exporter",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_each",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_one_end"
            ),
        ]
        indexes = [models.Index(fields=["exporter", "-invited_at"], name="invitation_of_firm")]

    def __str__(self) -> str:
        return f"{self.exporter_id} {self.role} {self.invited_at:%Y-%m-%d}"


class LocalRecord(models.Model):
    """The last IEC record seen, from the register or from an operator's file, with its date."""

    iec = models.CharField(max_length=10, unique=True)
    record = models.JSONField()
    source = models.CharField(max_length=10)
    fetched_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    # Who imported it and from which file; empty for the register's own.
    origin = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.iec} {self.source}"
