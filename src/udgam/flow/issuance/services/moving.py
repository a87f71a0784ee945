"""The one way in which a certificate changes its state: a conditional update that must hit exactly one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.subjects import subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.rules.lifecycle import CERTIFICATE


def move(
    *,
    certificate: Certificate,
    act: str,
    audit_act: str,
    actor: Actor,
    now: datetime,
    details: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Carry out a move of the lifecycle on row and object, and record it. Raises `TransitionRefused`, or ``issuance.moved_on`` for who came second."""
    target = CERTIFICATE.next(certificate.state, act)
    rows = Certificate.objects.filter(id=certificate.id, state=certificate.state, **(where or {}))
    if rows.update(state=target, **fields) != 1:
        raise IssueRefused("issuance.moved_on")
    _follow(certificate, state=target, **fields)
    record(act=audit_act, subject=subject_of(certificate), actor=actor, now=now, details=details or {})


def change(
    *,
    certificate: Certificate,
    audit_act: str,
    actor: Actor,
    now: datetime,
    details: dict[str, Any],
    where: dict[str, Any],
    **fields: Any,
) -> None:
    """Record a step within a state, as conditional as a move; row and object follow it."""
    rows = Certificate.objects.filter(id=certificate.id, state=certificate.state, **where)
    if rows.update(**fields) != 1:
        raise IssueRefused("issuance.moved_on")
    _follow(certificate, **fields)
    record(act=audit_act, subject=subject_of(certificate), actor=actor, now=now, details=details)


def _follow(certificate: Certificate, **fields: Any) -> None:
    """Let the object say what its row says now, so that who goes on with it need not read it again."""
    for name, value in fields.items():
        setattr(certificate, name, value)
