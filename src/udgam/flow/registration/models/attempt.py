"""An attempt to register, and what is proved and agreed on the way."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Registration(models.Model):
    """One attempt by the holder of one token to register one IEC. Nothing in it is lost when the register is down."""

    class Stage(models.TextChoices):
        # The register's turn: the token is proved, the record is not yet there.
        TOKEN_PROVED = "token_proved", _("Waiting for the IEC record")
        # The applicant's turn: the token may act for this firm; mobile and e-mail are asked.
        ADMITTED = "admitted", _("Mobile and e-mail")
        # The applicant's turn: codes were sent to both.
        CONTACT_GIVEN = "contact_given", _("One-time codes")
        # The applicant's turn: both codes were right; the declaration is shown.
        CONTACT_PROVED = "contact_proved", _("Declaration")
        # The applicant's turn: agreed; the details are shown.
        AGREED = "agreed", _("Details")
        # Nobody's turn: the firm is registered.
        COMPLETED = "completed", _("Registered")
        # Nobody's turn, unless an administrator opens a near miss.
        REFUSED = "refused", _("Refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stage = models.CharField(max_length=20, choices=Stage)
    iec = models.CharField(max_length=10)
    # Lower-case hexadecimal SHA-256 of the certificate that was proved.
    certificate_sha256 = models.CharField(max_length=64)
    evidence = models.ForeignKey("registration.TokenEvidence", on_delete=models.PROTECT, related_name="attempts")
    record = models.JSONField(null=True, blank=True)
    record_fetched_at = models.DateTimeField(null=True, blank=True)
    # Set while the register does not answer: the moment since which it has not.
    unavailable_since = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    refusal_params = models.JSONField(default=dict, blank=True)
    holder_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="en")
    # As typed, in the normal form; equal to the record once the stage has passed it.
    mobile = models.CharField(max_length=15, blank=True)
    email = models.CharField(max_length=254, blank=True)
    mobile_proved_at = models.DateTimeField(null=True, blank=True)
    email_proved_at = models.DateTimeField(null=True, blank=True)
    # What was typed on each page, right or wrong, so that Back and an outage lose nothing: {"contact": {...}, …}.
    typed = models.JSONField(default=dict, blank=True)
    exporter = models.OneToOneField("registration.Exporter", on_delete=models.PROTECT, null=True, blank=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["iec", "certificate_sha256"], name="registration_resume"),
            models.Index(fields=["stage", "touched_at"], name="registration_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.iec} {self.stage}"


class OneTimeCode(models.Model):
    """A code sent to a mobile number or an e-mail address. Only its keyed hash is kept."""

    class Channel(models.TextChoices):
        MOBILE = "mobile", _("Mobile number")
        EMAIL = "email", _("E-mail address")

    # What the code is for, such as "registration:<uuid>" or "exporter:<uuid>".
    subject = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=254)
    code_hmac = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    # A newer code was sent, so that this one no longer counts.
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "address", "sent_at"], name="code_rate"),
            models.Index(fields=["subject", "channel"], name="code_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.channel}"


class SpentForm(models.Model):
    """A rendered form that was sent; the same form is not taken a second time."""

    sha256 = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    spent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.sha256[:12]}"


class DeclarationConsent(models.Model):
    """What was agreed, when, in which version and in which language it was read."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    # SHA-256 of the text as it was shown, so that nobody need trust that a version was never edited.
    text_sha256 = models.CharField(max_length=64)
    notice_version = models.CharField(max_length=20)
    agreed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "version"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_consent_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.version}"
