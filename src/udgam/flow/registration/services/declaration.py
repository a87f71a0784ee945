"""Step 3: the declaration is agreed to, once, in the version and language in which it was read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import DeclarationConsent, Exporter, Registration
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.services.forms_once import spend_form_token
from udgam.flow.registration.services.refresh import decide_filing
from udgam.flow.registration.stages import RESUMABLE, Stage, has_reached
from udgam.flow.registration.subjects import subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.rules.duties import current_declaration
from udgam.rules.numbers import indian_date


def agree_to_declaration(
    *,
    attempt_id: UUID,
    is_agreed: bool,
    version: str,
    form_token: str,
    language: str,
    text_sha256: str,
    notice_version: str,
    actor: Actor,
    now: datetime,
) -> Registration:
    """Record the agreement and open the details. Raises `RegistrationRefused`; then nothing is recorded.

    `text_sha256` is the digest of the text of that version in that language, as this installation shows it.
    """
    with transaction.atomic():
        attempt = Registration.objects.select_for_update().get(public_id=attempt_id)
        if attempt.stage not in RESUMABLE or not has_reached(attempt.stage, Stage.CONTACT_PROVED):
            raise RegistrationRefused("registration.attempt_closed")
        if not is_agreed:
            raise RegistrationRefused("declaration.not_agreed")
        if version != current_declaration(indian_date(now)).version:
            raise RegistrationRefused("declaration.version_differs")
        spend_form_token(token=form_token, purpose="declaration", subject=subject_of(attempt), now=now)
        _consent, is_new = DeclarationConsent.objects.get_or_create(
            registration=attempt,
            version=version,
            withdrawn_at__isnull=True,
            defaults={
                "language": language,
                "text_sha256": text_sha256,
                "notice_version": notice_version,
                "agreed_at": now,
            },
        )
        if attempt.stage == Stage.CONTACT_PROVED:
            attempt.stage = Stage.AGREED
        attempt.touched_at = now
        attempt.save(update_fields=["stage", "touched_at"])
        if is_new:
            audit(
                act="registration.agreed",
                subject=subject_of(attempt),
                actor=actor,
                now=now,
                details={"version": version, "language": language, "text": text_sha256},
            )
    return attempt


def agree_again(
    *,
    exporter: Exporter,
    is_agreed: bool,
    version: str,
    form_token: str,
    language: str,
    text_sha256: str,
    notice_version: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record a new agreement after a withdrawal or to a renewed text, and let the firm file again if nothing else stops it."""
    with transaction.atomic():
        if not is_agreed:
            raise RegistrationRefused("declaration.not_agreed")
        if version != current_declaration(indian_date(now)).version:
            raise RegistrationRefused("declaration.version_differs")
        held = Exporter.objects.select_for_update().get(pk=exporter.pk)
        subject = f"exporter:{held.public_id}"
        spend_form_token(token=form_token, purpose="consent", subject=subject, now=now)
        attempt = Registration.objects.get(exporter=held)
        DeclarationConsent.objects.get_or_create(
            registration=attempt,
            version=version,
            withdrawn_at__isnull=True,
            defaults={
                "language": language,
                "text_sha256": text_sha256,
                "notice_version": notice_version,
                "agreed_at": now,
            },
        )
        held.filing_stopped = ""
        decide_filing(exporter=held, firm=queries.firm_record(held), now=now)
        held.save(update_fields=["filing_stopped", "filing_stopped_params"])
        audit(
            act="exporter.agreed_again",
            subject=subject,
            actor=actor,
            now=now,
            details={"version": version, "language": language, "text": text_sha256},
        )


def withdraw_consent(*, exporter: Exporter, actor: Actor, now: datetime) -> int:
    """Record that the firm withdraws its agreement. What was done before stays lawful; filing stops. Returns how many."""
    with transaction.atomic():
        open_consents = DeclarationConsent.objects.filter(registration__exporter=exporter, withdrawn_at__isnull=True)
        withdrawn = open_consents.update(withdrawn_at=now)
        if withdrawn:
            Exporter.objects.filter(pk=exporter.pk).update(
                filing_stopped="filing.consent_withdrawn", filing_stopped_params={}
            )
            audit(act="exporter.consent_withdrawn", subject=f"exporter:{exporter.public_id}", actor=actor, now=now)
    return withdrawn
