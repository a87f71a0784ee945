"""Read the record. The room that owns a subject decides who may see its acts before it asks here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from udgam.ground.audit.models import Act, ActorName


@dataclass(frozen=True, kw_only=True)
class ActLine:
    """One act for reading. `actor_name` is None when the actor is not a person or the name was erased."""

    subject: str
    number: int
    at: datetime
    act: str
    actor_kind: str
    actor_id: str
    actor_name: str | None
    role: str
    office: str | None
    details: dict[str, Any]


def acts_of(subject: str, *, newest_first: bool = False, limit: int | None = None) -> tuple[ActLine, ...]:
    """The acts on one subject, in the order in which they happened."""
    rows = Act.objects.filter(subject=subject).order_by("-number" if newest_first else "number")
    return _lines(rows[:limit] if limit is not None else rows)


def acts_of_any(subjects: Iterable[str], *, limit: int) -> tuple[ActLine, ...]:
    """The last acts on any of these subjects, newest first."""
    return _lines(Act.objects.filter(subject__in=list(subjects)).order_by("-at", "-pk")[:limit])


def acts_by(actor_id: str, *, acts: Iterable[str] | None = None, limit: int = 100) -> tuple[ActLine, ...]:
    """What one actor did last, newest first; with `acts`, only those kinds of act."""
    rows = Act.objects.filter(actor_id=actor_id)
    if acts is not None:
        rows = rows.filter(act__in=list(acts))
    return _lines(rows.order_by("-at", "-pk")[:limit])


def _lines(rows: Iterable[Act]) -> tuple[ActLine, ...]:
    found = list(rows)
    names = dict(
        ActorName.objects.filter(
            actor_id__in={row.actor_id for row in found if row.actor_kind == "person"}
        ).values_list("actor_id", "name")
    )
    return tuple(
        ActLine(
            subject=row.subject,
            number=row.number,
            at=row.at,
            act=row.act,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            actor_name=names.get(row.actor_id) if row.actor_kind == "person" else None,
            role=row.actor_role,
            office=row.actor_office,
            details=row.details,
        )
        for row in found
    )
