"""The issuing cycle: what the officer's token answered, what the outside says, and the services that record each step.

Nothing here is inside a transaction, except what the services open. The order is held by the types of `signing.sealing.stages`;
a process that dies anywhere leaves a row from which another goes on (`complete`), or which is voided (`services.void_stale`).
The whole is described in docs/mechanisms/issuing.md.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from udgam.flow.issuance import crash_points, services
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.queries import certificates_visible_to
from udgam.flow.issuance.refusals import IssueRefused, code_of
from udgam.flow.issuance.register.keys import proof_key_of
from udgam.flow.issuance.register.places import register_base
from udgam.flow.issuance.seal_keys import seal_key_of
from udgam.flow.issuance.trust import trust_before_issue
from udgam.flow.issuance.upkeep import stamping
from udgam.ground.agreements.queries import agreement_of
from udgam.ground.audit.actors import Actor, SystemActor
from udgam.ground.connectors.revocation import status_heard_at
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.rules import outages
from udgam.rules.numbers import INDIA, indian_date
from udgam.rules.refusals import Refused
from udgam.signing.proof import (
    OPEN_BEFORE_ISSUE,
    InputUnusable,
    TrustFolder,
    verify_code,
    verify_credential,
    verify_pdf,
)
from udgam.signing.proof.code import read_code
from udgam.signing.proof.credential import read_credential
from udgam.signing.proof.keys import PublicKey
from udgam.signing.proof.trade_data import trade_data
from udgam.signing.sealing import officer, page, seal
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.credential import make_credential
from udgam.signing.sealing.officer import PendingOfficerSignature
from udgam.signing.sealing.seal import Evidence, TimeStampUnavailable
from udgam.signing.sealing.stages import Certified, Content, Prepared, Sealed, certify, prepare, thaw
from udgam.signing.trust import NoRevocation, validate_path

log = logging.getLogger("udgam.issuance")

# How far the clock of the officer's PC may be from ours; the signing time it states is part of the certificate.
CLOCK_TOLERANCE = timedelta(minutes=10)
# The time-stamp service's clock may run ahead of ours by as much.
STAMP_TOLERANCE = timedelta(seconds=5)
_PREPARED = threading.local()


def _fresh(certificate: Certificate) -> Certificate:
    return certificates_visible_to(SystemActor("issuance.cycle")).get(pk=certificate.pk)


def _prepared(content: Content) -> Prepared:
    """The stage before the signature, by the very data under which the content was made."""
    return prepare(content, agreement_of(content.certificate))


def _certified(certificate: Certificate, cms: bytes, now: datetime) -> Certified:
    """The stage that the stored rows stand for, proved again from its bytes.

    Two answers of the agent ask this three times: for the signature, for the page that follows it, and for the seal. The content
    passes its lints once; the signature and who made it are proved at each moment.
    """
    asked = (bytes(certificate.content), certificate.content_sha256)
    kept: tuple[object, Prepared] | None = getattr(_PREPARED, "last", None)
    if kept is None or kept[0] != asked:
        kept = _PREPARED.last = (asked, _prepared(thaw(asked[0], digest=asked[1])))
    return _proved(kept[1], cms, now)


def _proved(prepared: Prepared, cms: bytes, at: datetime) -> Certified:
    return certify(
        prepared,
        cms=cms,
        store=trust_store(),
        revocation=revocation_source(),
        at=at,
        policy=settings.REQUIRED_POLICY or None,
    )


def certified_at(content: Content, cms: bytes, at: datetime) -> Certified:
    """The certified stage as it was proved at an earlier moment. That its token was not revoked then was proved then, and stands in the
    file; today's lists may no longer name it."""
    return certify(
        _prepared(content), cms=cms, store=trust_store(), revocation=NoRevocation(), at=at,
        policy=settings.REQUIRED_POLICY or None,
    )  # fmt: skip


def accept_certification(*, certificate: Certificate, cms: bytes, actor: Actor, now: datetime) -> Certificate:
    """Step 5: the officer's token signed the canonical content.

    Raises `IssueRefused`, `StageRefused`, or the refusals of the signature and its certificate.
    """
    if certificate.issued_on != indian_date(now):
        raise IssueRefused("issuance.other_day", date=certificate.issued_on.isoformat())
    certified = _certified(certificate, cms, now)
    heard = outages.may_rely_on_status(heard_at=status_heard_at(certified.signature.certificate), now=now)
    if not heard:
        raise IssueRefused(heard.reason or "outage.status", **heard.params)
    claimed = certified.signature.signing_time
    if abs(claimed - now) > CLOCK_TOLERANCE or indian_date(claimed) != certificate.issued_on:
        raise IssueRefused("issuance.clock_differs", claimed=f"{claimed.astimezone(INDIA):%d-%m-%Y %H:%M}")
    services.record_certified(certificate=certificate, certified=certified, actor=actor, now=now)
    crash_points.reach("certified")
    return certificate


