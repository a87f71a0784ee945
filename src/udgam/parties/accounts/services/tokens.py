"""Tokens are enrolled, renewed and retired."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import IntegrityError, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.parties.accounts.queries import enrolled_token
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.trust import facts_of
from udgam.rules.binding import CertificateFacts, Decision


def enrol_token(
    *,
    person: Person,
    certificate: x509.Certificate,
    actor: Actor,
    now: datetime,
    facts: CertificateFacts | None = None,
    decision: Decision | None = None,
) -> EnrolledToken:
    """Let this certificate act for the person. The caller has checked its path and decided that it may.

    Raises ``AccountRefused``: "token.enrolled_already" for this person, "token.enrolled_elsewhere" for somebody else.
    """
    read = facts or facts_of(certificate)
    row = EnrolledToken(
        person=person,
        sha256=read.sha256,
        der=certificate.public_bytes(Encoding.DER),
        holder=read.holder[:200],
        organisation=(read.organisation or "")[:200],
        issuer=read.issuer[:500],
        serial_number=read.serial_number,
        valid_from=read.not_before,
        valid_to=read.not_after,
        facts=read.to_json(),
        decision=_plain(decision),
        enrolled_at=now,
    )
    _refuse_if_enrolled(person, certificate)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(
                act="token.enrolled", subject=subject_of(person), actor=actor, now=now, details={"sha256": row.sha256}
            )
    except IntegrityError:
        # Somebody enrolled it between the question and the writing.
        _refuse_if_enrolled(person, certificate)
        raise
    return row


def retire_token(*, token: EnrolledToken, reason: str, actor: Actor, now: datetime) -> None:
    """The token no longer signs in or signs. Retiring one that is retired already changes nothing."""
    if reason not in EnrolledToken.RetiredReason.values:
        raise ValueError(f"There is no reason called {reason}.")
    with transaction.atomic():
        rows = EnrolledToken.objects.filter(pk=token.pk, retired_at__isnull=True)
        if rows.update(retired_at=now, retired_reason=reason):
            record(
                act="token.retired",
                subject=subject_of(token.person),
                actor=actor,
                now=now,
                details={"sha256": token.sha256, "reason": reason},
            )
    token.refresh_from_db()


def renew_token(
    *,
    old: EnrolledToken,
    certificate: x509.Certificate,
    actor: Actor,
    now: datetime,
    facts: CertificateFacts | None = None,
    decision: Decision | None = None,
) -> EnrolledToken:
    """Put a renewed certificate in the place of an older one; both stay listed and the holder is told by mail."""
    person = old.person
    with transaction.atomic():
        retire_token(token=old, reason=EnrolledToken.RetiredReason.RENEWED, actor=actor, now=now)
        new = enrol_token(person=person, certificate=certificate, facts=facts, decision=decision, actor=actor, now=now)
        record(
            act="token.renewed",
            subject=subject_of(person),
            actor=actor,
            now=now,
            details={"old": old.sha256, "new": new.sha256},
        )
        if person.email:
            queue_mail(
                to=person.email,
                template="accounts/token_renewed",
                context={"holder": new.holder, "issuer": new.issuer, "valid_to": new.valid_to, "at": now},
                language=person.language,
                now=now,
                subject_ref=subject_of(person),
            )
    return new


def _refuse_if_enrolled(person: Person, certificate: x509.Certificate) -> None:
    existing = enrolled_token(certificate)
    if existing is not None:
        mine = existing.person_id == person.pk
        raise AccountRefused("token.enrolled_already" if mine else "token.enrolled_elsewhere")


def _plain(decision: Decision | None) -> dict[str, Any]:
    return dict(decision.to_json()) if decision is not None else {}
