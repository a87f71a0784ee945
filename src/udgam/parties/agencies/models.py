"""Issuing agencies, their offices, their officers, and the arrangements under which each office may issue."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from udgam.ground.pages.languages import in_language


class Agency(models.Model):
    """A body authorised to issue certificates of origin (Foreign Trade Policy, Appendices 2B to 2E)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    name_hindi = models.CharField(max_length=200, blank=True)
    # The name as registered: officers' certificates must carry it in their organisation.
    registered_name = models.CharField(max_length=200)
    is_suspended = models.BooleanField(default=False)
    # Where its fees go, as the platform has confirmed it (`FeeAccountChange`). The State is the place it supplies from; without a GSTIN it may not collect tax (CGST Act, section 32).
    state_code = models.CharField(max_length=2, blank=True)
    # Its PAN, once it stated one: a GSTIN then belongs to it.
    pan = models.CharField(max_length=10, blank=True, default="")
    gstin = models.CharField(max_length=15, blank=True)
    billing_address = models.TextField(blank=True)
    # The name of a payment account in the settings, which hold its secrets. Empty: nothing can be paid to this agency yet.
    gateway = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    # So many hours of working days the agency gives itself to decide.
    decision_hours = models.PositiveSmallIntegerField(default=24)
    # When somebody else than the officer who approved must sign (`rules.decisions.SeparationPolicy`).
    two_people_always = models.BooleanField(default=False)
    two_people_from_inr = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    two_people_from_level = models.CharField(max_length=6, blank=True, default="")

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.code

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_hindi)


class FeeAccountChange(models.Model):
    """Where an agency wants its fees to go. It counts once the platform's administrator has confirmed it, and not before."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the administrator of the platform")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Taken back")
        REPLACED = "replaced", _("Replaced by a later one")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="fee_account_changes")
    state_code = models.CharField(max_length=2)
    pan = models.CharField(max_length=10, blank=True)
    gstin = models.CharField(max_length=15, blank=True)
    billing_address = models.TextField(blank=True)
    gateway = models.CharField(max_length=40, blank=True)
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="waiting"), name="fee_account_change_one_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.state}"


class Office(models.Model):
    """A regional or local office of an agency; applications are addressed to one."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="offices")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    name_hindi = models.CharField(max_length=200, blank=True)
    address = models.TextField()
    # The regional office that it belongs to; a regional office, and one that stands alone, belongs to none.
    region = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="local_offices")
    # A closed office takes nothing new and finishes what it has; a suspended one does nothing at all.
    is_open = models.BooleanField(default=True)
    is_suspended = models.BooleanField(default=False)
    # Which key in the key store seals for this office: a PKCS#11 address, or a file in the sandbox. Empty: the setting's.
    seal_key = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return self.code

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_hindi)


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
    suspended_at = models.DateTimeField(null=True, blank=True)

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


class Leave(models.Model):
    """An officer is away from a day until a day (both included, Indian dates); a colleague may stand in for those days.

    The colleague then works for the absent officer's office too, with the absent officer's duty and never with a greater one.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="leaves")
    stand_in = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="stands_in")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="leave_ends_after_start"),
            models.CheckConstraint(condition=~Q(stand_in=F("officer")), name="leave_stand_in_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.since}"


class Image(models.Model):
    """The picture of an office's stamp or of an officer's signature, for prints that carry them. An earlier one stays on record."""

    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="images")
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="images")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=True, officer__isnull=False) | Q(office__isnull=False, officer__isnull=True),
                name="image_of_one",
            ),
            models.UniqueConstraint(
                fields=["office"], condition=Q(retired_at__isnull=True), name="image_one_stamp_each"
            ),
            models.UniqueConstraint(
                fields=["officer"], condition=Q(retired_at__isnull=True), name="image_one_signature_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id or self.officer_id}"


class NumberSeries(models.Model):
    """Certificates of an office, or of an office under one arrangement, are counted by themselves, beginning with a number.

    Some arrangements want "a sequential serial number separate for each office". Without a row the platform's series counts.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="number_series")
    agreement = models.CharField(max_length=20, blank=True)
    first = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["office", "agreement"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.agreement or '*'}"


class AgencyRequest(models.Model):
    """A body asks to issue certificates on the platform, with the letter that authorises it; an administrator decides."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the administrator of the platform")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    name_hindi = models.CharField(max_length=200, blank=True)
    registered_name = models.CharField(max_length=200)
    office_name = models.CharField(max_length=200)
    office_name_hindi = models.CharField(max_length=200, blank=True)
    office_address = models.TextField(max_length=500)
    agreements = models.JSONField(default=list)
    administrator_name = models.CharField(max_length=150)
    administrator_username = models.CharField(max_length=60)
    administrator_email = models.EmailField()
    letter = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, default="en")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="requests")

    class Meta:
        indexes = [models.Index(fields=["state", "requested_at"], name="agency_request_waiting")]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_hindi)
