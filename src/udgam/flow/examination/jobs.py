"""What follows from a change in an agency: open work leaves the desk of whoever can no longer do it."""

from __future__ import annotations

from django.utils import timezone

from udgam.flow.applications import services as applications
from udgam.ground.audit.actors import SystemActor
from udgam.ground.tasks import Retry, task
from udgam.parties.agencies.queries import agreements_of, leaves_on, office_by_id
from udgam.rules.numbers import indian_date

PATIENT = Retry(attempts=5, wait_seconds=10)


@task("examination.release_officer", retry=PATIENT)
def release_officer(*, person: int, office: int | None = None) -> None:
    """A post ended, was suspended, or a colleague came back: what the person has taken up (of one office) goes back to the queue."""
    actor = SystemActor("examination.release_officer")
    applications.release_cases(officer_id=person, office_id=office, actor=actor, now=timezone.now())


@task("examination.begin_leave", retry=PATIENT)
def begin_leave(*, leave: int) -> None:
    """The first day of a leave: what the officer has taken up goes back to the queue, unless the leave was cancelled meanwhile."""
    now = timezone.now()
    row = leaves_on(indian_date(now)).select_related("officer").filter(id=leave).first()
    if row is not None:
        actor = SystemActor("examination.begin_leave")
        applications.release_cases(officer_id=row.officer.person_id, actor=actor, now=now)


@task("examination.release_agency", retry=PATIENT)
def release_agency(*, agency: int) -> None:
    """An agency was suspended: nothing of it is held by anybody, so that the exporters can withdraw and go elsewhere."""
    applications.release_cases(agency_id=agency, actor=SystemActor("examination.release_agency"), now=timezone.now())


@task("examination.move_office", retry=PATIENT)
def move_office(*, office: int, to: int) -> None:
    """An office was suspended: another of the agency goes on with what it may issue."""
    now = timezone.now()
    source, target = office_by_id(office), office_by_id(to)
    if source is None or target is None:
        return
    applications.move_cases(
        office=source,
        to=target,
        agreements=agreements_of(target.id, indian_date(now)),
        actor=SystemActor("examination.move_office"),
        now=now,
    )
