"""Officers bring tokens; an administrator who has spoken with the officer confirms or rejects them."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate
from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import EnrolledToken
from udgam.parties.accounts.queries import current_tokens
from udgam.parties.accounts.services import enrol_token, retire_token
from udgam.parties.agencies.models import Officer, WaitingToken
from udgam.parties.agencies.queries import who_confirms
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.telling import tell
from udgam.rules.binding import CertificateFacts, Decision


@transaction.atomic
def offer_token(
    *,
    officer: Officer,
    certificate: Certificate,
    facts: CertificateFacts,
    decision: Decision,
    actor: Actor,
    now: datetime,
) -> WaitingToken:
    """Keep a token that an officer presented until somebody has confirmed it; who may do so is told by mail."""
    waiting, is_new = WaitingToken.objects.get_or_create(
        officer=officer,
        sha256=facts.sha256,
        state=WaitingToken.State.WAITING,
        defaults={
            "certificate": certificate.public_bytes(Encoding.DER),
            "holder": facts.holder[:300],
            "organisation": (facts.organisation or "")[:300],
            "issuer": facts.issuer[:300],
            "valid_until": facts.not_after,
            "decision": decision.to_json(),
            "offered_at": now,
        },
    )
    if is_new:
        subject = f"office:{officer.office.code}"
        details = {"officer": str(officer.person.public_id), "certificate": facts.sha256}
        record(act="officer.token_offered", subject=subject, actor=actor, now=now, details=details)
        tell(
            people=who_confirms(officer),
            template="token_waits",
            subject=subject,
            now=now,
            officer=officer,
            path=f"/agency/tokens/{waiting.pk}/",
        )
    return waiting


@transaction.atomic
def confirm_token(*, waiting: WaitingToken, actor: Actor, now: datetime) -> None:
    """Enrol a waiting token: from now on the officer signs in and certifies with it. An earlier one is retired.

    Raises `AgencyRefused` ("token.own", "token.decided_already"), or `AccountRefused` if the token became somebody else's.
    """
    _decide(waiting, WaitingToken.State.CONFIRMED, actor, now)
    person = waiting.officer.person
    for earlier in current_tokens(person):
        retire_token(token=earlier, reason=EnrolledToken.RetiredReason.REPLACED, actor=actor, now=now)
    certificate = load_der_x509_certificate(bytes(waiting.certificate))
    enrol_token(person=person, certificate=certificate, actor=actor, now=now)


@transaction.atomic
def reject_token(*, waiting: WaitingToken, actor: Actor, now: datetime) -> None:
    """Refuse a waiting token; the officer may present another. Raises `AgencyRefused` as `confirm_token` does."""
    _decide(waiting, WaitingToken.State.REJECTED, actor, now)


def _decide(waiting: WaitingToken, state: str, actor: Actor, now: datetime) -> None:
    officer = waiting.officer
    if str(officer.person.public_id) == actor.id:
        raise AgencyRefused("token.own")
    changed = WaitingToken.objects.filter(
        id=waiting.id, state=WaitingToken.State.WAITING, officer__ended_at__isnull=True
    ).update(state=state, decided_at=now, decided_by=actor.id)
    if changed != 1:
        raise AgencyRefused("token.decided_already")
    is_confirmed = state == WaitingToken.State.CONFIRMED
    subject = f"office:{officer.office.code}"
    record(
        act="officer.token_confirmed" if is_confirmed else "officer.token_rejected",
        subject=subject,
        actor=actor,
        now=now,
        details={"officer": str(officer.person.public_id), "certificate": waiting.sha256},
    )
    template = "token_confirmed" if is_confirmed else "token_rejected"
    tell(people=[officer.person], template=template, subject=subject, now=now, waiting=waiting)
