"""The one way in which an application changes: a conditional update that must hit exactly one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import subject_of
from udgam.flow.applications.refusals import ApplicationRefused, FilingRefused
from udgam.flow.registration import policies
from udgam.ground import statements
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.service_time import USUAL_HOURS, due_time

__all__ = ["EDITABLE", "due_at", "edit_row", "move", "refuse_to_undo", "subject_of"]

EDITABLE = ("draft", "discrepancy", "correcting")


def due_at(*, application: Application, now: datetime) -> datetime:
    """When the office should have decided about an application that reaches it now."""
    hours = application.office.agency.decision_hours if application.office else USUAL_HOURS
    return due_time(now, hours=hours, departure=application.departure if application.shipment == "before" else None)


def refuse_to_undo(*, application: Application, person: Person) -> None:
    """Raise `FilingRefused` when this person may not take back or withdraw the application. Signed once, it stays signed."""
    verdict = policies.may_undo(person, application.exporter, is_signed=application.version > 0)
    if not verdict:
        raise FilingRefused(verdict.reason, **verdict.params)


def edit_row(*, application: Application, edit: int, now: datetime, **fields: Any) -> None:
    """Save what was typed, unless somebody else saved since `edit` or the application is no longer editable."""
    changed = Application.objects.filter(id=application.id, edit=edit, state__in=EDITABLE).update(
        edit=F("edit") + 1, changed_at=now, **fields
    )
    if changed == 1:
        return
    is_editable = Application.objects.filter(id=application.id, state__in=EDITABLE).exists()
    raise ApplicationRefused("application.edited_elsewhere" if is_editable else "application.not_editable")


def move(
    *,
    application: Application,
    act: str,
    audit_act: str,
    actor: Actor,
    now: datetime,
    details: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    **fields: Any,
) -> str:
    """Carry out a move of the lifecycle and record it. Raises `TransitionRefused`, or `application.moved_on` for who came second."""
    target = APPLICATION.next(application.state, act)
    changed = statements.change(
        Application,
        where={"id": application.id, "state": application.state, **(where or {})},
        to={"state": target, "changed_at": now, **fields},
    )
    if changed != 1:
        raise ApplicationRefused("application.moved_on")
    record(act=audit_act, subject=subject_of(application), actor=actor, now=now, details=details or {})
    return target
