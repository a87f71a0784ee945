"""Further people of a firm, who joined through the services."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone

from udgam.flow.registration import services
from udgam.flow.registration.models import Exporter, Membership
from udgam.ground.audit.actors import ANONYMOUS
from udgam.ground.messages.models import Message
from udgam.ground.messages.sealed_words import open_words
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person

PASSWORD = "seven-green-boats"


def newest_secret(email: str) -> str:
    """The secret in the newest mail of invitation to this address."""
    row = Message.objects.filter(template="registration/invitation", to=email).order_by("-created_at").first()
    assert row is not None
    found = re.search(r"/join/([^/\s]+)/", open_words(row.body))
    assert found
    return found.group(1)


def invite(exporter: Exporter, inviter: Person, *, email: str, role: str = "drafter", name: str = "Deepa Nair") -> str:
    """Invite somebody; answers the secret of the link."""
    services.invite(
        exporter=exporter,
        email=email,
        name=name,
        role=role,
        language="en",
        person=inviter,
        actor=actor_of(inviter),
        now=timezone.now(),
    )
    return newest_secret(email)


def accept(secret: str, *, name: str = "Deepa Nair") -> Person:
    """Open an account by the link."""
    return services.join_with_new_account(
        secret=secret,
        name=name,
        password=PASSWORD,
        language="en",
        agreed_version="2026-11",
        agreed_sha256="0" * 64,
        actor=ANONYMOUS,
        now=timezone.now(),
    )


def join_firm(filer: Any, *, role: str = "drafter", name: str = "Deepa Nair") -> Membership:
    """Somebody of that name joins the filer's firm."""
    email = f"{name.lower().replace(' ', '.')}@{role}.example"
    person = accept(invite(filer.exporter, filer.person, email=email, role=role, name=name), name=name)
    return Membership.objects.get(person=person, until__isnull=True)
