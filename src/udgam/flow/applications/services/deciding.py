"""What officers do with an application. Who may is asked by `flow.examination`; here the row changes, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.applications.models import Application, Discrepancy, DiscrepancyPoint
from udgam.flow.applications.places import subject_of_place
from udgam.flow.applications.services.moving import move, subject_of
from udgam.flow.payments.services import give_back
from udgam.flow.registration.queries import members_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import Person
from udgam.rules.decisions import NOT_REFUNDED
from udgam.rules.lifecycle import fee_is_returned


@dataclass(frozen=True)
class Point:
    """A question of the office about one place of the application."""

    place: str
    question: str


def tell_firm(*, application: Application, template: str, now: datetime, **more: object) -> None:
    """Queue a mail about the application to everybody of the firm, in the language of each."""
    for person in members_of(application.exporter_id):
        queue_mail(
            to=person.email,
            template=f"applications/{template}",
            context={"number": application.number, "path": f"/applications/{application.public_id}/", **more},
            language=person.language,
            now=now,
            subject_ref=subject_of(application),
        )


def as_seen(*, application: Application) -> dict[str, object]:
    """The officer decides on the version that was read, and as the one who holds the case: nothing may have come between."""
    return {"version": application.version, "examiner": application.examiner_id}


@transaction.atomic
def raise_discrepancy(
    *, application: Application, points: Sequence[Point], person: Person, actor: Actor, now: datetime
) -> Discrepancy:
    """Ask the exporter, one question for each point. The application becomes editable again and must be signed anew."""
    places = [point.place for point in points]
    move(
        application=application,
        act="raise_discrepancy",
        audit_act="application.discrepancy_raised",
        actor=actor,
        now=now,
        details={"places": places},
        where=as_seen(application=application),
        claimed_until=None,
    )
    question = "\n".join(point.question for point in points)
    row = Discrepancy.objects.create(
        application=application,
        subject=subject_of_place(places[0]),
        question=question,
        raised_by=person,
        raised_at=now,
    )
    DiscrepancyPoint.objects.bulk_create(
        DiscrepancyPoint(discrepancy=row, position=position, place=point.place, question=point.question)
        for position, point in enumerate(points, start=1)
    )
    tell_firm(application=application, template="discrepancy", now=now, question=question)
    return row


@transaction.atomic
def approve(
    *, application: Application, person: Person, actor: Actor, now: datetime, needs_second_person: bool = False
) -> None:
    """Find the application right. Nothing is certified by this: a signatory does that, in the issuing cycle.

    With ``needs_second_person`` the signatory must be somebody else than the person who approves.
    """
    move(
        application=application,
        act="approve",
        audit_act="application.approved",
        actor=actor,
        now=now,
        details={"version": application.version, "second_person": needs_second_person},
        where=as_seen(application=application),
        decided_by=person,
        decided_at=now,
        needs_second_person=needs_second_person,
        claimed_until=None,
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
        where=as_seen(application=application),
        decided_by=None,
        decided_at=None,
        needs_second_person=False,
    )


@transaction.atomic
def refuse(
    *, application: Application, reason: str, person: Person, actor: Actor, now: datetime, code: str = "other"
) -> None:
    """Say no, with a code of `rules.decisions.REFUSAL_REASONS` and the officer's own words; the fee goes back by rule."""
    move(
        application=application,
        act="refuse",
        audit_act="application.refused",
        actor=actor,
        now=now,
        details={"code": code},
        where=as_seen(application=application),
        decided_by=person,
        decided_at=now,
        refusal_code=code,
        refusal_reason=reason,
        claimed_until=None,
    )
    if code not in NOT_REFUNDED and fee_is_returned("under_examination", "refuse"):
        give_back(subject=subject_of(application), reason="refused", actor=actor, now=now)
    tell_firm(application=application, template="refused", now=now, reason=reason)


@transaction.atomic
def note_dispatch(*, application: Application, details: dict[str, str], actor: Actor, now: datetime) -> None:
    """Issuance tells that the print went by post: it stands in the history that the exporter reads."""
    record(act="application.dispatched", subject=subject_of(application), actor=actor, now=now, details=details)


@transaction.atomic(savepoint=False)
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
