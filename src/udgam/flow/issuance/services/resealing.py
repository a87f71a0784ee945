"""Recording a revoked key and what is signed anew after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.db.models import F

from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Certificate, FileRevision, IssuerKey, Resealing, UsedSeal
from udgam.flow.issuance.queries import count_to_reseal
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.services.logging_acts import log_resealing
from udgam.flow.issuance.services.moving import change
from udgam.flow.issuance.services.recording import note_issuer_key
from udgam.flow.issuance.services.storing import file_or_nothing, write_file
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.services import move_attachment
from udgam.ground.tasks import defer
from udgam.signing.proof.keys import PublicKey
from udgam.signing.trust import fingerprint

REVOKE_REASONS = ("key-compromise", "superseded", "cessation")


@transaction.atomic
def begin_resealing(*, key: UsedSeal | IssuerKey, reason: str, today: date, actor: Actor, now: datetime) -> Resealing:
    """Revoke the key and begin. The trust list that says so is published by the task of the same transaction."""
    if reason not in REVOKE_REASONS:
        raise IssueRefused("resealing.unknown_reason")
    is_seal = isinstance(key, UsedSeal)
    name = key.sha256 if isinstance(key, UsedSeal) else key.key_id
    if type(key).objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now, revoked_reason=reason) != 1:
        raise IssueRefused("resealing.begun_already", key=name[:16])
    made = Resealing.objects.create(
        seal=key if isinstance(key, UsedSeal) else None,
        issuer_key=None if isinstance(key, UsedSeal) else key,
        reason=reason,
        begun_at=now,
    )
    Resealing.objects.filter(pk=made.pk).update(total=count_to_reseal(made, today=today))
    made.refresh_from_db()
    subject = f"key:{name[:64]}"
    record(
        act="issuing_key.revoked", subject=subject, actor=actor, now=now,
        details={"reason": reason, "kind": "seal" if is_seal else "code"},
    )  # fmt: skip
    record(act="resealing.begun", subject=subject, actor=actor, now=now, details={"total": made.total})
    defer("issuance.publish", certificate="")
    return made


def record_resealed(
    *,
    certificate: Certificate,
    resealing: Resealing,
    pdf: bytes,
    seal_certificate: x509.Certificate,
    check: Callable[[Certificate], None],
    actor: Actor,
    now: datetime,
) -> None:
    """Let the file with the new seal take the place of the old one, once ``check`` has read it back. The old file is kept.

    The check takes its time and may ask outside, so it comes before the transaction, whose update asks that nothing moved meanwhile.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    seal_sha256 = fingerprint(seal_certificate)
    name = write_file(field=certificate.file, data=pdf)
    crash_points.reach("reseal.file_written")
    with file_or_nothing(certificate.file, name):
        # Our own check believes the seals that the rows name.
        _named_seal(certificate, seal_certificate, now)
        check(_as_it_will_be(certificate, file=name, file_sha256=digest, seal_sha256=seal_sha256, stamp_due_since=None))
        _take_over(
            certificate=certificate, resealing=resealing, new=NewFile(name, digest),
            seal_certificate=seal_certificate, actor=actor, now=now,
        )  # fmt: skip


def _named_seal(certificate: Certificate, seal_certificate: x509.Certificate, now: datetime) -> UsedSeal:
    """The row of the seal, made at its first use. Raises ``issuance.key_not_usable`` for one that was revoked."""
    der = seal_certificate.public_bytes(Encoding.DER)
    seal, _made = UsedSeal.objects.get_or_create(
        office_id=certificate.office_id,
        sha256=fingerprint(seal_certificate),
        defaults={"certificate": der, "first_used_at": now},
    )
    if seal.revoked_at is not None:
        raise IssueRefused("issuance.key_not_usable", key=seal.sha256[:16])
    return seal


class NewFile(NamedTuple):
    """A file that is written, and that no row names yet."""

    name: str
    sha256: str


def _as_it_will_be(certificate: Certificate, **fields: Any) -> Certificate:
    """The row as it stands, with what the update will write; not saved."""
    row = Certificate.objects.select_related("application", "office__agency", "signatory").get(pk=certificate.pk)
    for field, value in fields.items():
        setattr(row, field, value)
    return row


@transaction.atomic
def _take_over(
    *,
    certificate: Certificate,
    resealing: Resealing,
    new: NewFile,
    seal_certificate: x509.Certificate,
    actor: Actor,
    now: datetime,
) -> None:
    old, replaced = certificate.file_sha256, certificate.file.name or ""
    seal = _named_seal(certificate, seal_certificate, now)
    FileRevision.objects.create(
        certificate=certificate, sha256=old, file=replaced, cause=FileRevision.Cause.RESEALED, replaced_at=now
    )
    change(
        certificate=certificate,
        audit_act="certificate.resealed",
        actor=actor,
        now=now,
        details={"file_sha256": new.sha256, "before": old, "seal": seal.sha256},
        where={"file_sha256": old},
        file=new.name,
        file_sha256=new.sha256,
        seal_sha256=seal.sha256,
        sealed_at=now,
        stamp_due_since=None,
        archived_at=None,
        archive_due_at=now,
    )
    move_attachment(old=replaced, new=new.name)
    log_resealing(certificate=certificate, now=now)
    _count(resealing)


@transaction.atomic
def record_renewed_code(
    *,
    certificate: Certificate,
    resealing: Resealing,
    code: str,
    credential: str,
    proof_key: PublicKey,
    actor: Actor,
    now: datetime,
) -> None:
    """Let code and credential of the present key take the place of those of the revoked one."""
    key = note_issuer_key(office_id=certificate.office_id, key=proof_key, now=now)
    change(
        certificate=certificate,
        audit_act="certificate.code_renewed",
        actor=actor,
        now=now,
        details={
            "key": key.key_id,
            "code_sha256": hashlib.sha256(code.encode()).hexdigest(),
            "credential_sha256": hashlib.sha256(credential.encode()).hexdigest(),
        },
        where={"issuer_key": certificate.issuer_key_id},
        code=code,
        credential=credential,
        issuer_key=key,
    )
    log_resealing(certificate=certificate, now=now)
    _count(resealing)


@transaction.atomic
def finish_resealing(*, resealing: Resealing, actor: Actor, now: datetime) -> None:
    """Everything that counts is signed anew."""
    if Resealing.objects.filter(pk=resealing.pk, finished_at__isnull=True).update(finished_at=now) != 1:
        return
    resealing.refresh_from_db()
    name = resealing.seal.sha256 if resealing.seal else resealing.issuer_key.key_id if resealing.issuer_key else ""
    record(act="resealing.finished", subject=f"key:{name[:64]}", actor=actor, now=now, details={"done": resealing.done})
    defer("issuance.publish", certificate="")


def note_reached(*, resealing: Resealing, pk: int) -> None:
    """Keep behind which row the next part begins; nought: at the beginning."""
    Resealing.objects.filter(pk=resealing.pk).update(reached=pk)


def _count(resealing: Resealing) -> None:
    Resealing.objects.filter(pk=resealing.pk).update(done=F("done") + 1)
