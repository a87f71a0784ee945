"""Steps 4 and 5: the details are given and the firm is registered, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from django.db import IntegrityError, transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter, ExporterBranch, Membership, Registration
from udgam.flow.registration.places import PlaceNeeded, TaxPlace, check_details
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.stages import Stage
from udgam.flow.registration.subjects import subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.ground.messages.services import queue_text
from udgam.ground.reference.services import next_number
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services import create_person, enrol_token, issue_one_time_password
from udgam.rules.binding import Decision, decide_exporter
from udgam.rules.duties import current_declaration, may_register, record_is_stale
from udgam.rules.firm import FirmRecord
from udgam.rules.numbers import indian_date, indian_year, registration_number


def keep_typed(*, attempt_id: UUID, page: str, values: Mapping[str, Any], now: datetime) -> None:
    """Keep what was typed on a page, right or wrong, so that Back and an outage lose nothing."""
    with transaction.atomic():
        attempt = Registration.objects.select_for_update().get(public_id=attempt_id)
        if attempt.stage in (Stage.COMPLETED, Stage.REFUSED):
            return
        attempt.typed = {**attempt.typed, page: dict(values)}
        attempt.touched_at = now
        attempt.save(update_fields=["typed", "touched_at"])


def complete_registration(
    *, attempt_id: UUID, places: Mapping[str, TaxPlace], aeo: str, actor: Actor, now: datetime
) -> Exporter:
    """Register the firm: number, person, enrolled token, branches; the password and the notice leave after the commit.

    `places` are the typed tax places by branch code; codes that are not in the record are ignored. Sent twice, the second
    answers with the same registration. Raises `DetailsRefused` or `RegistrationRefused`; then nothing was changed.
    """
    try:
        with transaction.atomic():
            return _complete(attempt_id, places, aeo, actor, now)
    except IntegrityError:
        iec = Registration.objects.values_list("iec", flat=True).get(public_id=attempt_id)
        if not Exporter.objects.filter(iec=iec).exists():
            raise
        # Somebody else registered the same IEC between our look and our write.
        raise RegistrationRefused("registration.already_registered", iec=iec) from None


def _complete(attempt_id: UUID, places: Mapping[str, TaxPlace], aeo: str, actor: Actor, now: datetime) -> Exporter:
    attempt = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("evidence", "exporter")
        .get(public_id=attempt_id)
    )
    if attempt.stage == Stage.COMPLETED and attempt.exporter is not None:
        return attempt.exporter
    if attempt.stage != Stage.AGREED or not (attempt.mobile_proved_at and attempt.email_proved_at):
        raise RegistrationRefused("registration.attempt_closed")
    version = current_declaration(indian_date(now)).version
    if not attempt.consents.filter(version=version, withdrawn_at__isnull=True).exists():
        raise RegistrationRefused("declaration.version_differs")
    firm = FirmRecord.from_json(attempt.record)
    decision = _check_still_holds(attempt, firm, now)
    checked, aeo_value = check_details(firm, places, aeo)
    if Exporter.objects.filter(iec=attempt.iec).exists():
        raise RegistrationRefused("registration.already_registered", iec=attempt.iec)

    year = indian_year(now)
    number = registration_number(
        settings.REGISTRATION_PREFIX, year, next_number(key=f"registration:{settings.REGISTRATION_PREFIX}:{year}")
    )
    exporter = Exporter.objects.create(
        iec=attempt.iec,
        registration_number=number,
        name=firm.name[:300],
        record=firm.to_json(),
        record_fetched_at=firm.fetched_at,
        email=attempt.email,
        mobile=attempt.mobile,
        aeo=aeo_value,
        certificate_sha256=attempt.certificate_sha256,
        certificate_facts=attempt.evidence.facts,
        registered_at=now,
    )
    for place, tax in checked:
        add_branch(exporter=exporter, place=place, tax=tax, now=now)
    person = _open_account(attempt, exporter, decision, actor=actor, now=now)
    attempt.exporter = exporter
    attempt.stage = Stage.COMPLETED
    attempt.touched_at = now
    attempt.save()
    audit(act="registration.completed", subject=subject_of(attempt), actor=actor, now=now, details={"number": number})
    audit(
        act="exporter.registered",
        subject=f"exporter:{exporter.public_id}",
        actor=actor_of(person),
        now=now,
        details={"number": number, "registration": str(attempt.public_id)},
    )
    queue_text(
        mobile=attempt.mobile,
        template="registration/registered",
        context={"number": number, "iec": attempt.iec},
        language=attempt.language,
        now=now,
        subject_ref=f"exporter:{exporter.public_id}",
    )
    return exporter


def _check_still_holds(attempt: Registration, firm: FirmRecord, now: datetime) -> Decision:
    """The record is fresh enough and the table still says yes, with the decisions recorded in the meantime."""
    if record_is_stale(firm.fetched_at, now) and firm.source != "import":
        raise RegistrationRefused("registration.record_changed")
    answer = may_register(firm)
    decision = decide_exporter(
        queries.facts_of(attempt.evidence),
        firm,
        attempt.iec,
        exceptions=queries.name_exceptions(attempt.iec, attempt.evidence),
    )
    if not answer.allowed or not decision.allowed:
        raise RegistrationRefused("registration.record_changed")
    return decision


def add_branch(*, exporter: Exporter, place: PlaceNeeded, tax: TaxPlace, now: datetime) -> ExporterBranch:
    """Write one branch of a firm."""
    return ExporterBranch.objects.create(
        exporter=exporter,
        code=place.code,
        address={**asdict(place.address)},
        state_code=place.state_code,
        gstin=tax.gstin,
        is_sez=tax.is_sez,
        sez_state_code=tax.sez_state,
        added_at=now,
    )


def _open_account(
    attempt: Registration, exporter: Exporter, decision: Decision, *, actor: Actor, now: datetime
) -> Person:
    try:
        person = create_person(
            username=attempt.iec,
            name=attempt.holder_name,
            email=attempt.email,
            mobile=attempt.mobile,
            kind=Person.Kind.EXPORTER,
            language=attempt.language,
            actor=actor,
            now=now,
        )
        enrol_token(
            person=person,
            certificate=load_der_x509_certificate(bytes(attempt.evidence.certificate)),
            facts=queries.facts_of(attempt.evidence),
            decision=decision,
            actor=actor,
            now=now,
        )
    except AccountRefused as refused:
        if refused.code == "account.username_taken":
            raise RegistrationRefused("registration.already_registered", iec=attempt.iec) from refused
        if refused.code == "token.enrolled_elsewhere":
            raise RegistrationRefused("registration.token_in_use") from refused
        raise
    issue_one_time_password(person=person, actor=actor, now=now)
    Membership.objects.create(exporter=exporter, person=person, holder_name=attempt.holder_name, since=now)
    return person
