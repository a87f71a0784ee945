"""The data of an arrangement get a new edition: with fields that an operator has compared, or as a whole file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from udgam.ground.agreements.models import AgreementEdition
from udgam.ground.agreements.queries import data_on, needs_existing_table
from udgam.ground.agreements.refusals import AgreementsRefused
from udgam.ground.agreements.services.switching import one_at_a_time
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.rules.agreements import agreement_codes, confirmed_data, read_complete
from udgam.rules.numbers import indian_date


@transaction.atomic
def confirm_fields(
    *, code: str, fields: Sequence[str], source: str, reason: str, actor: Actor, now: datetime
) -> AgreementEdition:
    """Record that these fields were compared with ``source`` and are right: from today they may decide and be printed.

    Raises `ConfirmationRefused` for a field that does not wait, `AgreementRefused` for an unknown code; then nothing changes.
    """
    one_at_a_time(code=code)
    today = indian_date(now)
    count = AgreementEdition.objects.filter(code=code).count() + 1
    version = f"{today.isoformat()}-operator-{count}"
    data = confirmed_data(data_on(code, today), tuple(fields), source=source, version=version)
    row = _keep(code, data, effective_from=today, source=source, reason=reason, actor=actor, now=now, fields=fields)
    details = {"fields": sorted(fields), "source": source, "reason": reason, "sha256": row.sha256}
    record(act="agreement.fields_confirmed", subject=f"agreement:{code}", actor=actor, now=now, details=details)
    return row


@transaction.atomic
def record_edition(
    *, code: str, data: bytes, effective_from: date, source: str, reason: str, actor: Actor, now: datetime
) -> AgreementEdition:
    """Put a whole data file in force from a day on (Indian date); earlier days keep what was in force then.

    Raises `AgreementRefused` or `ShapeRefused` when the file does not hold together, `AgreementsRefused` when it is another
    arrangement's, known already, or of a version that exists with other data.
    """
    one_at_a_time(code=code)
    row = _keep(
        code, data, effective_from=effective_from, source=source, reason=reason, actor=actor, now=now, fields=()
    )
    details = {"version": row.version, "sha256": row.sha256, "from": effective_from.isoformat(), "reason": reason}
    record(act="agreement.edition_recorded", subject=f"agreement:{code}", actor=actor, now=now, details=details)
    return row


def _keep(
    code: str,
    data: bytes,
    *,
    effective_from: date,
    source: str,
    reason: str,
    actor: Actor,
    now: datetime,
    fields: Sequence[str],
) -> AgreementEdition:
    agreement = read_complete(data)
    needs_existing_table(agreement)
    if agreement.code != code or code not in agreement_codes():
        raise AgreementsRefused("agreements.other_code", given=agreement.code[:40], code=code[:40])
    if AgreementEdition.objects.filter(code=code, sha256=agreement.sha256).exists():
        raise AgreementsRefused("agreements.known_already")
    if AgreementEdition.objects.filter(code=code, version=agreement.version).exists():
        raise AgreementsRefused("agreements.version_taken", version=agreement.version[:60])
    return AgreementEdition.objects.create(
        code=code,
        version=agreement.version,
        sha256=agreement.sha256,
        data=data.decode(),
        effective_from=effective_from,
        confirmed=sorted(fields),
        source=source,
        reason=reason,
        recorded_at=now,
        recorded_by=actor.id,
    )
