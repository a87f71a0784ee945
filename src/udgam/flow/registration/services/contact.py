"""Step 2: mobile and e-mail equal the record, and codes prove both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration.models import OneTimeCode, Registration
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.services.codes import send_code, try_code
from udgam.flow.registration.stages import RESUMABLE, Stage, has_reached
from udgam.flow.registration.subjects import subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.rules.firm import FirmRecord
from udgam.rules.identifiers import mask_email, mask_mobile, same_email, same_mobile

MOBILE, EMAIL = OneTimeCode.Channel.MOBILE, OneTimeCode.Channel.EMAIL


@dataclass(frozen=True)
class ContactOutcome:
    """What was refused, per field ("mobile", "email"); empty when all is well."""

    refused: dict[str, RegistrationRefused] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not self.refused


def _open_attempt(attempt_id: UUID, at_least: str) -> Registration:
    attempt = Registration.objects.select_for_update().get(public_id=attempt_id)
    if attempt.stage not in RESUMABLE or not has_reached(attempt.stage, at_least):
        raise RegistrationRefused("registration.attempt_closed")
    return attempt


def give_contact(*, attempt_id: UUID, mobile: str, email: str, actor: Actor, now: datetime) -> ContactOutcome:
    """Compare both with the record; when they are equal, send a code to each that is not proved yet.

    `mobile` and `email` are in the normal form of `rules.identifiers`. What differs is answered per field with a masked hint.
    """
    with transaction.atomic():
        attempt = _open_attempt(attempt_id, Stage.ADMITTED)
        firm = FirmRecord.from_json(attempt.record)
        refused: dict[str, RegistrationRefused] = {}
        if not same_mobile(mobile, firm.mobile or ""):
            refused["mobile"] = RegistrationRefused("contact.mobile_differs", hint=mask_mobile(firm.mobile or ""))
        if not same_email(email, firm.email or ""):
            refused["email"] = RegistrationRefused("contact.email_differs", hint=mask_email(firm.email or ""))
        if refused:
            return ContactOutcome(refused)
        if attempt.mobile != mobile:
            attempt.mobile, attempt.mobile_proved_at = mobile, None
        if attempt.email.casefold() != email.casefold():
            attempt.email, attempt.email_proved_at = email, None
        attempt.touched_at = now
        if attempt.mobile_proved_at and attempt.email_proved_at:
            attempt.save()
            return ContactOutcome()
        attempt.stage = Stage.CONTACT_GIVEN
        attempt.save()
        audit(act="registration.contact_given", subject=subject_of(attempt), actor=actor, now=now)
        _send_missing(attempt, actor=actor, now=now)
    return ContactOutcome()


def _send_missing(attempt: Registration, *, actor: Actor, now: datetime) -> None:
    """Send a code to each unproved address that has none waiting; going back and forth costs no new codes."""
    for channel, address, proved in (
        (MOBILE, attempt.mobile, attempt.mobile_proved_at),
        (EMAIL, attempt.email, attempt.email_proved_at),
    ):
        waiting = OneTimeCode.objects.filter(
            subject=subject_of(attempt),
            channel=channel,
            address=address,
            used_at__isnull=True,
            replaced_at__isnull=True,
            expires_at__gt=now,
        )
        if proved is None and not waiting.exists():
            _send(attempt, channel, address, actor=actor, now=now)


def _send(attempt: Registration, channel: str, address: str, *, actor: Actor, now: datetime) -> None:
    send_code(subject=subject_of(attempt), channel=channel, address=address, language=attempt.language, now=now)
    audit(
        act="registration.code_sent",
        subject=subject_of(attempt),
        actor=actor,
        now=now,
        details={"channel": str(channel)},
    )


def resend_code(*, attempt_id: UUID, channel: str, actor: Actor, now: datetime) -> None:
    """Send a new code to one of the two addresses. Raises `RegistrationRefused` when the limits are reached."""
    with transaction.atomic():
        attempt = _open_attempt(attempt_id, Stage.CONTACT_GIVEN)
        proved = attempt.mobile_proved_at if channel == MOBILE else attempt.email_proved_at
        if proved is None:
            _send(attempt, channel, attempt.mobile if channel == MOBILE else attempt.email, actor=actor, now=now)
        attempt.touched_at = now
        attempt.save(update_fields=["touched_at"])


def prove_contact(
    *, attempt_id: UUID, mobile_code: str, email_code: str, actor: Actor, now: datetime
) -> ContactOutcome:
    """Take the typed codes. A right one counts even when the other is wrong; a proved address needs no code."""
    with transaction.atomic():
        attempt = _open_attempt(attempt_id, Stage.CONTACT_GIVEN)
        subject = subject_of(attempt)
        refused: dict[str, RegistrationRefused] = {}
        if attempt.mobile_proved_at is None:
            wrong = try_code(subject=subject, channel=MOBILE, address=attempt.mobile, typed=mobile_code, now=now)
            if wrong:
                refused["mobile"] = wrong
            else:
                attempt.mobile_proved_at = now
        if attempt.email_proved_at is None:
            wrong = try_code(subject=subject, channel=EMAIL, address=attempt.email, typed=email_code, now=now)
            if wrong:
                refused["email"] = wrong
            else:
                attempt.email_proved_at = now
        attempt.touched_at = now
        if not refused and attempt.stage == Stage.CONTACT_GIVEN:
            attempt.stage = Stage.CONTACT_PROVED
            audit(act="registration.contact_proved", subject=subject, actor=actor, now=now)
        attempt.save()
    return ContactOutcome(refused)
