"""Step 1: the token is shown, the record is fetched, and the table decides whether this token may act for this firm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter, Registration
from udgam.flow.registration.services.evidence import ShownToken, record_decision, record_token_evidence
from udgam.flow.registration.services.records import keep_local_copy
from udgam.flow.registration.stages import HOLDING, RESUMABLE, RESUME_WITHIN, Stage
from udgam.flow.registration.subjects import subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.rules.binding import decide_exporter
from udgam.rules.duties import may_register
from udgam.rules.firm import FirmRecord
from udgam.rules.identifiers import same_email, same_mobile


def begin_attempt(
    *, iec: str, shown: ShownToken, language: str, actor: Actor, now: datetime, attempt_id: UUID | None = None
) -> Registration:
    """Store the attempt and its evidence before the register is asked.

    An open attempt of the same token for the same IEC is taken up again with everything that was typed; that is how a
    person continues after an outage, from another browser too. `attempt_id` is the attempt of this browser session, if any.
    """
    with transaction.atomic():
        attempt = _resumable(iec, shown.facts.sha256, now)
        is_new = attempt is None
        evidence = record_token_evidence(purpose="register", subject="", iec=iec, shown=shown, decision=None, now=now)
        if attempt is None:
            attempt = Registration(iec=iec, certificate_sha256=shown.facts.sha256, started_at=now)
            attempt.stage = Stage.TOKEN_PROVED
        attempt.evidence = evidence
        attempt.holder_name = shown.facts.holder[:200]
        attempt.language = language
        attempt.touched_at = now
        attempt.save()
        evidence.subject = subject_of(attempt)
        evidence.save(update_fields=["subject"])
        audit(
            act="registration.started" if is_new else "registration.resumed",
            subject=subject_of(attempt),
            actor=actor,
            now=now,
            details={"certificate": shown.facts.sha256, "evidence": str(evidence.public_id)},
        )
    return attempt


def _resumable(iec: str, certificate_sha256: str, now: datetime) -> Registration | None:
    return (
        Registration.objects.select_for_update()
        .filter(
            iec=iec,
            certificate_sha256=certificate_sha256,
            stage__in=RESUMABLE,
            touched_at__gt=now - RESUME_WITHIN,
        )
        .order_by("-touched_at")
        .first()
    )


def record_fetched(*, attempt_id: UUID, firm: FirmRecord, actor: Actor, now: datetime) -> Registration:
    """The record is there: decide, and either admit the applicant to the next step or refuse with the reason."""
    with transaction.atomic():
        attempt = Registration.objects.select_for_update().select_related("evidence").get(public_id=attempt_id)
        keep_local_copy(firm=firm, now=now)
        if attempt.stage not in RESUMABLE:
            return attempt
        decision = decide_exporter(
            queries.facts_of(attempt.evidence),
            firm,
            attempt.iec,
            exceptions=queries.name_exceptions(attempt.iec, attempt.evidence),
        )
        record_decision(evidence=attempt.evidence, decision=decision, actor=actor, now=now)
        attempt.record = firm.to_json()
        attempt.record_fetched_at = firm.fetched_at
        attempt.unavailable_since = None
        attempt.touched_at = now
        if not decision.allowed:
            return _refuse(attempt, decision.reason or "", decision.params, actor=actor, now=now)
        if Exporter.objects.filter(iec=attempt.iec).exists():
            return _refuse(attempt, "registration.already_registered", {"iec": attempt.iec}, actor=actor, now=now)
        answer = may_register(firm)
        if not answer.allowed:
            return _refuse(attempt, answer.reason or "", answer.params, actor=actor, now=now)
        _admit(attempt, firm, holder=decision.person or attempt.holder_name)
        attempt.save()
        audit(
            act="registration.admitted",
            subject=subject_of(attempt),
            actor=actor,
            now=now,
            details={"rule": decision.rule, "version": decision.version, "exception": decision.exception},
        )
    return attempt


def _admit(attempt: Registration, firm: FirmRecord, *, holder: str) -> None:
    """A proof of contact stays only while the record still has the contact that was proved."""
    attempt.holder_name = holder[:200]
    if not (attempt.mobile and firm.mobile and same_mobile(attempt.mobile, firm.mobile)):
        attempt.mobile, attempt.mobile_proved_at = "", None
    if not (attempt.email and firm.email and same_email(attempt.email, firm.email)):
        attempt.email, attempt.email_proved_at = "", None
    holds = attempt.mobile and attempt.email
    if attempt.stage in HOLDING or not holds:
        attempt.stage = Stage.ADMITTED


def _refuse(
    attempt: Registration, code: str, params: Mapping[str, str], *, actor: Actor, now: datetime
) -> Registration:
    attempt.stage = Stage.REFUSED
    attempt.refusal = code
    attempt.refusal_params = dict(params)
    attempt.save()
    audit(act="registration.refused", subject=subject_of(attempt), actor=actor, now=now, details={"reason": code})
    return attempt


def record_unknown(*, attempt_id: UUID, actor: Actor, now: datetime) -> Registration:
    """The register has no such IEC."""
    with transaction.atomic():
        attempt = Registration.objects.select_for_update().get(public_id=attempt_id)
        if attempt.stage not in RESUMABLE:
            return attempt
        attempt.touched_at = now
        return _refuse(attempt, "register.iec_unknown", {"iec": attempt.iec}, actor=actor, now=now)


def record_unavailable(*, attempt_id: UUID, since: datetime, actor: Actor, now: datetime) -> Registration:
    """The register does not answer: keep the attempt and everything typed, and remember since when."""
    with transaction.atomic():
        attempt = Registration.objects.select_for_update().get(public_id=attempt_id)
        if attempt.stage not in RESUMABLE:
            return attempt
        attempt.unavailable_since = since
        attempt.touched_at = now
        attempt.save(update_fields=["unavailable_since", "touched_at"])
        audit(act="registration.register_unavailable", subject=subject_of(attempt), actor=actor, now=now)
    return attempt
