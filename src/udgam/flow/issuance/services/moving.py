"""The one way in which a certificate changes its state: a conditional update that must hit exactly one row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.subjects import subject_of
from udgam.ground import statements
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
    _change_row(certificate, where or {}, {"state": target, **fields})
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
    _change_row(certificate, where, fields)
    record(act=audit_act, subject=subject_of(certificate), actor=actor, now=now, details=details)


def _change_row(certificate: Certificate, where: Mapping[str, Any], to: Mapping[str, Any]) -> None:
    """Change the row where it still is what the object says; the object follows it, so that who goes on with it need not read it again."""
    expected = {"id": certificate.id, "state": certificate.state, **where}
    if statements.change(Certificate, where=expected, to=to) != 1:
        raise IssueRefused("issuance.moved_on")
    for name, value in to.items():
        setattr(certificate, name, value)
