"""Ask, approve, refuse, send back, have the goods seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.applications.places import askable_places
from udgam.flow.applications.queries import subject_of
from udgam.flow.applications.services import Point
from udgam.flow.examination.origin_panel import lines_overruled
from udgam.flow.examination.policies import second_person_needed
from udgam.flow.examination.queries import case_of, fob_in_rupees
from udgam.flow.examination.services.asking import DecisionRefused, require
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.documents.services import Examined, keep_document
from udgam.parties.accounts.models import Person
from udgam.rules.numbers import indian_date


def raise_discrepancy(
    *,
    application: Application,
    seen_version: int,
    points: Sequence[Point],
    person: Person,
    actor: Actor,
    now: datetime,
) -> None:
    """Ask the exporter about places of the version that was read."""
    require(person=person, application=application, act="raise_discrepancy", now=now, seen_version=seen_version)
    case = case_of(application, indian_date(now))
    known = {place for _title, rows in askable_places(case.content) for place, _label in rows} if case else set()
    if not points or any(point.place not in known for point in points):
        raise DecisionRefused("decision.no_such_place")
    applications.raise_discrepancy(application=application, points=points, person=person, actor=actor, now=now)


def approve(
    *,
    application: Application,
    seen_version: int,
    person: Person,
    actor: Actor,
    now: datetime,
    origin_reason: str = "",
) -> None:
    """Find the version that was read right, so that a signatory can certify it: another person where the agency wants two.

    Against the finding of origin only with a reason, which is recorded with the lines and the digests of their derivations.
    """
    require(person=person, application=application, act="approve", now=now, seen_version=seen_version)
    case = case_of(application, indian_date(now))
    overruled = lines_overruled(case)
    reason = origin_reason.strip()
    if overruled and not reason:
        raise DecisionRefused("decision.origin_reason")
    with transaction.atomic():
        needs_second = case is None or second_person_needed(case, fob_inr=fob_in_rupees(application))
        applications.approve(
            application=application, person=person, actor=actor, now=now, needs_second_person=needs_second
        )
        if overruled:
            record(
                act="application.finding_overruled",
                subject=subject_of(application),
                actor=actor,
                now=now,
                details={
                    "version": seen_version,
                    "derivations": {str(line): sha256 for line, sha256 in overruled.items()},
                    "reason": reason,
                },
            )


def send_back(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Take an approval back before anything was signed."""
    require(person=person, application=application, act="send_back", now=now)
    applications.send_back(application=application, actor=actor, now=now)


def refuse(
    *,
    application: Application,
    seen_version: int,
    code: str,
    reason: str,
    person: Person,
    actor: Actor,
    now: datetime,
) -> None:
    """Say no to the version that was read, with a code and the reason the exporter reads.

    A fee that was paid goes back in the same transaction, unless the code is one of `NOT_REFUNDED`.
    """
    require(person=person, application=application, act="refuse", now=now, seen_version=seen_version)
    applications.refuse(application=application, code=code, reason=reason, person=person, actor=actor, now=now)


def ask_verification(
    *,
    application: Application,
    seen_version: int,
    on: date,
    place: str,
    purpose: str,
    person: Person,
    actor: Actor,
    now: datetime,
) -> None:
    """Have the goods or the works seen before it is decided."""
    require(person=person, application=application, act="ask_verification", now=now, seen_version=seen_version)
    applications.ask_verification(
        application=application, on=on, place=place, purpose=purpose, person=person, actor=actor, now=now
    )


def report_verification(
    *,
    application: Application,
    outcome: str,
    report: str,
    examined: Examined | None,
    person: Person,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what the visit showed, with a paper if there is one; it is for the office alone."""
    require(person=person, application=application, act="report_verification", now=now)
    document = None
    if examined is not None:
        document = keep_document(
            owner_subject=f"visit:{application.public_id}", kind="visit-report", examined=examined, actor=actor, now=now
        )
    applications.report_verification(
        application=application,
        outcome=outcome,
        report=report,
        document=document,
        person=person,
        actor=actor,
        now=now,
    )
