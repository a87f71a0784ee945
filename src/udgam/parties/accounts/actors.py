"""Who acts: the person behind a request as the audit writes it down."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from udgam.ground.audit.actors import ANONYMOUS, Actor
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.proofs import session_holds
from udgam.parties.accounts.standing import office_of


def actor_of(who: HttpRequest | Person) -> Actor:
    """The actor for a person, or for whoever is signed in on a request (nobody: the anonymous actor).

    A request counts as its person's only where a page behind ``requires`` would open: not while the session lacks the token
    that the person must show or has run too long, and not before a one-time password was changed.
    """
    if isinstance(who, Person):
        return _actor(who)
    person = getattr(who, "user", AnonymousUser())
    if not isinstance(person, Person) or person.must_change_password:
        return ANONYMOUS
    return _actor(person) if session_holds(who, person, timezone.now()) else ANONYMOUS


def _actor(person: Person) -> Actor:
    return Actor(kind="person", id=str(person.public_id), role=person.kind, office=office_of(person), name=person.name)


def subject_of(person: Person) -> str:
    """How a person is named as the subject of an act."""
    return f"person:{person.public_id}"
