"""Who acts: the person behind a request as the audit writes it down."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from udgam.ground.audit.actors import ANONYMOUS, Actor
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.standing import office_of


def actor_of(who: HttpRequest | Person) -> Actor:
    """The actor for a person, or for whoever is signed in on a request (nobody: the anonymous actor)."""
    person = who if isinstance(who, Person) else getattr(who, "user", AnonymousUser())
    if not isinstance(person, Person):
        return ANONYMOUS
    return Actor(kind="person", id=str(person.public_id), role=person.kind, office=office_of(person), name=person.name)


def subject_of(person: Person) -> str:
    """How a person is named as the subject of an act."""
    return f"person:{person.public_id}"
