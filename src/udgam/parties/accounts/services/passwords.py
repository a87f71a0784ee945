"""Passwords: made up once by the platform, chosen by the person, forgotten and chosen again."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.services import queue_mail
from udgam.ground.tasks import defer
from udgam.parties.accounts.actors import actor_of, subject_of
from udgam.parties.accounts.models import PasswordIssue, Person, ResetLink
from udgam.parties.accounts.queries import person_by_username
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services.holding_back import count_against
from udgam.parties.accounts.services.open_sessions import end_all_sessions
from udgam.parties.accounts.visitors import Visitor
from udgam.rules.duties import EMAIL_CHANGE_GUARD, ONE_TIME_PASSWORD_LIFETIME, PASSWORD_LINK_LIFETIME

# Letters and digits that nobody mistakes for one another; twelve of them carry about 69 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHORTEST_WAIT = timedelta(minutes=2)
ISSUES_A_DAY = 5
LINKS_A_DAY = 5
LINKS_ASKED_FROM_A_PLACE = 20


def issue_one_time_password(*, person: Person, actor: Actor, now: datetime) -> None:
    """Have a one-time password made and mailed: good for 72 hours, to be changed at the first sign-in.

    The first issue and every resend are the same call; an earlier one-time password stops working when the new one is
    mailed. Raises ``AccountRefused``: "account.password_too_often" (within two minutes, or more than five a day),
    "account.password_chosen" when the person has a password of their own, "account.closed".
    """
    with transaction.atomic():
        held = Person.objects.select_for_update().get(pk=person.pk)
        if not held.is_active:
            raise AccountRefused("account.closed")
        if held.has_usable_password() and not held.must_change_password:
            raise AccountRefused("account.password_chosen")
        today = held.password_issues.filter(issued_at__gt=now - timedelta(days=1))
        if today.filter(issued_at__gt=now - SHORTEST_WAIT).exists() or today.count() >= ISSUES_A_DAY:
            raise AccountRefused("account.password_too_often")
        issue = PasswordIssue.objects.create(person=held, issued_at=now, expires_at=now + ONE_TIME_PASSWORD_LIFETIME)
        held.must_change_password = True
        held.save(update_fields=["must_change_password"])
        record(act="person.password_issued", subject=subject_of(held), actor=actor, now=now)
        defer("accounts.send_one_time_password", issue=issue.pk)
    person.must_change_password = True


def send_one_time_password(*, issue_id: int, now: datetime) -> None:
    """Make the password of an issue, keep its hash and mail it. An issue that was overtaken or grew old sends nothing."""
    with transaction.atomic():
        issue = PasswordIssue.objects.select_related("person").filter(pk=issue_id).first()
        if issue is None or issue.expires_at <= now:
            return
        person = Person.objects.select_for_update().get(pk=issue.person_id)
        overtaken = person.password_issues.filter(pk__gt=issue.pk).exists()
        if overtaken or not person.must_change_password or not person.is_active or not person.email:
            return
        password = set_one_time_password(person=person, expires_at=issue.expires_at)
        queue_mail(
            to=person.email,
            template="accounts/one_time_password",
            context={
                "name": person.name,
                "username": person.username,
                "password": password,
                "expires_at": issue.expires_at,
                "address": settings.SITE_ORIGIN + _door_of(person),
            },
            language=person.language,
            now=now,
            subject_ref=subject_of(person),
            secret=True,
        )


def set_one_time_password(*, person: Person, expires_at: datetime) -> str:
    """Give the person a fresh one-time password and answer it. It is readable nowhere else; the caller hands it over once."""
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    person.set_password(password)
    person.must_change_password = True
    person.password_expires_at = expires_at
    person.save(update_fields=["password", "must_change_password", "password_expires_at"])
    return password


def change_password(*, person: Person, new_password: str, session_key: str, actor: Actor, now: datetime) -> None:
    """Set the password that the person chose. The form has checked its strength; every other session ends."""
    with transaction.atomic():
        _set_chosen_password(person, new_password, now)
        end_all_sessions(person=person, but_key=session_key)
        record(act="person.password_changed", subject=subject_of(person), actor=actor, now=now)
        _tell_of_change(person, now)


def choose_first_password(*, person: Person, new_password: str, now: datetime) -> None:
    """Give a fresh account the password that the person chose when it was opened. The form has checked its strength."""
    with transaction.atomic():
        _set_chosen_password(person, new_password, now)
        record(act="person.password_changed", subject=subject_of(person), actor=actor_of(person), now=now)


def ask_for_reset(*, username: str, visitor: Visitor, now: datetime) -> None:
    """Somebody forgot a password. The same work is done whether or not anybody has this user name.

    A task looks for the person and sends the link, so neither the answer nor its time tells anything. A place that asks
    too often is answered alike, and nothing is sent.
    """
    with transaction.atomic():
        if count_against(what="reset", visitor=visitor, free=LINKS_ASKED_FROM_A_PLACE, now=now):
            defer("accounts.send_reset_link", username=username)


def send_reset_link(*, username: str, now: datetime) -> None:
    """Mail a one-time link to the person with this name, if there is one; at most five a day. Earlier links stop working."""
    with transaction.atomic():
        person = person_by_username(username)
        if person is None or not person.is_active or not person.email:
            return
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.reset_links.filter(issued_at__gt=now - timedelta(days=1)).count() >= LINKS_A_DAY:
            return
        person.reset_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
        secret = secrets.token_urlsafe(32)
        link = ResetLink.objects.create(
            person=person, secret_sha256=_hashed(secret), issued_at=now, expires_at=now + PASSWORD_LINK_LIFETIME
        )
        queue_mail(
            to=person.email,
            template="accounts/reset_link",
            context={
                "username": person.username,
                "address": settings.SITE_ORIGIN + reverse("accounts:reset", args=[secret]),
                "expires_at": link.expires_at,
            },
            language=person.language,
            now=now,
            subject_ref=subject_of(person),
            secret=True,
        )


def usable_reset_link(*, secret: str, now: datetime) -> ResetLink | None:
    """The link behind a secret, if it can still be used."""
    links = ResetLink.objects.select_related("person").filter(
        secret_sha256=_hashed(secret), used_at__isnull=True, expires_at__gt=now, person__is_active=True
    )
    return links.first()


def reset_needs_token(*, person: Person, now: datetime) -> bool:
    """Whether the address changed so lately that the mailbox alone proves too little."""
    return person.email_changed_at is not None and now - person.email_changed_at < EMAIL_CHANGE_GUARD


def reset_password(*, secret: str, new_password: str, token_sha256: str | None, now: datetime) -> Person:
    """Use a one-time link: set the chosen password and end every session.

    ``token_sha256`` is the fingerprint of the certificate whose token was verified together with the new password, if one was.
    Raises ``AccountRefused``: "reset.unusable", "token.needed", "token.of_another_person".
    """
    with transaction.atomic():
        link = usable_reset_link(secret=secret, now=now)
        if link is None:
            raise AccountRefused("reset.unusable")
        person = Person.objects.select_for_update().get(pk=link.person_id)
        if reset_needs_token(person=person, now=now):
            if token_sha256 is None:
                raise AccountRefused("token.needed")
            if not person.tokens.filter(sha256=token_sha256, retired_at__isnull=True).exists():
                raise AccountRefused("token.of_another_person")
        if ResetLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now) != 1:
            raise AccountRefused("reset.unusable")
        _set_chosen_password(person, new_password, now)
        end_all_sessions(person=person)
        record(act="person.password_reset", subject=subject_of(person), actor=actor_of(person), now=now)
        _tell_of_change(person, now)
    return person


def _set_chosen_password(person: Person, new_password: str, now: datetime) -> None:
    person.set_password(new_password)
    person.must_change_password = False
    person.password_expires_at = None
    person.save(update_fields=["password", "must_change_password", "password_expires_at"])
    # A link that was asked for before, perhaps by somebody else, must not undo the choice.
    person.reset_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)


def _tell_of_change(person: Person, now: datetime) -> None:
    if person.email:
        queue_mail(
            to=person.email,
            template="accounts/password_changed",
            context={"username": person.username, "at": now},
            language=person.language,
            now=now,
            subject_ref=subject_of(person),
        )


def _door_of(person: Person) -> str:
    from udgam.parties.accounts.doors import door_for

    return reverse(door_for(person.kind).url_name)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
