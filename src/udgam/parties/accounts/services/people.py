"""Accounts come into being and change."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import EarlierAddress, Person
from udgam.parties.accounts.queries import person_by_username
from udgam.parties.accounts.reasons import AccountRefused
from udgam.rules.identifiers.contact import ten_digits


def create_person(
    *, username: str, name: str, email: str, kind: str, language: str, actor: Actor, now: datetime, mobile: str = ""
) -> Person:
    """Make an account without a password; ``issue_one_time_password`` gives the first one.

    Raises ``AccountRefused("account.username_taken")``, also when two come at the same moment.
    """
    wanted = username.strip()
    if kind not in Person.Kind.values:
        raise ValueError(f"There is no kind of person called {kind}.")
    if person_by_username(wanted):
        raise AccountRefused("account.username_taken", username=wanted)
    person = Person(
        username=wanted, name=name, email=email, mobile=mobile, kind=kind, language=language, created_at=now
    )
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            record(
                act="person.created", subject=subject_of(person), actor=actor, now=now, details={"kind": person.kind}
            )
    except IntegrityError as error:
        raise AccountRefused("account.username_taken", username=wanted) from error
    return person


def change_email(*, person: Person, email: str, actor: Actor, now: datetime) -> None:
    """Write to another address from now on, and tell the old one.

    The caller has proved the new address. For a week a forgotten password will also need the token.
    """
    with transaction.atomic():
        held = Person.objects.select_for_update().get(pk=person.pk)
        old = held.email
        held.email = email
        held.email_changed_at = now
        held.save(update_fields=["email", "email_changed_at"])
        record(act="person.email_changed", subject=subject_of(held), actor=actor, now=now)
        if old:
            _leave(held, old.lower(), email.lower(), now)
            queue_mail(
                to=old,
                template="accounts/email_changed",
                context={"username": held.username, "at": now},
                language=held.language,
                now=now,
                subject_ref=subject_of(held),
            )
    person.email = email
    person.email_changed_at = now


def change_mobile(*, person: Person, mobile: str, actor: Actor, now: datetime) -> None:
    """Send text messages to another number from now on. The caller has proved it."""
    with transaction.atomic():
        held = Person.objects.select_for_update().get(pk=person.pk)
        _leave(held, ten_digits(held.mobile), ten_digits(mobile), now)
        Person.objects.filter(pk=person.pk).update(mobile=mobile)
        record(act="person.mobile_changed", subject=subject_of(person), actor=actor, now=now)
    person.mobile = mobile


def _leave(person: Person, old: str, new: str, now: datetime) -> None:
    if old and old != new:
        EarlierAddress.objects.create(person=person, address=old, left_at=now)


def set_language(*, person: Person, language: str) -> None:
    """Write mails and, where the browser has no choice of its own, show pages in this language."""
    Person.objects.filter(pk=person.pk).update(language=language)
    person.language = language
