"""A person who signs in, the tokens enrolled for that person."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
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
    username = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    mobile = models.CharField(max_length=15, blank=True)
    language = models.CharField(max_length=5, default="en")
    kind = models.CharField(max_length=20, choices=Kind)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="person_username_unique")]

    def __str__(self) -> str:
        return self.username
