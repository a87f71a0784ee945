"""An administrator's recorded decision about a near miss, with its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from udgam.flow.registration.models import NearMiss, Registration
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.stages import Stage
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.ground.documents.services import examine_upload, keep_document
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import Person
from udgam.rules.firm import FirmRecord

# A reason alone counts as evidence only when it says what was seen and where.
SHORTEST_NOTE = 40


def open_near_miss(
    *, near_miss_id: UUID, reason: str, upload: UploadedFile[Any] | None, person: Person, actor: Actor, now: datetime
) -> NearMiss:
    """Let this holder in for this firm although the two writings differ. The firm's registered address is told.

    Raises `RegistrationRefused` ("near_miss.no_evidence", "near_miss.decided") or `DocumentRefused`.
    """
    if upload is None and len(reason.strip()) < SHORTEST_NOTE:
        raise RegistrationRefused("near_miss.no_evidence")
    return _decide(near_miss_id, NearMiss.State.OPENED, reason, upload, person=person, actor=actor, now=now)


def decline_near_miss(
    *, near_miss_id: UUID, reason: str, upload: UploadedFile[Any] | None, person: Person, actor: Actor, now: datetime
) -> NearMiss:
    """Leave the token refused, with the reason on record."""
    return _decide(near_miss_id, NearMiss.State.DECLINED, reason, upload, person=person, actor=actor, now=now)


def _decide(
    near_miss_id: UUID,
    state: str,
    reason: str,
    upload: UploadedFile[Any] | None,
    *,
    person: Person,
    actor: Actor,
    now: datetime,
) -> NearMiss:
    # The virus scanner is asked before the transaction, which holds the row, and not inside it.
    examined = examine_upload(upload=upload) if upload is not None else None
    with transaction.atomic():
        row = NearMiss.objects.select_for_update(of=("self",)).get(public_id=near_miss_id)
        if row.state != NearMiss.State.WAITING:
            raise RegistrationRefused("near_miss.decided")
        subject = f"near_miss:{row.public_id}"
        if examined is not None:
            row.document = keep_document(
                owner_subject=subject, kind="near-miss-evidence", examined=examined, actor=actor, now=now
            )
        row.state, row.reason = state, reason.strip()
        row.decided_at, row.decided_by = now, person
        row.save()
        opened = state == NearMiss.State.OPENED
        audit(
            act="near_miss.opened" if opened else "near_miss.declined",
            subject=subject,
            actor=actor,
            now=now,
            details={"iec": row.iec, "document": str(row.document_id) if row.document_id else None},
        )
        _tell_applicant(row, opened=opened, now=now)
    return row


def _tell_applicant(row: NearMiss, *, opened: bool, now: datetime) -> None:
    """Write to the address in the IEC record; the applicant of a refused attempt has typed none yet."""
    attempt = (
        Registration.objects.filter(iec=row.iec, stage=Stage.REFUSED, record__isnull=False)
        .order_by("-touched_at")
        .first()
    )
    if attempt is None:
        return
    firm = FirmRecord.from_json(attempt.record)
    if not firm.email:
        return
    queue_mail(
        to=firm.email,
        template="registration/near_miss_opened" if opened else "registration/near_miss_declined",
        context={"iec": row.iec, "in_certificate": row.in_certificate, "in_record": row.in_record},
        language=attempt.language,
        now=now,
        subject_ref=f"near_miss:{row.public_id}",
    )
