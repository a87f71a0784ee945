"""The browsers in which a person is signed in: remember them, end them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import OwnSession, Person
from udgam.parties.accounts.visitors import Visitor


def remember_session(*, person: Person, session_key: str, method: str, visitor: Visitor, now: datetime) -> None:
    """Note the browser that just signed in."""
    OwnSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "person": person,
            "method": method,
            "started_at": now,
            "address": visitor.address,
            "device": visitor.device,
        },
    )


def follow_session(*, old_key: str, new_key: str) -> None:
    """The same browser goes on under a new key, as after a change of password."""
    OwnSession.objects.filter(session_key=old_key).update(session_key=new_key)


def end_all_sessions(*, person: Person, but_key: str = "") -> int:
    """End every open session of the person but the named one; answers how many. The caller records the act."""
    keys = list(person.sessions.exclude(session_key=but_key).values_list("session_key", flat=True))
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        OwnSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_other_sessions(*, person: Person, but_key: str, actor: Actor, now: datetime) -> int:
    """The person ends every session but the present one; answers how many."""
    with transaction.atomic():
        ended = end_all_sessions(person=person, but_key=but_key)
        if ended:
            record(
                act="person.sessions_ended",
                subject=subject_of(person),
                actor=actor,
                now=now,
                details={"sessions": ended},
            )
    return ended


def end_one_session(*, person: Person, public_id: UUID, actor: Actor, now: datetime) -> bool:
    """The person ends one of their own sessions; False when it is not theirs or has ended already."""
    with transaction.atomic():
        row = person.sessions.select_for_update().filter(public_id=public_id).first()
        if row is None:
            return False
        Session.objects.filter(session_key=row.session_key).delete()
        row.delete()
        record(act="person.sessions_ended", subject=subject_of(person), actor=actor, now=now, details={"sessions": 1})
    return True


def forget_session(*, person: Person, session_key: str, actor: Actor, now: datetime) -> None:
    """The person signed out in this browser."""
    with transaction.atomic():
        OwnSession.objects.filter(session_key=session_key).delete()
        record(act="person.signed_out", subject=subject_of(person), actor=actor, now=now)
