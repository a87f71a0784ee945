"""A firm's keys for programs are made, used and revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from udgam.flow.registration import policies, queries
from udgam.flow.registration.models import Exporter, FirmKey
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.subjects import firm_subject
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import Person
from udgam.rules.duties import FIRM_KEY_LIFETIME

MOST_KEYS = 20
# Scanners for leaked secrets find a key by its beginning.
PREFIX = "udgam_"
USED_TO_THE = timedelta(hours=1)


def make_key(
    *, exporter: Exporter, name: str, scope: str, person: Person, actor: Actor, now: datetime
) -> tuple[FirmKey, str]:
    """Make a key; answers its row and the key itself, which is readable nowhere else.

    Raises `RegistrationRefused`: "people.not_signatory", "keys.too_many".
    """
    if scope not in FirmKey.Scope.values:
        raise ValueError(f"There is no scope called {scope}.")
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        Exporter.objects.select_for_update().get(pk=exporter.pk)
        verdict = policies.may_manage_people(person, exporter)
        membership = queries.membership_of(person)
        if not verdict or membership is None:
            raise RegistrationRefused("people.not_signatory", firm=exporter.name)
        if queries.working_keys(exporter, now).count() >= MOST_KEYS:
            raise RegistrationRefused("keys.too_many", limit=str(MOST_KEYS))
        row = FirmKey.objects.create(
            membership=membership,
            name=name,
            scope=scope,
            hint=secret[: len(PREFIX) + 6],
            secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            made_by=person,
            made_at=now,
            expires_at=now + FIRM_KEY_LIFETIME,
        )
        audit(
            act="exporter.key_made",
            subject=firm_subject(exporter),
            actor=actor,
            now=now,
            details={"key": str(row.public_id), "scope": scope},
        )
        for colleague in queries.members_of(exporter.id):
            if colleague.email:
                queue_mail(
                    to=colleague.email,
                    template="registration/key_made",
                    context={"firm": exporter.name, "name": person.name, "key": row.name},
                    language=colleague.language,
                    now=now,
                    subject_ref=firm_subject(exporter),
                )
    return row, secret


def revoke_key(*, key: FirmKey, person: Person, actor: Actor, now: datetime) -> None:
    """The key stops working at once. Raises `RegistrationRefused`, also when it was revoked before."""
    exporter = key.membership.exporter
    with transaction.atomic():
        if not policies.may_manage_people(person, exporter):
            raise RegistrationRefused("people.not_signatory", firm=exporter.name)
        if FirmKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now) != 1:
            raise RegistrationRefused("people.changed_meanwhile")
        audit(
            act="exporter.key_revoked",
            subject=firm_subject(exporter),
            actor=actor,
            now=now,
            details={"key": str(key.public_id)},
        )


def note_use(*, key: FirmKey, now: datetime) -> None:
    """Remember, to the hour, that the key was used."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USED_TO_THE)
    FirmKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
