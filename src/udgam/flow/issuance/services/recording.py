"""Steps 5 to 8 of the cycle, each recorded by one transaction. What comes from outside is handed in, already proved."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from udgam.flow.applications import services as applications
from udgam.flow.applications.queries import application_to_issue
from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Certificate, IssuerKey, UsedSeal
from udgam.flow.issuance.policies import approval_stands, may_sign
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.services.ending import supersede_by_issue
from udgam.flow.issuance.services.logging_acts import log_issue
from udgam.flow.issuance.services.moving import change, move
from udgam.flow.issuance.services.storing import file_or_nothing, write_file
from udgam.flow.issuance.services.voiding import void_certificate
from udgam.flow.issuance.subjects import subject_of
from udgam.flow.registration.queries import members_of
from udgam.ground import statements
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.attachments import attachable
from udgam.ground.tasks import defer
from udgam.parties.accounts.services import tell_people
from udgam.rules.content import read_content
from udgam.rules.numbers import indian_date
from udgam.signing.proof.keys import PublicKey
from udgam.signing.sealing.officer import PendingOfficerSignature
from udgam.signing.sealing.page import Proofs
from udgam.signing.sealing.stages import Certified, Sealed
from udgam.signing.trust import fingerprint

_CLAIM = """
UPDATE issuance_certificate SET tried_at = %s
WHERE id = %s AND state = %s AND signed_page = %s AND file_sha256 = %s AND (tried_at IS NULL OR tried_at <= %s)
RETURNING id
"""
# While somebody completes a certificate, nobody else begins to.
COMPLETION_TIME = timedelta(seconds=60)


@transaction.atomic
def record_certified(*, certificate: Certificate, certified: Certified, actor: Actor, now: datetime) -> None:
    """Keep the officer's signature of the content: from here on the certificate is certified.

    Asks once more whether the approval stands and the officer may sign: both may have ended since it was prepared.
    Raises `IssueRefused`.
    """
    if certified.content.digest != certificate.content_sha256:
        raise IssueRefused("issuance.moved_on")
    _require_authority(certificate, now)
    move(
        certificate=certificate,
        act="certify",
        audit_act="certificate.certified",
        actor=actor,
        now=now,
        details={
            "sha256": certificate.content_sha256,
            "token": fingerprint(certified.signature.certificate),
            "cms_sha256": hashlib.sha256(certified.cms).hexdigest(),
        },
        where={"issued_on": indian_date(now)},
        cms=certified.cms,
        certified_at=now,
    )
    crash_points.reach("certify.before_commit")


def record_page(
    *,
    certificate: Certificate,
    pending: PendingOfficerSignature,
    key_sha256: str,
    seal_certificate: x509.Certificate,
    proofs: Proofs,
    proof_key: PublicKey,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the drawn page that waits for the officer's signature, with code and credential. Raises `IssueRefused` if another one was kept first."""
    name = write_file(field=certificate.page, data=pending.to_bytes())
    with file_or_nothing(certificate.page, name), transaction.atomic():
        note_seal(office_id=certificate.office_id, certificate=seal_certificate, now=now)
        key = note_issuer_key(office_id=certificate.office_id, key=proof_key, now=now)
        change(
            certificate=certificate,
            audit_act="certificate.page_drawn",
            actor=actor,
            now=now,
            details={
                "seal": fingerprint(seal_certificate),
                "key": key.key_id,
                "code_sha256": hashlib.sha256(proofs.code.encode()).hexdigest(),
                "credential_sha256": hashlib.sha256(proofs.credential.encode()).hexdigest(),
            },
            where={"page": "", "issued_on": indian_date(now)},
            page=name,
            key_sha256=key_sha256,
            code=proofs.code,
            credential=proofs.credential,
            issuer_key=key,
            seal_sha256=fingerprint(seal_certificate),
        )


def note_seal(*, office_id: int, certificate: x509.Certificate, now: datetime) -> None:
    """Have the row of an office's seal made at its first use; the published trust list names it from then on."""
    digest = fingerprint(certificate)
    known = statements.first(UsedSeal, only=("revoked_at",), office_id=office_id, sha256=digest)
    if known is None:
        defaults = {"certificate": certificate.public_bytes(Encoding.DER), "first_used_at": now}
        known, _made = UsedSeal.objects.get_or_create(office_id=office_id, sha256=digest, defaults=defaults)
    if known.revoked_at is not None:
        raise IssueRefused("issuance.key_not_usable", key=digest[:16])


def note_issuer_key(*, office_id: int, key: PublicKey, now: datetime) -> IssuerKey:
    """The row of an office's key for codes and credentials, made at its first use; the published trust list names it from then on."""
    row = statements.first(IssuerKey, key_id=key.id)
    if row is None:
        defaults = {"office_id": office_id, "x": key.x, "y": key.y, "first_used_at": now}
        row, _made = IssuerKey.objects.get_or_create(key_id=key.id, defaults=defaults)
    if row.office_id != office_id or row.revoked_at is not None:
        raise IssueRefused("issuance.key_not_usable", key=key.id)
    return row


