"""UPDATE EMAIL: token, fresh record, code to the new address, notice to the old one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import ContactChange, Exporter, OneTimeCode
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.services.codes import send_code, try_code
from udgam.flow.registration.services.evidence import ShownToken, record_decision, record_token_evidence
from udgam.flow.registration.services.refresh import finish_refresh
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.parties.accounts.services import change_email
from udgam.rules.binding import decide_exporter
from udgam.rules.firm import FirmRecord
from udgam.rules.identifiers import mask_email, same_email

Stage = ContactChange.Stage
EMAIL = OneTimeCode.Channel.EMAIL


def begin_email_update(*, iec: str, shown: ShownToken, language: str, actor: Actor, now: datetime) -> ContactChange:
    """Store the wish and its evidence before the register is asked. Raises "registration.not_registered"."""
    with transaction.atomic():
        exporter = Exporter.objects.filter(iec=iec).first()
        if exporter is None:
            raise RegistrationRefused("registration.not_registered", iec=iec)
        evidence = record_token_evidence(
            purpose="update-email",
            subject=f"exporter:{exporter.public_id}",
            iec=iec,
            shown=shown,
            decision=None,
            now=now,
        )
        change = ContactChange.objects.create(
            stage=Stage.TOKEN_PROVED,
            exporter=exporter,
            evidence=evidence,
            old_email=exporter.email,
            language=language,
            started_at=now,
        )
        audit(
            act="exporter.email_update_started",
            subject=f"exporter:{exporter.public_id}",
            actor=actor,
            now=now,
            details={"change": str(change.public_id), "certificate": shown.facts.sha256},
        )
    return change


def email_record_fetched(*, change_id: UUID, firm: FirmRecord, actor: Actor, now: datetime) -> ContactChange:
    """The fresh record is there: the table decides, and the firm's own record is renewed with it."""
    with transaction.atomic():
        change = _open_change(change_id, Stage.TOKEN_PROVED)
        decision = decide_exporter(
            queries.facts_of(change.evidence),
            firm,
            change.exporter.iec,
            exceptions=queries.name_exceptions(change.exporter.iec, change.evidence),
        )
        record_decision(evidence=change.evidence, decision=decision, actor=actor, now=now)
        change.unavailable_since = None
        if not decision.allowed:
            return _refuse(change, decision.reason or "", decision.params)
        if not firm.has_contact:
            return _refuse(change, "contact.missing_in_record", {})
        finish_refresh(exporter_id=change.exporter.public_id, firm=firm, actor=actor, now=now)
        change.stage = Stage.ADMITTED
        change.save()
    return change


def email_record_unavailable(*, change_id: UUID, since: datetime) -> None:
    """The register does not answer; the wish is kept."""
    with transaction.atomic():
        ContactChange.objects.filter(public_id=change_id, stage=Stage.TOKEN_PROVED).update(unavailable_since=since)


def email_record_unknown(*, change_id: UUID) -> ContactChange:
    """The register no longer has the IEC."""
    with transaction.atomic():
        change = _open_change(change_id, Stage.TOKEN_PROVED)
        return _refuse(change, "register.iec_unknown", {"iec": change.exporter.iec})


def give_new_email(*, change_id: UUID, email: str, actor: Actor, now: datetime) -> None:
    """Compare the typed address with the fresh record and send a code to it. Raises "contact.email_differs"."""
    with transaction.atomic():
        change = _open_change(change_id, Stage.ADMITTED, Stage.CODE_SENT)
        firm = queries.firm_record(change.exporter)
        if not same_email(email, firm.email or ""):
            raise RegistrationRefused("contact.email_differs", hint=mask_email(firm.email or ""))
        if same_email(email, change.exporter.email):
            raise RegistrationRefused("contact.email_is_present")
        change.new_email = email
        change.stage = Stage.CODE_SENT
        change.save(update_fields=["new_email", "stage"])
        waiting = OneTimeCode.objects.filter(
            subject=_subject(change),
            address=email,
            used_at__isnull=True,
            replaced_at__isnull=True,
            expires_at__gt=now,
        )
        if not waiting.exists():
            send_code(subject=_subject(change), channel=EMAIL, address=email, language=change.language, now=now)


def resend_new_email_code(*, change_id: UUID, now: datetime) -> None:
    """Send another code to the new address. Raises `RegistrationRefused` at the limits."""
    with transaction.atomic():
        change = _open_change(change_id, Stage.CODE_SENT)
        send_code(subject=_subject(change), channel=EMAIL, address=change.new_email, language=change.language, now=now)


def prove_new_email(*, change_id: UUID, typed: str, actor: Actor, now: datetime) -> None:
    """Take the code; from now on letters go to the new address and the old one is told. Raises `RegistrationRefused`."""
    with transaction.atomic():
        change = _open_change(change_id, Stage.CODE_SENT)
        refused = try_code(subject=_subject(change), channel=EMAIL, address=change.new_email, typed=typed, now=now)
        if refused is None:
            exporter = Exporter.objects.select_for_update().get(pk=change.exporter_id)
            holders = queries.members_reached_at(exporter, email=exporter.email)
            exporter.email = change.new_email
            exporter.save(update_fields=["email"])
            for person in holders:
                change_email(person=person, email=change.new_email, actor=actor, now=now)
            change.stage = Stage.DONE
            change.done_at = now
            change.save(update_fields=["stage", "done_at"])
            audit(
                act="exporter.email_updated",
                subject=f"exporter:{exporter.public_id}",
                actor=actor,
                now=now,
                details={"change": str(change.public_id)},
            )
    if refused is not None:
        raise refused


def _subject(change: ContactChange) -> str:
    return f"email_update:{change.public_id}"


def _open_change(change_id: UUID, *stages: str) -> ContactChange:
    change = (
        ContactChange.objects.select_for_update(of=("self",))
        .select_related("exporter", "evidence")
        .get(public_id=change_id)
    )
    if change.stage not in stages:
        raise RegistrationRefused("registration.attempt_closed")
    return change


def _refuse(change: ContactChange, code: str, params: Mapping[str, str]) -> ContactChange:
    change.stage = Stage.REFUSED
    change.refusal = code
    change.refusal_params = dict(params)
    change.save()
    return change
