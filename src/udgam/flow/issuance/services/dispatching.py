"""Prints by post: the office notes what it gave to which carrier, and the firm is told."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from udgam.flow.applications import services as applications
from udgam.flow.issuance.models import Certificate, PostalDispatch
from udgam.flow.issuance.policies import may_dispatch
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.subjects import subject_of
from udgam.flow.registration.queries import members_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.services import tell_people
from udgam.rules.identifiers import parse_article_number
from udgam.rules.numbers import indian_date


def record_dispatch(
    *,
    certificate: Certificate,
    carrier: str,
    article_number: str,
    sent_on: date,
    person: Person,
    actor: Actor,
    now: datetime,
) -> PostalDispatch:
    """Note that the print was sent, or correct what was noted; the same once more changes nothing and tells nobody.

    Raises `IssueRefused` ("post.not_asked", "post.in_future", "post.before_issue", a reason of the duties) or
    `IdentifierRefused` for the number.
    """
    number = parse_article_number(article_number)
    may_dispatch(person, certificate, now)
    if not certificate.application.postal_delivery:
        raise IssueRefused("post.not_asked", number=certificate.number)
    if sent_on > indian_date(now):
        raise IssueRefused("post.in_future")
    if sent_on < certificate.issued_on:
        raise IssueRefused("post.before_issue", date=certificate.issued_on.isoformat())
    values = {"carrier": carrier, "article_number": number, "sent_on": sent_on}
    with transaction.atomic():
        # Two officers at once: the second waits here and then sees what the first wrote.
        Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        before = PostalDispatch.objects.filter(certificate=certificate).first()
        if before is not None and all(getattr(before, name) == value for name, value in values.items()):
            return before
        row, _created = PostalDispatch.objects.update_or_create(
            certificate=certificate, defaults={**values, "recorded_by": person, "recorded_at": now}
        )
        _follow(certificate, row, before is not None, actor, now)
    return row


def _follow(certificate: Certificate, row: PostalDispatch, corrects: bool, actor: Actor, now: datetime) -> None:
    details = {"carrier": row.carrier, "article": row.article_number, "sent_on": row.sent_on.isoformat()}
    record(
        act="certificate.dispatch_corrected" if corrects else "certificate.dispatched",
        subject=subject_of(certificate),
        actor=actor,
        now=now,
        details=details,
    )
    application = certificate.application
    applications.note_dispatch(application=application, details=details, actor=actor, now=now)
    tell_people(
        people=members_of(application.exporter_id),
        template="issuance/dispatched",
        context={
            "number": certificate.number,
            "carrier": row.carrier,
            "article": row.article_number,
            "sent_on": row.sent_on,
            "corrects": corrects,
        },
        path=f"/applications/{application.public_id}/",
        now=now,
        subject_ref=subject_of(certificate),
    )