def page_to_sign(*, certificate: Certificate, actor: Actor, now: datetime) -> PendingOfficerSignature:
    """Step 6, first half: the page drawn from the certified content, ready for the officer's signature.

    A page that was drawn before and not signed is answered again. Raises `PageRefused`, `SealKeyUnusable`, `IssueRefused` …
    """
    if certificate.issued_on != indian_date(now):
        raise IssueRefused("issuance.other_day", date=certificate.issued_on.isoformat())
    if certificate.page:
        with certificate.page.open("rb") as stored:
            return PendingOfficerSignature.from_bytes(stored.read())
    if certificate.cms is None:
        raise IssueRefused("issuance.not_expected")
    certified = _certified(certificate, bytes(certificate.cms), now)
    seal_key = seal_key_of(certificate.office)
    key = secrets.token_urlsafe(16)
    proofs, proof_key = _proofs(certificate, certified, now)
    crash_points.reach("code.signed")
    drawn = page.draw(
        certified,
        agreement=agreement_of(certified.content.certificate),
        proofs=proofs,
        verify_url=f"{settings.SITE_ORIGIN}{reverse('verification:certificate', args=[certificate.number])}?k={key}",
        seal_certificate=seal_key.certificate,
    )
    path = certified.signature.path
    pending = officer.begin(drawn, certificate=path.leaf, chain=path.certificates[1:-1], now=now)
    crash_points.reach("page.drawn")
    services.record_page(
        certificate=certificate,
        pending=pending,
        key_sha256=hashlib.sha256(key.encode()).hexdigest(),
        seal_certificate=seal_key.certificate,
        proofs=proofs,
        proof_key=proof_key,
        actor=actor,
        now=now,
    )
    crash_points.reach("page.stored")
    return pending


def _proofs(certificate: Certificate, certified: Certified, now: datetime) -> tuple[page.Proofs, PublicKey]:
    """What the office's key signs once the content is certified, and only then: the types allow nothing else."""
    key = proof_key_of(certificate.office)
    issuer, base = settings.ISSUER_DID, register_base()
    return (
        page.Proofs(
            make_code(certified, key=key, issuer=issuer, now=now),
            make_credential(certified, key=key, issuer=issuer, base=base, now=now),
            trade_data(certified.content.certificate),
        ),
        key.public,
    )


def accept_page_signature(*, certificate: Certificate, signature: bytes, actor: Actor, now: datetime) -> Certificate:
    """Step 6, second half: the raw signature of the page, proved and put into the file."""
    if certificate.issued_on != indian_date(now):
        raise IssueRefused("issuance.other_day", date=certificate.issued_on.isoformat())
    if not certificate.page:
        raise IssueRefused("issuance.not_expected")
    with certificate.page.open("rb") as stored:
        pending = PendingOfficerSignature.from_bytes(stored.read())
    signed = officer.finish(pending, signature)
    crash_points.reach("page.signature_in_hand")
    services.record_signed_page(certificate=certificate, pdf=signed, actor=actor, now=now)
    crash_points.reach("page.signed")
    return certificate


def complete(*, certificate: Certificate, now: datetime, patience: timedelta = services.COMPLETION_TIME) -> bool:
    """Steps 6 (seal and time stamp) to 8, without the officer. True when the certificate is issued afterwards.

    Whatever refuses is kept beside the certificate and tried again by the platform; nothing is issued until it holds.
    """
    actor = SystemActor("issuance.complete")
    if not services.claim_completion(certificate=certificate, now=now, patience=patience):
        return _fresh(certificate).state == "issued"
    try:
        if certificate.get_deferred_fields():
            certificate = _fresh(certificate)
        if services.void_if_moved(certificate=certificate, actor=actor, now=now):
            return False
        if services.void_if_too_late(certificate=certificate, actor=actor, now=now):
            return False
        if certificate.state == "certified":
            sealed, stamped = _seal(certificate, now)
            services.record_sealed(certificate=certificate, sealed=sealed, stamped=stamped, actor=actor, now=now)
            crash_points.reach("sealed")
        check_own_work(certificate)
        crash_points.reach("checked")
        services.record_issue(certificate=certificate, actor=actor, now=now)
    except (Refused, OSError) as error:
        # A file that is missing stops this certificate and not those behind it.
        code = code_of(error)
        log.warning("certificate waits", extra={"reason": code, "step": getattr(error, "params", {}).get("step")})
        services.note_waiting(certificate=certificate, code=code, actor=actor, now=now)
        return False
    crash_points.reach("issued")
    return True


