"""People, the tokens enrolled for them, and the traces that signing in leaves behind."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Finds people by user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody with an account. What a person may do follows from the kind and from the rooms above."""

    class Kind(models.TextChoices):
        EXPORTER = "exporter", _("Exporter")
        OFFICER = "officer", _("Officer")
        AGENCY_ADMIN = "agency_admin", _("Agency administrator")
        ADMINISTRATOR = "administrator", _("Administrator")

    # The opaque identifier that stands in audit acts; it says nothing about the person.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    mobile = models.CharField(max_length=15, blank=True)
    language = models.CharField(max_length=5, default="en")
    kind = models.CharField(max_length=20, choices=Kind)
    is_active = models.BooleanField(default=True)
    # True while the password is the one the platform made up: the person must choose another before anything else.
    must_change_password = models.BooleanField(default=False)
    # Set only together with a one-time password: after this moment it no longer opens the door.
    password_expires_at = models.DateTimeField(null=True, blank=True)
    # A changed address is watched for a week: a forgotten password then also needs the token.
    email_changed_at = models.DateTimeField(null=True, blank=True)
    # When the holder was last told by mail that somebody guesses at the password, so that this is not a way to flood them.
    told_of_guessing_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="person_username_unique"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False), name="person_erased_is_not_active"
            ),
        ]

    def __str__(self) -> str:
        return self.username


class EnrolledToken(models.Model):
    """A signing certificate that a person may sign in and sign with. Retired ones stay, with the reason."""

    class RetiredReason(models.TextChoices):
        RENEWED = "renewed", _("Replaced by a renewed certificate")
        REPLACED = "replaced", _("Replaced by another token")
        LOST = "lost", _("Reported lost")
        WITHDRAWN = "withdrawn", _("Withdrawn by an administrator")
        ERASED = "erased", _("The account was erased")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    # SHA-256 of the DER form, lower-case hexadecimal.
    sha256 = models.CharField(max_length=64)
    der = models.BinaryField()
    holder = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=500)
    serial_number = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    # The facts read from the certificate when it was enrolled (rules.binding.CertificateFacts as JSON).
    facts = models.JSONField()
    # The decision that let it in (rules.binding.Decision as JSON), or {} where an administrator's command did.
    decision = models.JSONField(default=dict, blank=True)
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=20, choices=RetiredReason, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(retired_at__isnull=True), name="token_enrolled_for_one_person"
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_reason="")
                | (Q(retired_at__isnull=False) & ~Q(retired_reason="")),
                name="token_retired_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["person", "retired_at"])]

    def __str__(self) -> str:
        return self.sha256[:16]


class Nonce(models.Model):
    """A challenge for a token: bound to one browser session and one purpose, used once, good for five minutes."""

    class Purpose(models.TextChoices):
        REGISTER = "register"
        SIGN_IN = "sign-in"
        STEP_UP = "step-up"
        CHECK = "check"
        RESET = "reset"
        UPDATE_EMAIL = "update-email"

    value = models.CharField(max_length=128, unique=True)
    # SHA-256 of the random binding kept in the session; a copy of this table lets nobody answer for a session.
    session_binding = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=Purpose)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["session_binding", "purpose"])]

    def __str__(self) -> str:
        return f"{self.purpose}:{self.pk}"


class SignInEvent(models.Model):
    """One attempt to sign in, with its outcome. Shown to the person it concerns; forgotten after the time the law asks for."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("Password")
        TOKEN = "token", _("Token")
        PASSWORD_AND_TOKEN = "password+token", _("Password and token")
        RESET_LINK = "reset-link", _("Link for a forgotten password")

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", _("Signed in")
        WRONG = "wrong", _("Wrong password")
        HELD_BACK = "held-back", _("Held back after too many wrong passwords")
        EXPIRED = "expired", _("One-time password too old")
        TOKEN_REFUSED = "token-refused", _("Token refused")

    # Empty when nobody has the user name that was typed; the typed name itself is not kept.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="sign_ins")
    at = models.DateTimeField(db_index=True)
    door = models.CharField(max_length=20)
    method = models.CharField(max_length=20, choices=Method)
    outcome = models.CharField(max_length=20, choices=Outcome)
    # The reason code of a refused token.
    reason = models.CharField(max_length=60, blank=True)
    token_sha256 = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.outcome}@{self.at:%Y-%m-%dT%H:%M}"


class OwnSession(models.Model):
    """A browser in which a person is signed in, so that the person can see it and end it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    method = models.CharField(max_length=20, choices=SignInEvent.Method)
    started_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.public_id)


class WrongPasswords(models.Model):
    """How often one name was tried wrongly from one address, and until when that pair is held back.

    The key is a keyed hash of name, address and door: user names are public, so holding back a name everywhere would let
    anybody keep its owner out.
    """

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField(db_index=True)
    held_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures}"


class PasswordIssue(models.Model):
    """A one-time password was made for a person. The password itself is only ever hashed on the person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="password_issues")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="password_issue_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%dT%H:%M}"


class ResetLink(models.Model):
    """A one-time link for a forgotten password. Only the hash of its secret is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reset_links")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-issued_at"])]

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%dT%H:%M}"


class EarlierAddress(models.Model):
    """A mail address or mobile number (ten digits) at which a person was reached before, for as long as messages to it are kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="earlier_addresses")
    address = models.CharField(max_length=254, db_index=True)
    left_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.left_at:%Y-%m-%d}"


class TellingChoice(models.Model):
    """By which ways a person wants to hear of changes. Without a row the kind of person decides; what concerns the safety of the
    account always comes by mail, and the notices on the site always come."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="telling_choice")
    by_mail = models.BooleanField()
    by_text = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.person_id} mail={self.by_mail} text={self.by_text}"


class Notice(models.Model):
    """Something a person is told on the site itself: one line, and the page where it leads. In both languages, as it was told."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    english = models.CharField(max_length=250)
    hindi = models.CharField(max_length=250)
    # An address on this site, beginning with a slash.
    path = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.english
