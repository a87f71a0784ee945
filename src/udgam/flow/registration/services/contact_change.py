"""The record's mobile or e-mail changed: the new one is proved by a code before the next application."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter, OneTimeCode
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.services.codes import send_code, try_code
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.parties.accounts.services import change_email, change_mobile
from udgam.rules.identifiers import parse_email, parse_mobile

MOBILE, EMAIL = OneTimeCode.Channel.MOBILE, OneTimeCode.Channel.EMAIL


def send_changed_contact_code(*, exporter_id: UUID, channel: str, language: str, actor: Actor, now: datetime) -> None:
    """Send a code to the new address in the record. Raises `RegistrationRefused` at the limits, or when nothing changed."""
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(public_id=exporter_id)
        send_code(
            subject=_subject(exporter),
            channel=channel,
            address=_new_address(exporter, channel),
            language=language,
            now=now,
        )
        audit(
            act="registration.code_sent",
            subject=_subject(exporter),
            actor=actor,
            now=now,
            details={"channel": channel},
        )


def prove_changed_contact(*, exporter_id: UUID, channel: str, typed: str, actor: Actor, now: datetime) -> None:
    """Take the code for the new address; then letters and text messages go there. Raises `RegistrationRefused`."""
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(public_id=exporter_id)
        address = _new_address(exporter, channel)
        refused = try_code(subject=_subject(exporter), channel=channel, address=address, typed=typed, now=now)
        if refused is None:
            _take_over(exporter, channel, address, actor=actor, now=now)
    if refused is not None:
        raise refused


def _subject(exporter: Exporter) -> str:
    return f"exporter:{exporter.public_id}"


def _new_address(exporter: Exporter, channel: str) -> str:
    if channel not in queries.unproved_channels(exporter):
        raise RegistrationRefused("code.none")
    firm = queries.firm_record(exporter)
    return parse_mobile(firm.mobile or "") if channel == MOBILE else parse_email(firm.email or "")


def _take_over(exporter: Exporter, channel: str, address: str, *, actor: Actor, now: datetime) -> None:
    if channel == MOBILE:
        for person in queries.members_reached_at(exporter, mobile=exporter.mobile):
            change_mobile(person=person, mobile=address, actor=actor, now=now)
        exporter.mobile = address
    else:
        for person in queries.members_reached_at(exporter, email=exporter.email):
            change_email(person=person, email=address, actor=actor, now=now)
        exporter.email = address
    exporter.save(update_fields=["mobile", "email"])
    audit(
        act="exporter.contact_proved",
        subject=_subject(exporter),
        actor=actor,
        now=now,
        details={"channel": channel},
    )
