"""Attempts that nobody finished are kept for a year and then erased; what counts stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.rooms.registration.firms import agreed_attempt, firm_record, register_firm
from udgam.flow.registration.models import (
    DeclarationConsent,
    Exporter,
    NearMiss,
    OneTimeCode,
    Registration,
    TokenEvidence,
)
from udgam.flow.registration.services import forget_abandoned
from udgam.ground.audit.actors import SystemActor
from udgam.ground.audit.queries import acts_of

pytestmark = pytest.mark.django_db
ACTOR = SystemActor("tests")
YEAR = timedelta(days=365)


def test_an_attempt_that_nobody_finished_is_erased_after_its_year() -> None:
    begun = timezone.now()
    attempt = agreed_attempt(firm_record("ceramics"), now=begun)
    assert forget_abandoned(actor=ACTOR, now=begun + YEAR) == 0
    assert Registration.objects.filter(pk=attempt.pk).exists()
    assert forget_abandoned(actor=ACTOR, now=begun + YEAR + timedelta(seconds=1)) == 1
    left = [model.objects.count() for model in (Registration, DeclarationConsent, OneTimeCode, TokenEvidence)]
    assert left == [0, 0, 0, 0]
    assert acts_of(f"registration:{attempt.public_id}", newest_first=True)[0].act == "registration.erased"
    assert forget_abandoned(actor=ACTOR, now=begun + 2 * YEAR) == 0


def test_a_registered_firm_keeps_its_attempt_and_its_evidence() -> None:
    exporter, _person = register_firm("spices")
    assert forget_abandoned(actor=ACTOR, now=timezone.now() + 3 * YEAR) == 0
    assert Exporter.objects.filter(pk=exporter.pk).exists()
    assert Registration.objects.get(exporter=exporter).evidence_id
    assert DeclarationConsent.objects.filter(registration__exporter=exporter).exists()


def test_a_near_miss_that_waits_keeps_the_attempt_and_a_decided_one_its_evidence() -> None:
    begun = timezone.now()
    attempt = agreed_attempt(firm_record("ceramics"), now=begun)
    Registration.objects.filter(pk=attempt.pk).update(stage="refused", refusal="binding.holder_near_miss")
    near = NearMiss.objects.create(
        iec=attempt.iec,
        subject="holder",
        in_certificate="Jayesh Parikh",
        in_record="Jayesh Pareekh",
        holder_key="0" * 64,
        evidence=attempt.evidence,
        seen_at=begun,
    )
    later = begun + YEAR + timedelta(days=1)
    assert forget_abandoned(actor=ACTOR, now=later) == 0
    NearMiss.objects.filter(pk=near.pk).update(state="declined")
    assert forget_abandoned(actor=ACTOR, now=later) == 1
    assert TokenEvidence.objects.filter(pk=near.evidence_id).exists()
