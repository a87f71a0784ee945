"""What officers do with an application. Who may is asked by `flow.examination`; here the row changes, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.applications.models import Application, Discrepancy
from udgam.flow.applications.services.moving import move, subject_of
from udgam.flow.payments.services import give_back
from udgam.flow.registration.queries import members_of
from udgam.ground.audit.actors import Actor
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import Person
from udgam.rules.lifecycle import fee_is_returned


def _tell(application: Application, template: str, now: datetime, **more: str) -> None:
    for person in members_of(application.exporter):
        queue_mail(
            to=person.email,
            template=f"applications/{template}",
            context={"number": application.number, "path": f"/applications/{application.public_id}/", **more},
            language=person.language,
            now=now,
            subject_ref=subject_of(application),
        )


def _as_seen(application: Application) -> dict[str, object]:
    """The officer decides on the version that was read, and as the one who holds the case: nothing may have come between."""
    return {"version": application.version, "examiner": application.examiner_id}


@transaction.atomic
def take_up(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """An officer begins to examine; the others see by whom."""
    move(
        application=application,
        act="take_up",
        audit_act="application.taken_up",
        actor=actor,
        now=now,
        where=_as_seen(application),
        examiner=person,
    )


@transaction.atomic
def put_back(*, application: Application, actor: Actor, now: datetime) -> None:
    """Give the application back to the office's queue."""
    move(
        application=application,
        act="put_back",
        audit_act="application.put_back",
        actor=actor,
        now=now,
        where=_as_seen(application),
        examiner=None,
    )


@transaction.atomic
def raise_discrepancy(
    *, application: Application, subject: str, question: str, person: Person, actor: Actor, now: datetime
) -> Discrepancy:
    """Ask the exporter. The application becomes editable again and must be signed anew."""
    move(
        application=application,
        act="raise_discrepancy",
        audit_act="application.discrepancy_raised",
        actor=actor,
        now=now,
        details={"subject": subject},
        where=_as_seen(application),
    )
    row = Discrepancy.objects.create(
        application=application, subject=subject, question=question, raised_by=person, raised_at=now
    )
    _tell(application, "discrepancy", now, question=question)
    return row


@transaction.atomic
def approve(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Find the application right. Nothing is certified by this: a signatory does that, in the issuing cycle."""
    details = {"version": application.version}
    move(
        application=application,
        act="approve",
        audit_act="application.approved",
        actor=actor,
        now=now,
        details=details,
        where=_as_seen(application),
        decided_by=person,
        decided_at=now,
    )


@transaction.atomic
def send_back(*, application: Application, actor: Actor, now: datetime) -> None:
    """The signatory found something: back to examination."""
    move(
        application=application,
        act="send_back",
        audit_act="application.sent_back",
        actor=actor,
        now=now,
        where=_as_seen(application),
        decided_by=None,
        decided_at=None,
    )


@transaction.atomic
def refuse(*, application: Application, reason: str, person: Person, actor: Actor, now: datetime) -> None:
    """Say no, with the reason."""
    move(
        application=application,
        act="refuse",
        audit_act="application.refused",
        actor=actor,
        now=now,
        where=_as_seen(application),
        decided_by=person,
        decided_at=now,
        refusal_reason=reason,
    )
    if fee_is_returned("under_examination", "refuse"):
        give_back(subject=subject_of(application), reason="refused", actor=actor, now=now)
    _tell(application, "refused", now, reason=reason)


@transaction.atomic
def mark_issued(
    *, application: Application, certificate_number: str, certificate_id: UUID, actor: Actor, now: datetime
) -> None:
    """Issuance tells that the certificate exists. Raises `ApplicationRefused` if it was told already."""
    move(
        application=application,
        act="mark_issued",
        audit_act="application.issued",
        actor=actor,
        now=now,
        details={"certificate": certificate_number},
        where={"decided_at": application.decided_at},
        certificate_number=certificate_number,
        certificate_id=certificate_id,
        issued_at=now,
    )
