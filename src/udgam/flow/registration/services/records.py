"""The dated local copy of IEC records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from udgam.flow.registration.models import LocalRecord
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.rules.firm import FirmRecord


def keep_local_copy(*, firm: FirmRecord, now: datetime, origin: str = "") -> bool:
    """Keep the record unless a newer one is there already. Says whether it was kept. Call inside a transaction."""
    if firm.source == "local-copy":
        return False
    row, is_new = LocalRecord.objects.select_for_update().get_or_create(
        iec=firm.iec,
        defaults={
            "record": firm.to_json(),
            "source": firm.source,
            "fetched_at": firm.fetched_at,
            "stored_at": now,
            "origin": origin,
        },
    )
    if is_new:
        return True
    if row.fetched_at > firm.fetched_at:
        return False
    row.record, row.source, row.origin = firm.to_json(), firm.source, origin
    row.fetched_at, row.stored_at = firm.fetched_at, now
    row.save()
    return True


def import_records(*, firms: Iterable[FirmRecord], origin: str, actor: Actor, now: datetime) -> tuple[int, int]:
    """Keep an operator's records. Returns how many were kept and how many were older than what is there."""
    kept = older = 0
    with transaction.atomic():
        for firm in firms:
            if keep_local_copy(firm=firm, now=now, origin=origin[:200]):
                kept += 1
            else:
                older += 1
        audit(
            act="iec_records.imported",
            subject="iec_records:all",
            actor=actor,
            now=now,
            details={"kept": kept, "older": older},
        )
    return kept, older
