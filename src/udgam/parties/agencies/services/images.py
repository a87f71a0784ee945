"""Pictures of stamps and signatures, for prints that carry them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.documents.services import Examined, keep_document
from udgam.parties.agencies.models import Image, Office, Officer


@transaction.atomic
def keep_stamp(*, office: Office, examined: Examined, actor: Actor, now: datetime) -> Image:
    """Keep the picture of an office's stamp from now on; an earlier one stays on record for what was printed with it."""
    Office.objects.select_for_update().get(id=office.id)
    subject = f"office:{office.code}"
    document = keep_document(
        owner_subject=f"office-image:{office.id}", kind="stamp", examined=examined, actor=actor, now=now
    )
    Image.objects.filter(office=office, retired_at__isnull=True).update(retired_at=now)
    row = Image.objects.create(office=office, document=document, since=now)
    record(act="office.stamp_kept", subject=subject, actor=actor, now=now, details={"sha256": document.sha256})
    return row


@transaction.atomic
def keep_signature(*, officer: Officer, examined: Examined, actor: Actor, now: datetime) -> Image:
    """Keep the picture of an officer's signature from now on."""
    Officer.objects.select_for_update().get(id=officer.id)
    document = keep_document(
        owner_subject=f"office-image:{officer.office_id}", kind="signature", examined=examined, actor=actor, now=now
    )
    Image.objects.filter(officer=officer, retired_at__isnull=True).update(retired_at=now)
    row = Image.objects.create(officer=officer, document=document, since=now)
    record(
        act="officer.signature_kept",
        subject=f"office:{officer.office.code}",
        actor=actor,
        now=now,
        details={"officer": str(officer.person.public_id), "sha256": document.sha256},
    )
    return row
