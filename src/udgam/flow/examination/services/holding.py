"""Whose desk a case lies on, and the office's own notes about it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import subject_of
from udgam.flow.examination.models import Note
from udgam.flow.examination.queries import colleagues_for
from udgam.flow.examination.services.asking import DecisionRefused, require
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person


def take_up(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Begin to examine."""
    require(person=person, application=application, act="take_up", now=now)
    applications.take_up(application=application, person=person, actor=actor, now=now)


def take_over(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Go on with a case that its holder has left lying."""
    require(person=person, application=application, act="take_over", now=now)
    applications.take_over(application=application, person=person, actor=actor, now=now)


def put_back(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Give the case back to the queue; also for a colleague who is on leave."""
    require(person=person, application=application, act="put_back", now=now)
    applications.put_back(application=application, actor=actor, now=now)


def hold(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Keep the case for two more hours."""
    require(person=person, application=application, act="hold", now=now)
    applications.hold(application=application, person=person, actor=actor, now=now)


def reassign(*, application: Application, to: str, person: Person, actor: Actor, now: datetime) -> None:
    """Give the case to the colleague with this public identifier. Raises `DecisionRefused` for anybody else."""
    require(person=person, application=application, act="reassign", now=now)
    offered = colleagues_for(application, person=person, now=now)
    chosen = next((post.person for post in offered if str(post.person.public_id) == to), None)
    if chosen is None:
        raise DecisionRefused("decision.colleague_not_there")
    applications.reassign(application=application, to=chosen, actor=actor, now=now)


@transaction.atomic
def write_note(*, application: Application, text: str, person: Person, actor: Actor, now: datetime) -> Note:
    """Write a note for colleagues. The caller has found the case through the person, so whoever sees it may write."""
    note = Note.objects.create(application=application, author=person, text=text, written_at=now)
    record(act="application.note_written", subject=subject_of(application), actor=actor, now=now)
    return note
