"""Cancelling and superseding: the office that issued a certificate takes it back, or lets another stand in its place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.policies import may_end
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.services.logging_acts import log_ending
from udgam.flow.issuance.services.moving import move
from udgam.flow.issuance.subjects import subject_of
from udgam.flow.registration.queries import members_of
from udgam.ground.audit.actors import Actor
from udgam.ground.tasks import defer
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.services import tell_people
from udgam.rules.endings import CANCEL_REASONS, SUPERSEDE_REASON


@transaction.atomic
def cancel_certificate(
    *, certificate: Certificate, reason: str, note: str, person: Person, actor: Actor, now: datetime
) -> None:
    """Cancel an issued certificate. The published status follows by a task of the same transaction.

    Raises `IssueRefused`, or `TransitionRefused` when it does not count any more.
    """
    if reason not in CANCEL_REASONS:
        raise IssueRefused("ending.unknown_reason")
    may_end(person, certificate, now)
    move(
        certificate=certificate,
        act="cancel",
        audit_act="certificate.cancelled",
        actor=actor,
        now=now,
        details={"number": certificate.number, "reason": reason},
        ended_at=now,
        ended_by=person,
        end_reason=reason,
        end_note=note,
    )
    _follow(certificate, None, reason, now)


@transaction.atomic
def supersede_certificate(
    *, certificate: Certificate, successor: Certificate, note: str, person: Person, actor: Actor, now: datetime
) -> None:
    """Let ``successor``, which was issued in lieu, stand in the place of ``certificate``. Raises as `cancel_certificate` does."""
    may_end(person, certificate, now)
    _require_successor(certificate, successor)
    _supersede(certificate, successor, note, person=person, actor=actor, now=now)


def supersede_by_issue(*, number: str, successor: Certificate, actor: Actor, now: datetime) -> bool:
    """When ``successor`` is issued in lieu of ``number``: end the first one in the same transaction.

    False when there is no such certificate of the same exporter, agency and agreement that counts; the issue itself then stands.
    An agency takes nothing back that another one issued.
    """
    first = (
        Certificate.objects.select_related("office", "application")
        .filter(
            number=number,
            state="issued",
            agreement=successor.agreement,
            office__agency=successor.office.agency_id,
            application__exporter=successor.application.exporter_id,
        )
        .exclude(pk=successor.pk)
        .first()
    )
    if first is None:
        return False
    _supersede(first, successor, "", person=successor.signatory, actor=actor, now=now)
    return True


def _require_successor(certificate: Certificate, successor: Certificate) -> None:
    if successor.pk == certificate.pk:
        raise IssueRefused("ending.same")
    if successor.office.agency_id != certificate.office.agency_id or successor.state != "issued":
        raise IssueRefused("ending.unknown_number", number=successor.number)
    same = (
        successor.application.exporter_id == certificate.application.exporter_id
        and successor.agreement == certificate.agreement
    )
    if not same:
        raise IssueRefused("ending.other_exporter", number=successor.number)
    if certificate.issued_at is None or successor.issued_at is None or successor.issued_at <= certificate.issued_at:
        raise IssueRefused("ending.not_later", number=successor.number)


def _supersede(
    certificate: Certificate, successor: Certificate, note: str, *, person: Person, actor: Actor, now: datetime
) -> None:
    move(
        certificate=certificate,
        act="supersede",
        audit_act="certificate.superseded",
        actor=actor,
        now=now,
        details={"number": certificate.number, "by": successor.number},
        ended_at=now,
        ended_by=person,
        end_reason=SUPERSEDE_REASON,
        end_note=note,
        superseded_by=successor,
    )
    _follow(certificate, successor, SUPERSEDE_REASON, now)


def _follow(certificate: Certificate, by: Certificate | None, reason: str, now: datetime) -> None:
    """What follows from every ending, in its transaction: the entry of the log, the mail, the task that publishes."""
    log_ending(certificate=certificate, by=by, now=now)
    _tell_exporter(certificate, by, reason, now)
    defer("issuance.publish", certificate=str(certificate.public_id))
    crash_points.reach("end.before_commit")


def _tell_exporter(certificate: Certificate, by: Certificate | None, reason: str, now: datetime) -> None:
    tell_people(
        people=members_of(certificate.application.exporter_id),
        template="issuance/ended",
        context={
            "number": certificate.number,
            "successor": by.number if by else "",
            "reason": CANCEL_REASONS.get(reason, ""),
        },
        path=f"/signing/certificates/{certificate.public_id}/",
        now=now,
        subject_ref=subject_of(certificate),
    )