def _seal(certificate: Certificate, now: datetime) -> tuple[Sealed, bool]:
    """The office's seal with its time stamp over the page that the officer signed, and whether it could be stamped."""
    if certificate.cms is None or not certificate.signed_page:
        raise IssueRefused("issuance.not_expected")
    certified = _certified(certificate, bytes(certificate.cms), now)
    seal_key = seal_key_of(certificate.office)
    seal_path = validate_path(
        seal_key.certificate,
        store=trust_store(),
        revocation=revocation_source(),
        at=now,
        intermediates=seal_key.chain,
    )
    with certificate.signed_page.open("rb") as stored:
        signed = stored.read()
    evidence = Evidence.of(certified.signature.path, seal_path)
    outage = stamping.outage()
    stamper = None if stamping.is_silent(outage, now) else stamping.time_stamper()
    try:
        sealed = seal.apply(signed, seal_key=seal_key, time_stamper=stamper, evidence=evidence, now=now)
    except TimeStampUnavailable as error:
        # Within the bounds of the rule it is sealed all the same; the duty to stamp it stays.
        stamping.note_silence(error, now)
        stamper = None
        sealed = seal.apply(signed, seal_key=seal_key, time_stamper=None, evidence=evidence, now=now)
    if stamper is not None and outage is not None:
        stamping.note_answer(now)
    crash_points.reach("sealed.in_hand")
    return Sealed(certified, sealed), stamper is not None


def check_own_work(certificate: Certificate, trust: TrustFolder | None = None) -> None:
    """Step 7: our own checker reads the file as a stranger would; it must say exactly what was stored. ``trust`` is what it believes,
    if that is not what is believed before an issue.

    Raises `IssueRefused` ``issuance.own_check`` or ``issuance.file_differs``.
    """
    with certificate.file.open("rb") as stored:
        data = stored.read()
    if hashlib.sha256(data).hexdigest() != certificate.file_sha256:
        raise IssueRefused("issuance.file_differs")
    at = timezone.now() + STAMP_TOLERANCE
    trust = trust or trust_before_issue()
    try:
        report = verify_pdf(data, trust=trust, at=at, status=None)
    except InputUnusable as error:
        raise IssueRefused("issuance.own_check", step="file.structure", detail=error.message) from error
    # Nothing is published before the issue is recorded, so what rests on publication may be open, and nothing else; but for the
    # stamp of a file that was sealed while the service was silent.
    may_be_open = {*OPEN_BEFORE_ISSUE, *(("seal.time_stamp",) if certificate.stamp_due_since else ())}
    for check in report.checks:
        if check.outcome == "fail" or (check.outcome == "skipped" and check.id not in may_be_open):
            raise IssueRefused("issuance.own_check", step=check.id, detail=check.detail)
    if report.content != bytes(certificate.content) or report.certificate_number != certificate.number:
        raise IssueRefused("issuance.file_differs")
    check_proofs(certificate, trust, at)


def check_proofs(certificate: Certificate, trust: TrustFolder, at: datetime) -> None:
    """Code and credential as they are stored: each holds before our own checker, and says what the file says.

    Raises `IssueRefused` ``issuance.own_check`` or ``issuance.file_differs``.
    """
    for report in (
        verify_code(certificate.code, trust=trust, at=at, status=None),
        verify_credential(certificate.credential, trust=trust, at=at, status=None),
    ):
        for check in report.checks:
            if check.outcome == "fail" or (check.outcome == "skipped" and check.id not in OPEN_BEFORE_ISSUE):
                raise IssueRefused("issuance.own_check", step=check.id, detail=check.detail)
        if report.certificate_number != certificate.number:
            raise IssueRefused("issuance.file_differs")
    said = {
        read_code(certificate.code).claims().content_sha256,
        read_credential(certificate.credential).content_sha256,
    }
    if said != {certificate.content_sha256}:
        raise IssueRefused("issuance.file_differs")
