"""Time stamps: how issuing goes on while their service is silent, the stamp that comes late, and archive stamps before the last one ages."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from udgam.flow.issuance import crash_points, services
from udgam.flow.issuance.models import Certificate, FileRevision, Outage
from udgam.flow.issuance.queries import archive_due, open_outage
from udgam.flow.issuance.refusals import IssueRefused, code_of
from udgam.flow.issuance.trust import trust_with
from udgam.flow.issuance.upkeep.evidence import proof_of_issue
from udgam.ground.audit.actors import SystemActor
from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.time_stamps import HttpTimeStamper, default_time_stamper
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.rules import outages
from udgam.rules.refusals import Refused
from udgam.signing.proof import OPEN_BEFORE_ISSUE, OPEN_IN_FIRST_RELEASE, verify_pdf
from udgam.signing.sealing import archive
from udgam.signing.sealing.seal import Evidence, TimeStamper, TimeStampUnavailable
from udgam.signing.trust import TrustStore, ValidatedPath, fingerprint, validate_path
from udgam.signing.trust.store import read_folder

log = logging.getLogger("udgam.issuance")

# A new archive stamp is made so long before the last one ceases to be relied on.
AHEAD = timedelta(days=180)
# While the service has nothing that lasts longer, it is asked again after half of what is left, but not more often than this.
AT_MOST_EVERY = timedelta(days=7)
# One that cannot be made is tried again after this long.
TRY_AGAIN = timedelta(minutes=30)
# The service's clock may run ahead of ours by as much.
TOLERANCE = timedelta(seconds=5)
SERVICE = Outage.Service.TIME_STAMPS


def time_stamper() -> HttpTimeStamper:
    """The configured service. Raises `TimeStampUnavailable` when none is."""
    try:
        return default_time_stamper()
    except ConnectorFailed as error:
        raise TimeStampUnavailable("time_stamp.unavailable", detail=error.reason) from error


def outage() -> Outage | None:
    """The outage of the service that is not over."""
    return open_outage(SERVICE)


def is_silent(found: Outage | None, now: datetime) -> bool:
    """Whether the service failed within the last minute, so that nobody waits for it again.

    Raises `IssueRefused` ``outage.time_stamps`` when it did, and the bounded time is over.
    """
    if found is None or not timedelta(0) <= now - found.last_failed_at < outages.ASK_AGAIN_AFTER:
        return False
    _require_within_bounds(found, now)
    return True


def note_silence(error: TimeStampUnavailable, now: datetime) -> None:
    """The service failed: keep since when. Raises `IssueRefused` ``outage.time_stamps`` once the bounded time is over."""
    detail = error.params.get("detail", error.code)
    found = services.note_outage(service=SERVICE, detail=detail, actor=SystemActor("issuance.complete"), now=now)
    _require_within_bounds(found, now)


def note_answer(now: datetime) -> None:
    """The service answered, so an outage is over."""
    if open_outage(SERVICE) is not None:
        services.end_outage(service=SERVICE, actor=SystemActor("issuance.complete"), now=now)


def _require_within_bounds(found: Outage, now: datetime) -> None:
    answer = outages.may_issue_unstamped(silent_since=found.began_at, now=now)
    if not answer:
        raise IssueRefused(answer.reason or "outage.time_stamps", **answer.params)


def keep_stamped(*, now: datetime, limit: int = 200) -> int:
    """Add every stamp that is due, the late ones first; answers how many files were stamped."""
    stamped = 0
    for certificate in archive_due(now=now, limit=limit):
        try:
            added = _stamp(certificate, time_stamper(), now)
        except TimeStampUnavailable as error:
            log.warning("no archive stamp", extra={"reason": error.code})
            services.postpone_stamp(certificate=certificate, until=now + outages.ASK_AGAIN_AFTER)
            return stamped
        except (Refused, OSError) as error:
            # One file must not stand in the way of the others; the re-check raises an alarm about it.
            log.error("archive stamp failed", extra={"reason": code_of(error)})
            services.postpone_stamp(certificate=certificate, until=now + TRY_AGAIN)
        else:
            stamped += added
            note_answer(now)
    return stamped


def _stamp(certificate: Certificate, stamper: TimeStamper, now: datetime) -> bool:
    """Add the stamp that is due. False: the service has no stamp that lasts longer than the last one, so nothing was added."""
    with certificate.file.open("rb") as stored:
        data = stored.read()
    if hashlib.sha256(data).hexdigest() != certificate.file_sha256:
        raise IssueRefused("issuance.file_differs")
    # With the log's proof of the issue it does not matter how late the stamp comes, nor what became of the officer meanwhile.
    evidence = replace(_evidence(data, now), log_proof=proof_of_issue(certificate))
    made = archive.add_archive_stamp(data, time_stamper=stamper, evidence=evidence)
    lasts = archive.lasts_until(archive.stamps_of(made)[-1])
    if archive.is_archived(data):
        last = archive.lasts_until(archive.stamps_of(data)[-1])
        if lasts <= last:
            # One more of the same would prove nothing more, and a file takes only so many.
            services.postpone_stamp(certificate=certificate, until=now + max((last - now) / 2, AT_MOST_EVERY))
            return False
    _check(certificate, data, made, now)
    crash_points.reach("archive.in_hand")
    services.record_revision(
        certificate=certificate,
        pdf=made,
        cause=FileRevision.Cause.STAMPED if certificate.stamp_due_since else FileRevision.Cause.ARCHIVED,
        archive_due_at=max(lasts - AHEAD, now + timedelta(days=1)),
        actor=SystemActor("issuance.keep_stamped"),
        now=now,
    )
    crash_points.reach("archived")
    return True


def _check(certificate: Certificate, before: bytes, after: bytes, now: datetime) -> None:
    """The stamped file begins with the file as it was, and holds before our own checker."""
    if not after.startswith(before):
        raise IssueRefused("issuance.file_differs")
    report = verify_pdf(after, trust=trust_with(revocation_source()), at=now + TOLERANCE, status=None)
    may_be_open = {*OPEN_BEFORE_ISSUE, "seal.time_stamp"} | (OPEN_IN_FIRST_RELEASE if not certificate.code else set())
    for check in report.checks:
        if check.outcome == "fail" or (check.outcome == "skipped" and check.id not in may_be_open):
            raise IssueRefused("issuance.own_check", step=check.id, detail=check.detail)
    if report.content != bytes(certificate.content):
        raise IssueRefused("issuance.file_differs")


def _evidence(pdf: bytes, now: datetime) -> Evidence:
    """What proves the stamps that the file carries already, as far as it can still be had. A pinned service needs no proof."""
    pinned = tuple(read_folder(Path(settings.TRUST_FOLDER) / "tsa"))
    known = {fingerprint(one) for one in pinned}
    paths: list[ValidatedPath] = []
    for token in archive.stamps_of(pdf):
        if fingerprint(token.certificate) in known:
            continue
        try:
            paths.append(
                validate_path(
                    token.certificate,
                    store=TrustStore(pinned, trust_store().intermediates),
                    revocation=revocation_source(),
                    at=now,
                    intermediates=token.chain,
                )
            )
        except Refused as refused:
            log.warning("no evidence for a stamp", extra={"reason": refused.code})
    return Evidence.of(*paths)
