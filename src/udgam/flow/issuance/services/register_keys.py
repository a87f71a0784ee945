"""The keys of the register itself: noted at their first use, ended when another takes their place, revoked when an operator says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.issuance.models import RegisterKey
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.services.resealing import REVOKE_REASONS
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.signing.proof.keys import PublicKey


def note_register_key(*, purpose: str, key: PublicKey, now: datetime) -> None:
    """Remember a key of the register with its first use; a key of the same purpose that is no longer used ends."""
    _note(purpose, key.id, {"x": key.x, "y": key.y}, now)


def note_log_key(*, purpose: str, verifier_key: str, now: datetime) -> None:
    """The same for the log's key, or a witness's. Raises `IssueRefused` for one that was revoked."""
    _note(purpose, verifier_key, {}, now)


def note_witness_used(*, verifier_key: str, at: datetime) -> None:
    """A witness's period begins with the first line of it that was taken, which may be older than its entry in the settings."""
    rows = RegisterKey.objects.filter(purpose=RegisterKey.Purpose.WITNESS, name=verifier_key)
    rows.filter(first_used_at__gt=at).update(first_used_at=at)


@transaction.atomic
def _note(purpose: str, name: str, more: dict[str, str], now: datetime) -> None:
    row, made = RegisterKey.objects.get_or_create(
        purpose=purpose, name=name, defaults={**more, "first_used_at": now.replace(microsecond=0)}
    )
    if row.revoked_at is not None and purpose != RegisterKey.Purpose.WITNESS:
        raise IssueRefused("register.key_revoked", key=name[:40])
    if made and purpose != RegisterKey.Purpose.WITNESS:
        others = RegisterKey.objects.filter(purpose=purpose, ended_at__isnull=True).exclude(name=name)
        others.update(ended_at=now.replace(microsecond=0))


@transaction.atomic
def revoke_register_key(*, key: RegisterKey, reason: str, actor: Actor, now: datetime) -> bool:
    """Let nothing count any more that this key signs from now on; of a compromised one nothing that it ever signed.

    False: it was revoked before for this reason. A key may be called compromised later than it was revoked, and never the other way.
    Raises `IssueRefused` ``resealing.unknown_reason``.
    """
    if reason not in REVOKE_REASONS:
        raise IssueRefused("resealing.unknown_reason")
    row = RegisterKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at is not None and (row.revoked_reason == "key-compromise" or reason != "key-compromise"):
        return False
    row.revoked_at, row.revoked_reason = row.revoked_at or now, reason
    row.save(update_fields=["revoked_at", "revoked_reason"])
    record(
        act="issuing_key.revoked", subject=f"key:{row.name[:64]}", actor=actor, now=now,
        details={"reason": reason, "kind": row.purpose},
    )  # fmt: skip
    return True
