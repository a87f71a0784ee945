"""Attempts to register that nobody finished are erased with everything they hold, once their year is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from udgam.flow.registration.models import (
    DeclarationConsent,
    NearMiss,
    OneTimeCode,
    Registration,
    SpentForm,
    TokenEvidence,
)
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record

# Digital Personal Data Protection Rules 2025, rule 8(3): kept at least one year from the last processing, then erased.
KEPT = timedelta(days=365)
_AT_ONCE = 500


def forget_abandoned(*, actor: Actor, now: datetime) -> int:
    """Erase the unfinished and refused attempts that nobody touched for a year; return how many.

    What was typed, the codes, the consents and the token's evidence go with them. An attempt whose near miss still waits for a
    decision stays; of a decided one the evidence stays as long as the decision. Codes and spent forms of that age go as well.
    """
    before = now - KEPT
    done = 0
    for key in _old(before).values_list("pk", flat=True)[:_AT_ONCE]:
        with transaction.atomic():
            attempt = _old(before).select_for_update(skip_locked=True).filter(pk=key).first()
            if attempt is not None:
                _erase(attempt, actor, now)
                done += 1
    OneTimeCode.objects.filter(sent_at__lt=before).delete()
    SpentForm.objects.filter(spent_at__lt=before).delete()
    return done


def _old(before: datetime) -> QuerySet[Registration]:
    waiting = NearMiss.objects.filter(state=NearMiss.State.WAITING).values("evidence_id")
    unfinished = Registration.objects.filter(exporter__isnull=True, touched_at__lt=before)
    return unfinished.exclude(stage=Registration.Stage.COMPLETED).exclude(evidence_id__in=waiting).order_by("pk")


def _erase(attempt: Registration, actor: Actor, now: datetime) -> None:
    subject = f"registration:{attempt.public_id}"
    evidence_id = attempt.evidence_id
    DeclarationConsent.objects.filter(registration=attempt).delete()
    OneTimeCode.objects.filter(subject=subject).delete()
    attempt.delete()
    TokenEvidence.objects.filter(
        pk=evidence_id, attempts__isnull=True, contact_changes__isnull=True, near_misses__isnull=True
    ).delete()
    record(act="registration.erased", subject=subject, actor=actor, now=now)