def record_signed_page(*, certificate: Certificate, pdf: bytes, actor: Actor, now: datetime) -> None:
    """Keep the page with the officer's signature in it. From here on the platform needs the officer no more.

    Asks as with the first signature whether the approval stands and the officer may sign: either may have ended between the two.
    Then the certificate is voided. Raises `IssueRefused`.
    """
    try:
        _require_authority(certificate, now)
    except IssueRefused as refused:
        reason = "application_moved" if refused.code == "issuance.not_approved" else "authority_ended"
        void_certificate(certificate=certificate, reason=reason, actor=actor, now=now)
        raise
    name = write_file(field=certificate.signed_page, data=pdf)
    with file_or_nothing(certificate.signed_page, name), transaction.atomic():
        change(
            certificate=certificate,
            audit_act="certificate.page_signed",
            actor=actor,
            now=now,
            details={"file_sha256": hashlib.sha256(pdf).hexdigest()},
            where={"signed_page": "", "page": certificate.page.name, "issued_on": indian_date(now)},
            signed_page=name,
            page_signed_at=now,
        )


def _require_authority(certificate: Certificate, now: datetime) -> None:
    """Both signatures rest on an approval that stands and on an officer who may sign at that moment. Raises `IssueRefused`."""
    application = application_to_issue(certificate.application_id, office=certificate.office)
    if application is None or not approval_stands(certificate, application):
        raise IssueRefused("issuance.not_approved")
    may_sign(certificate.signatory, application, certificate.certificate_sha256, now)


def claim_completion(*, certificate: Certificate, now: datetime, patience: timedelta = COMPLETION_TIME) -> bool:
    """Take the completing upon oneself for a minute. False: somebody else is at it, or was since the object was read."""
    if certificate.state not in {"certified", "sealed"}:
        return False
    as_read = [certificate.id, certificate.state, certificate.signed_page.name, certificate.file_sha256]
    return statements.ask(_CLAIM, [now, *as_read, now - patience]) is not None


def note_waiting(*, certificate: Certificate, code: str, actor: Actor, now: datetime) -> None:
    """Keep why the certificate could not be completed now; it is tried again. A new reason goes on record."""
    with transaction.atomic():
        # Who came second may tell of a failure after somebody else issued it.
        rows = Certificate.objects.filter(id=certificate.id, state__in=("certified", "sealed")).exclude(
            waiting_for=code
        )
        if rows.update(waiting_for=code) == 1:
            record(
                act="certificate.completion_failed",
                subject=subject_of(certificate),
                actor=actor,
                now=now,
                details={"reason": code},
            )


def record_sealed(*, certificate: Certificate, sealed: Sealed, stamped: bool, actor: Actor, now: datetime) -> None:
    """Keep the finished file. It is not issued yet: nobody but our own checker reads it. Without a stamp the duty to stamp is kept."""
    name = write_file(field=certificate.file, data=sealed.pdf)
    crash_points.reach("sealed.file_written")
    with file_or_nothing(certificate.file, name), transaction.atomic():
        digest = hashlib.sha256(sealed.pdf).hexdigest()
        move(
            certificate=certificate,
            act="seal",
            audit_act="certificate.sealed",
            actor=actor,
            now=now,
            details={"file_sha256": digest, "stamped": stamped},
            file=name,
            file_sha256=digest,
            sealed_at=now,
            stamp_due_since=None if stamped else now,
        )


@transaction.atomic
def record_issue(*, certificate: Certificate, actor: Actor, now: datetime) -> None:
    """The issue, in one transaction: the certificate, the application, the record, and everything that follows from it."""
    application = application_to_issue(certificate.application_id)
    if application is None or not approval_stands(certificate, application):
        raise IssueRefused("issuance.not_approved")
    move(
        certificate=certificate,
        act="issue",
        audit_act="certificate.issued",
        actor=actor,
        now=now,
        details={"number": certificate.number, "file_sha256": certificate.file_sha256},
        where={"file_sha256": certificate.file_sha256},
        issued_at=now,
        # The archive stamp follows by itself within a minute.
        archive_due_at=now,
        waiting_for="",
    )
    applications.mark_issued(
        application=application,
        certificate_number=certificate.number,
        certificate_id=certificate.public_id,
        actor=actor,
        now=now,
    )
    tell_people(
        people=members_of(application.exporter_id),
        template="issuance/issued",
        context={
            "number": certificate.number,
            "application": application.number,
            "consignee": application.consignee_name,
        },
        path=f"/applications/{application.public_id}/",
        now=now,
        subject_ref=subject_of(certificate),
        attachment=attachable(path=certificate.file.name or "", name=f"{certificate.number.replace('/', '-')}.pdf"),
    )
    log_issue(certificate=certificate, now=now)
    replaces = read_content(bytes(certificate.content)).replaces
    if replaces:
        supersede_by_issue(number=replaces, successor=certificate, actor=actor, now=now)
    defer("issuance.publish", certificate=str(certificate.public_id))
    crash_points.reach("issue.before_commit")


@transaction.atomic
def record_extract(
    *, certificate: Certificate, key: PublicKey, shown: Sequence[str], actor: Actor, now: datetime
) -> None:
    """An extract was signed with that key of the office; which fields it shows is kept, the extract is not."""
    noted = note_issuer_key(office_id=certificate.office_id, key=key, now=now)
    record(
        act="certificate.extract_made",
        subject=subject_of(certificate),
        actor=actor,
        now=now,
        details={"key": noted.key_id, "shown": " ".join(shown)},
    )
