"""Issuing agencies, their offices, their officers, and the arrangements under which each office may issue."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Agency(models.Model):
    """A body authorised to issue certificates of origin (Foreign Trade Policy, Appendices 2B to 2E)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    name_hindi = models.CharField(max_length=200, blank=True)
    # The name as registered: officers' certificates must carry it in their organisation.
    registered_name = models.CharField(max_length=200)
    is_suspended = models.BooleanField(default=False)
    # Where its fees go. The State is the place it supplies from; without a GSTIN it may not collect tax (CGST Act, section 32).
    state_code = models.CharField(max_length=2, blank=True)
    gstin = models.CharField(max_length=15, blank=True)
    billing_address = models.TextField(blank=True)
    # The name of a payment account in the settings, which hold its secrets. Empty: nothing can be paid to this agency yet.
    gateway = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.code


class Office(models.Model):
    """A regional or local office of an agency; applications are addressed to one."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="offices")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    name_hindi = models.CharField(max_length=200, blank=True)
    address = models.TextField()
    is_open = models.BooleanField(default=True)
    # Which key in the key store seals for this office: a PKCS#11 address, or a file in the sandbox. Empty: the setting's.
    seal_key = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.code


class Authorisation(models.Model):
    """An office may issue under an arrangement, from a day until a day (both included, Indian dates)."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="authorisations")
    agreement = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "agreement", "valid_from"], name="authorisation_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="authorisation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.agreement}"


class Officer(models.Model):
    """A person's post in an office. Somebody who changes office gets a new post; the old one ends and stays."""

    class Role(models.TextChoices):
        EXAMINER = "examiner", _("Examining officer")
        SIGNATORY = "signatory", _("Signing officer")
        ADMINISTRATOR = "administrator", _("Agency administrator")

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="officers")
    role = models.CharField(max_length=20, choices=Role)
    designation = models.CharField(max_length=120)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="officer_one_current_post"
            ),
        ]
        indexes = [models.Index(fields=["office", "role"])]

    def __str__(self) -> str:
        return f"{self.role}@{self.office_id}"


class NamedException(models.Model):
    """An organisation's name that certificates of this agency's officers carry instead of the registered one, with the reason."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="named_exceptions")
    organisation = models.CharField(max_length=200)
    reason = models.TextField()
    decided_by = models.CharField(max_length=64)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.organisation


class WaitingToken(models.Model):
    """A token that an officer has presented and that the agency's administrator has not yet confirmed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the administrator")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="waiting_tokens")
    certificate = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    holder = models.CharField(max_length=300)
    organisation = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=300)
    valid_until = models.DateTimeField()
    # How the binding table judged it when it was presented.
    decision = models.JSONField()
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "sha256"], condition=Q(state="waiting"), name="waiting_token_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id}:{self.sha256[:12]}"
