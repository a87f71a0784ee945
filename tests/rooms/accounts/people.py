"""People for tests: made by the services, signed in as the doors would do it."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from cryptography import x509
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts import proofs, services, sessions
from udgam.parties.accounts.models import EnrolledToken, Person, SignInEvent
from udgam.parties.accounts.visitors import Visitor

ACTOR = SystemActor("tests")
PASSWORD = "seven-green-boats"
# The cast of the sandbox has the user name 0305900017; these never reach it.
_numbers = count(10_000)


def make_person(
    kind: str = "exporter",
    *,
    username: str = "",
    name: str = "Asha Kulkarni",
    email: str = "asha@sahyadri.example",
    mobile: str = "",
    language: str = "en",
    password: str | None = PASSWORD,
    now: datetime | None = None,
) -> Person:
    """A person of a kind with a password of their own (None: without one)."""
    person = services.create_person(
        username=username or f"03059{next(_numbers):05d}",
        name=name,
        email=email,
        mobile=mobile,
        kind=kind,
        language=language,
        actor=ACTOR,
        now=now or timezone.now(),
    )
    if password is not None:
        person.set_password(password)
        person.save(update_fields=["password"])
    return person


def enrol(person: Person, certificate: x509.Certificate, *, now: datetime | None = None) -> EnrolledToken:
    """Enrol a certificate for a person without asking any rule."""
    return services.enrol_token(person=person, certificate=certificate, actor=ACTOR, now=now or timezone.now())


def sign_in(client: Client, person: Person, *, stepped_up: bool = False) -> None:
    """Sign the person in as their own door would: officers and administrators with both factors.

    ``stepped_up`` also says that the token was shown just now; the person then needs an enrolled token, or gets a made-up one.
    """
    assert get_user_model() is Person
    client.force_login(person)
    now = timezone.now()
    both = person.kind != Person.Kind.EXPORTER
    method = SignInEvent.Method.PASSWORD_AND_TOKEN if both else SignInEvent.Method.PASSWORD
    session = client.session
    session[proofs.METHOD] = method.value
    session[proofs.STARTED] = now.isoformat()
    if stepped_up:
        token = person.tokens.filter(retired_at__isnull=True).first() or _made_up_token(person, now)
        session[sessions.STEPPED_UP] = now.isoformat()
        session[sessions.TOKEN] = token.sha256
    session.save()
    services.remember_session(
        person=person,
        session_key=session.session_key or "",
        method=method,
        visitor=Visitor("203.0.113.9", "Firefox of the tests"),
        now=now,
    )


def _made_up_token(person: Person, now: datetime) -> EnrolledToken:
    return EnrolledToken.objects.create(
        person=person,
        sha256=f"{next(_numbers):064x}",
        der=b"",
        holder=person.name,
        issuer="Fictional",
        serial_number="1",
        valid_from=now,
        valid_to=now,
        facts={},
        enrolled_at=now,
    )
