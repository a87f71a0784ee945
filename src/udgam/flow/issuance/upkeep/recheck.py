"""The independent re-check: what was issued is read again as a stranger would, and compared with rows, record, log and lists.

It believes the published files and the pinned anchors, not the rows: a row that was changed behind the platform's back then stands
out against what was published and signed before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from udgam.flow.issuance import crash_points, services
from udgam.flow.issuance.models import Certificate, RecheckRun
from udgam.flow.issuance.queries import issued_after
from udgam.flow.issuance.register import rows
from udgam.flow.issuance.register.places import register_folder
from udgam.flow.issuance.subjects import subject_of
from udgam.flow.issuance.upkeep.published_files import register_differences
from udgam.ground.audit.actors import SystemActor
from udgam.ground.audit.queries import acts_of
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.rules.refusals import Refused
from udgam.signing.proof import InputUnusable, TrustFolder, verify_code, verify_credential, verify_pdf
from udgam.signing.proof.log import FolderStorage, LogRefused
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.trust_folder import issuers_of
from udgam.signing.trust.store import read_folder

ACTOR = SystemActor("issuance.recheck")
# Acts that say which file a certificate has since then.
_FILE_ACTS = frozenset({"certificate.sealed", "certificate.stamped", "certificate.archived", "certificate.resealed"})
Clock = Callable[[], datetime]


def recheck(*, clock: Clock, progress: Callable[[int], None] | None = None) -> RecheckRun:
    """Check everything, beginning behind what an interrupted run had reached; raise and close alarms. Answers the finished run.

    Without a register that can be read nothing is believed, so no certificate counts as checked and no alarm about one is closed.
    """
    run = services.begin_recheck(now=clock())
    trust, fault = published_trust_alone()
    found = {} if fault is None else {"register.unusable": fault}
    if trust is not None and trust.register is not None:
        found |= register_differences(trust.register)
    services.settle_alarms(certificate=None, found=found, actor=ACTOR, now=clock())
    services.note_checked(run=run, certificate=None, differences=len(found))
    for certificate in issued_after(run.reached):
        if trust is None:
            break
        now = clock()
        differences = differences_of(certificate, trust, now)
        services.settle_alarms(certificate=certificate, found=differences, actor=ACTOR, now=now)
        services.note_checked(run=run, certificate=certificate, differences=len(differences))
        crash_points.reach("recheck.noted")
        if progress is not None:
            progress(1)
    return services.finish_recheck(run=run, actor=ACTOR, now=clock())


def published_trust_alone() -> tuple[TrustFolder | None, str | None]:
    """What a stranger believes: the pinned anchors and the published register; None with the reason when there is nothing to believe."""
    stampers = Path(settings.TRUST_FOLDER) / "tsa"
    try:
        register = PublishedRegister.read(FolderStorage(register_folder()))
        if register is None:
            return None, "nothing is published" if rows.published_size() else None
        return (
            TrustFolder(
                store=trust_store(),
                time_stampers=tuple(read_folder(stampers)) if stampers.is_dir() else (),
                revocation=revocation_source(),
                issuers=issuers_of(register.trust),
                site=None,
                register=register,
            ),
            None,
        )
    except Refused as refused:
        return None, refused.message


def differences_of(certificate: Certificate, trust: TrustFolder, now: datetime) -> dict[str, str]:
    """What is different from what it must be, by code, with what was found."""
    return dict(
        [
            *_of_file(certificate, trust, now),
            *_of_content(certificate),
            *_of_proofs(certificate, trust, now),
            *_of_register(certificate, trust),
        ]
    )


def _of_file(certificate: Certificate, trust: TrustFolder, now: datetime) -> Iterator[tuple[str, str]]:
    try:
        with certificate.file.open("rb") as stored:
            data = stored.read()
    except OSError as error:
        yield "file.missing", error.strerror or type(error).__name__
        return
    digest = hashlib.sha256(data).hexdigest()
    if digest != certificate.file_sha256:
        yield "file.changed", digest
    recorded = [line for line in acts_of(subject_of(certificate)) if line.act in _FILE_ACTS]
    if not recorded or recorded[-1].details.get("file_sha256") != certificate.file_sha256:
        yield "record.other_file", recorded[-1].details.get("file_sha256", "") if recorded else ""
    try:
        report = verify_pdf(data, trust=trust, at=now, status=None)
    except InputUnusable as error:
        yield "file.unusable", error.message
        return
    if not report.valid:
        failed = next((one for one in report.checks if one.outcome == "fail"), None)
        yield "file.check", f"{failed.id}: {failed.detail}" if failed else "a step that must hold was skipped"
    elif report.content != bytes(certificate.content):
        yield "file.other_content", report.certificate_number or ""


def _of_content(certificate: Certificate) -> Iterator[tuple[str, str]]:
    digest = hashlib.sha256(bytes(certificate.content)).hexdigest()
    if digest != certificate.content_sha256:
        yield "content.changed", digest
    prepared = next((line for line in acts_of(subject_of(certificate)) if line.act == "certificate.prepared"), None)
    if prepared is None or prepared.details.get("sha256") != certificate.content_sha256:
        yield "record.other_content", ""


def _of_proofs(certificate: Certificate, trust: TrustFolder, now: datetime) -> Iterator[tuple[str, str]]:
    if not certificate.code:
        return
    for code, check, text in (
        ("code.check", verify_code, certificate.code),
        ("credential.check", verify_credential, certificate.credential),
    ):
        try:
            report = check(text, trust=trust, at=now, status=None)
        except InputUnusable as error:
            yield code, error.message
            continue
        if not report.valid:
            failed = next((one for one in report.checks if one.outcome == "fail"), None)
            yield code, f"{failed.id}: {failed.detail}" if failed else ""


def _of_register(certificate: Certificate, trust: TrustFolder) -> Iterator[tuple[str, str]]:
    if trust.register is None:
        return
    entries = list(certificate.log_entries.all())
    waiting = {row.kind for row in entries if row.position is None}
    # Every proof that the rows tell of, and those that the state of the certificate demands whatever the rows of the log say.
    demanded = ["issued"] + ([certificate.state] if certificate.state != "issued" else [])
    expected = list(dict.fromkeys([*demanded, *(row.kind for row in entries if row.position is not None)]))
    for kind in expected:
        if kind in waiting:
            continue
        try:
            proof = trust.register.proof_of(certificate.content_sha256, kind)  # type: ignore[arg-type]
        except LogRefused as refused:
            yield f"log.{kind}", refused.message
            continue
        if proof is None and certificate.status_index is not None:
            yield f"log.{kind}", "no proof is published"
    if certificate.status_index is not None and not waiting:
        yield from _of_list(certificate, trust.register)


def _of_list(certificate: Certificate, register: PublishedRegister) -> Iterator[tuple[str, str]]:
    index = certificate.status_index
    assert index is not None  # noqa: S101 - asked by the only caller
    try:
        listed = register.status_list_for(index)
    except Refused as refused:
        yield "status.unusable", refused.message
        return
    said = listed.status_of(index) if listed is not None else "nothing"
    if said != certificate.state:
        yield "status.differs", f"{said} is published, {certificate.state} is known"
