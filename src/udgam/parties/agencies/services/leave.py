"""Officers are away for some days, and colleagues stand in for them."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import get_default_timezone

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks import defer, defer_at
from udgam.parties.agencies.models import Leave, Officer
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.telling import tell
from udgam.rules.numbers import indian_date


@transaction.atomic
def enter_leave(
    *,
    officer: Officer,
    since: date,
    until: date,
    stand_in: Officer | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Leave:
    """Enter a leave (both days included). The colleague works for the officer's office too, with no greater duty than its own.

    What the officer has taken up goes back to the queue when the leave has begun. Raises `AgencyRefused` ("leave.in_the_past",
    "leave.overlaps", "leave.stand_in_unfit").
    """
    if until < indian_date(now) or until < since:
        raise AgencyRefused("leave.in_the_past")
    # Two leaves of one officer entered at once must not overlap.
    Officer.objects.select_for_update().get(id=officer.id)
    others = Leave.objects.filter(officer=officer, cancelled_at__isnull=True)
    if others.filter(since__lte=until, until__gte=since).exists():
        raise AgencyRefused("leave.overlaps")
    if stand_in is not None:
        _require_fit(officer, stand_in, since, until)
    leave = Leave.objects.create(
        officer=officer, stand_in=stand_in, since=since, until=until, reason=reason, entered_by=actor.id, entered_at=now
    )
    subject = f"office:{officer.office.code}"
    details = {
        "officer": str(officer.person.public_id),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "stand_in": str(stand_in.person.public_id) if stand_in else None,
    }
    record(act="officer.leave_entered", subject=subject, actor=actor, now=now, details=details)
    begins = datetime.combine(since, time.min, tzinfo=get_default_timezone())
    if begins <= now:
        defer("examination.begin_leave", leave=leave.id)
    else:
        defer_at("examination.begin_leave", begins, leave=leave.id)
    if stand_in is not None:
        tell(people=[stand_in.person], template="stands_in", subject=subject, now=now, leave=leave)
    return leave


def _require_fit(officer: Officer, stand_in: Officer, since: date, until: date) -> None:
    """A signing officer is represented by a signing officer only; and nobody by somebody who is away too."""
    roles = (
        {Officer.Role.SIGNATORY}
        if officer.role == Officer.Role.SIGNATORY
        else {Officer.Role.EXAMINER, Officer.Role.SIGNATORY}
    )
    away = Leave.objects.filter(
        Q(officer=stand_in), cancelled_at__isnull=True, since__lte=until, until__gte=since
    ).exists()
    is_fit = (
        stand_in.role in roles
        and stand_in.id != officer.id
        and stand_in.office.agency_id == officer.office.agency_id
        and stand_in.ended_at is None
        and stand_in.suspended_at is None
    )
    if away or not is_fit:
        raise AgencyRefused("leave.stand_in_unfit")


@transaction.atomic
def cancel_leave(*, leave: Leave, actor: Actor, now: datetime) -> None:
    """End a leave at once. What the colleague has done meanwhile stands, what is still held of that office goes back. Raises `AgencyRefused` ("leave.over")."""
    if Leave.objects.filter(id=leave.id, cancelled_at__isnull=True).update(cancelled_at=now) != 1:
        raise AgencyRefused("leave.over")
    record(
        act="officer.leave_cancelled",
        subject=f"office:{leave.officer.office.code}",
        actor=actor,
        now=now,
        details={"officer": str(leave.officer.person.public_id)},
    )
    # What the colleague holds of the own office stays there.
    if leave.stand_in is not None and leave.stand_in.office_id != leave.officer.office_id:
        defer("examination.release_officer", person=leave.stand_in.person_id, office=leave.officer.office_id)
