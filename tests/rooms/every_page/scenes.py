"""Pages in the midst of a way, which nobody reaches by their address alone: each scene puts the rows where they would stand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.rooms.hostile.world import World
from udgam.flow.registration.models import ContactChange, Exporter, Registration, TokenEvidence
from udgam.parties.accounts.models import Person, ResetLink
from udgam.web.views.feedback import SENT


@dataclass(frozen=True, kw_only=True)
class Scene:
    """How a page comes to be shown: who opens it, and what is made so before."""

    name: str
    how: str
    prepare: Callable[[World, Client], None]
    who: str = "nobody"
    at: Mapping[str, object] = field(default_factory=dict)


def remember(client: Client, key: str, value: str) -> None:
    """Put a value into the visitor's session, making one for who has none."""
    session = client.session
    session[key] = value
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def _attempt(**changed: object) -> Callable[[World, Client], None]:
    def prepare(world: World, client: Client) -> None:
        Registration.objects.filter(pk=world.attempt.pk).update(**changed)

    return prepare


def _registered(world: World, client: Client) -> None:
    """The visitor's own attempt has just come to its end."""
    done = Registration.objects.get(exporter=world.filer.exporter)
    remember(client, "registration.attempt", str(done.public_id))


def _change(stage: str, **changed: object) -> Callable[[World, Client], None]:
    def prepare(world: World, client: Client) -> None:
        now = timezone.now()
        evidence = TokenEvidence.objects.first()
        assert evidence is not None
        change = ContactChange.objects.create(
            stage=stage,
            exporter=world.filer.exporter,
            evidence=evidence,
            started_at=now,
            **{"new_email": "desk@malabar.example", "old_email": world.filer.exporter.email, **changed},
        )
        remember(client, "registration.change", str(change.public_id))

    return prepare


def _firm(**changed: object) -> Callable[[World, Client], None]:
    def prepare(world: World, client: Client) -> None:
        Exporter.objects.filter(pk=world.filer.exporter.pk).update(**changed)

    return prepare


def _branch_without_tax(world: World, client: Client) -> None:
    world.filer.exporter.branches.update(gstin="", is_sez=False, sez_state_code="")


def _reset_link(*, changed_lately: bool) -> Callable[[World, Client], None]:
    def prepare(world: World, client: Client) -> None:
        now, secret = timezone.now(), "A" * 43
        person = world.filer.person
        if changed_lately:
            Person.objects.filter(pk=person.pk).update(email_changed_at=now)
        ResetLink.objects.create(
            person=person,
            secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            issued_at=now,
            expires_at=now + timedelta(hours=1),
        )
        remember(client, "accounts.reset_secret", secret)

    return prepare


def _first_password(world: World, client: Client) -> None:
    Person.objects.filter(pk=world.filer.person.pk).update(must_change_password=True)


HOUR_AGO = timezone.now() - timedelta(hours=1)
NEAR_MISS = {"in_certificate": "Jayesh Parikh", "in_record": "Jayesh Pareekh"}
Stage = Registration.Stage
SCENES: list[Scene] = [
    Scene(
        name="feedback-sent", how="after sending", prepare=lambda world, client: remember(client, SENT, "F/2026/0001")
    ),
    Scene(
        name="registration:waiting",
        who="applicant",
        how="while the register is silent",
        prepare=_attempt(stage=Stage.TOKEN_PROVED, unavailable_since=HOUR_AGO),
    ),
    Scene(
        name="registration:refused",
        who="applicant",
        how="with a near miss",
        prepare=_attempt(
            stage=Stage.REFUSED,
            refusal="binding.holder_near_miss",
            refusal_params=NEAR_MISS,
        ),
    ),
    Scene(
        name="registration:codes",
        who="applicant",
        how="with codes sent",
        prepare=_attempt(stage=Stage.CONTACT_GIVEN, mobile_proved_at=None, email_proved_at=None),
    ),
    Scene(name="registration:done", how="after registering", prepare=_registered),
    Scene(
        name="registration:my-iec",
        who="exporter",
        how="with filing stopped and a new mobile",
        prepare=_firm(filing_stopped="filing.consent_withdrawn", mobile="+919000000001", unavailable_since=HOUR_AGO),
    ),
    Scene(name="registration:my-iec-branches", who="exporter", how="with a new branch", prepare=_branch_without_tax),
    Scene(
        name="registration:my-iec-contact",
        who="exporter",
        how="with a new mobile",
        at={"channel": "mobile"},
        prepare=_firm(mobile="+919000000001"),
    ),
    Scene(
        name="registration:update-email-waiting",
        how="while the register is silent",
        prepare=_change("token_proved", unavailable_since=HOUR_AGO),
    ),
    Scene(
        name="registration:update-email-refused",
        how="with a reason",
        prepare=_change("refused", refusal="binding.holder_near_miss", refusal_params=NEAR_MISS),
    ),
    Scene(name="registration:update-email-address", how="admitted", prepare=_change("admitted")),
    Scene(name="registration:update-email-code", how="with a code sent", prepare=_change("code_sent")),
    Scene(name="registration:update-email-done", how="when changed", prepare=_change("done", done_at=HOUR_AGO)),
    Scene(name="accounts:new-password", how="with a link", prepare=_reset_link(changed_lately=False)),
    Scene(name="accounts:new-password", how="with a link and the token", prepare=_reset_link(changed_lately=True)),
    Scene(
        name="accounts:change-password",
        who="exporter",
        how="after the one-time password",
        prepare=_first_password,
    ),
]
