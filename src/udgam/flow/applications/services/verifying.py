"""Somebody goes and sees the goods or the works."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from udgam.flow.applications.models import Application, PhysicalVerification
from udgam.flow.applications.queries import open_verification
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.deciding import as_seen, tell_firm
from udgam.flow.applications.services.moving import move
from udgam.ground.audit.actors import Actor
from udgam.ground.documents.models import Document
from udgam.parties.accounts.models import Person
from udgam.rules.service_time import CASE_LOCK


@transaction.atomic
def ask_verification(
    *, application: Application, on: date, place: str, purpose: str, person: Person, actor: Actor, now: datetime
) -> PhysicalVerification:
    """Appoint a visit. The exporter is told day, place and purpose."""
    move(
        application=application,
        act="ask_verification",
        audit_act="application.verification_asked",
        actor=actor,
        now=now,
        details={"on": on.isoformat()},
        where=as_seen(application=application),
        claimed_until=None,
    )
    tell_firm(application=application, template="verification", now=now, on=on, place=place, purpose=purpose)
    return PhysicalVerification.objects.create(
        application=application, asked_by=person, asked_at=now, on=on, place=place, purpose=purpose
    )


@transaction.atomic
def report_verification(
    *,
    application: Application,
    outcome: str,
    report: str,
    document: Document | None,
    person: Person,
    actor: Actor,
    now: datetime,
) -> None:
    """Record what the visit showed; the case is back on the desk of whoever reports.

    Raises `ApplicationRefused` ("application.moved_on") when no visit is open any more.
    """
    visit = open_verification(application)
    if visit is None:
        raise ApplicationRefused("application.moved_on")
    move(
        application=application,
        act="report_verification",
        audit_act="application.verification_reported",
        actor=actor,
        now=now,
        details={"outcome": outcome, "document": str(document.pk) if document else None},
        where={"version": application.version},
        examiner=person,
        claimed_until=now + CASE_LOCK,
    )
    PhysicalVerification.objects.filter(id=visit.id).update(
        outcome=outcome, report=report, document=document, reported_by=person, reported_at=now
    )
