"""Whose desk a case lies on: taken up, held, given to a colleague, put back, moved to another office."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from udgam.flow.applications.models import Application
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.deciding import as_seen, tell_firm
from udgam.flow.applications.services.moving import move, subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.shown import office_in_words
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.service_time import CASE_LOCK

# How often the work of an office is gone through, for cases on which somebody acts at the same moment.
ROUNDS = 5


@transaction.atomic
def take_up(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """An officer begins to examine; the others see by whom, and keep their hands off it for two hours."""
    move(
        application=application,
        act="take_up",
        audit_act="application.taken_up",
        actor=actor,
        now=now,
        where=as_seen(application=application),
        examiner=person,
        claimed_until=now + CASE_LOCK,
    )


@transaction.atomic
def take_over(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Go on with a case whose holder's time has run out, or that nobody holds. Raises `application.moved_on` while it has not."""
    seen = application.claimed_until
    if seen is not None and seen > now:
        raise ApplicationRefused("application.moved_on")
    move(
        application=application,
        act="take_over",
        audit_act="application.taken_over",
        actor=actor,
        now=now,
        details={"from": str(application.examiner.public_id) if application.examiner else None},
        where={**as_seen(application=application), "claimed_until": seen},
        examiner=person,
        claimed_until=now + CASE_LOCK,
    )


@transaction.atomic
def reassign(*, application: Application, to: Person, actor: Actor, now: datetime) -> None:
    """Give a case to a colleague, whether somebody holds it or not."""
    move(
        application=application,
        act="reassign",
        audit_act="application.reassigned",
        actor=actor,
        now=now,
        details={"to": str(to.public_id)},
        where=as_seen(application=application),
        examiner=to,
        claimed_until=now + CASE_LOCK,
    )


@transaction.atomic
def hold(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Keep a case for two more hours. Raises `application.moved_on` when it is not the person's any more."""
    rows = Application.objects.filter(id=application.id, state="under_examination", examiner=person)
    if rows.update(claimed_until=now + CASE_LOCK) != 1:
        raise ApplicationRefused("application.moved_on")
    record(act="application.held", subject=subject_of(application), actor=actor, now=now)


@transaction.atomic
def put_back(*, application: Application, actor: Actor, now: datetime) -> None:
    """Give the application back to the office's queue."""
    move(
        application=application,
        act="put_back",
        audit_act="application.put_back",
        actor=actor,
        now=now,
        where=as_seen(application=application),
        examiner=None,
        claimed_until=None,
    )


def release_cases(
    *,
    actor: Actor,
    now: datetime,
    officer_id: int | None = None,
    office_id: int | None = None,
    agency_id: int | None = None,
) -> int:
    """Put back what one person (at one office), or everybody of an agency, has taken up; answers how many. One transaction each."""
    held = Q(examiner=officer_id) if officer_id is not None else Q(office__agency=agency_id)
    if office_id is not None:
        held &= Q(office=office_id)
    count = 0
    for row in Application.objects.filter(held, state="under_examination").order_by("id"):
        try:
            put_back(application=row, actor=actor, now=now)
        except ApplicationRefused:
            # Its holder acted in the same moment, so it is no longer held.
            continue
        count += 1
    return count


def move_cases(*, office: Office, to: Office, agreements: frozenset[str], actor: Actor, now: datetime) -> int:
    """Hand what waits at an office to another one of the same agency that may issue it; answers how many were moved.

    What is approved goes too, back into examination: the signatory of another office has not seen it. Raises
    `application.moved_on` when others were quicker again and again; what was moved until then stays moved.
    """
    rows = Application.objects.filter(
        office=office, agreement__in=agreements, state__in=APPLICATION.sources("move_office")
    )
    count = 0
    for _round in range(ROUNDS):
        was_refused = False
        for row in rows.select_related("exporter", "office").order_by("id"):
            try:
                _move_case(application=row, to=to, actor=actor, now=now)
            except ApplicationRefused:
                # Somebody acted on it in the same moment; the next round finds it again if it still waits here.
                was_refused = True
                continue
            count += 1
        if not was_refused:
            return count
    raise ApplicationRefused("application.moved_on")


@transaction.atomic
def _move_case(*, application: Application, to: Office, actor: Actor, now: datetime) -> None:
    move(
        application=application,
        act="move_office",
        audit_act="application.moved_to_office",
        actor=actor,
        now=now,
        details={"from": application.office.code if application.office else None, "to": to.code},
        where={"office": application.office_id},
        office=to,
        examiner=None,
        claimed_until=None,
        decided_by=None,
        decided_at=None,
        needs_second_person=False,
    )
    tell_firm(application=application, template="moved_to_office", now=now, office=office_in_words(to))
