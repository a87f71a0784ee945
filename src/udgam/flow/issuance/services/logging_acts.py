"""The entries of the issuance log, written in the transactions of the acts that they tell of."""

from __future__ import annotations

from datetime import datetime

from udgam.flow.issuance.models import Certificate, LogEntry
from udgam.ground import statements


def log_issue(*, certificate: Certificate, now: datetime) -> None:
    """The certificate was issued."""
    statements.add(
        LogEntry(kind="issued", commitment=certificate.content_sha256, at=_whole(now), certificate=certificate)
    )


def log_ending(*, certificate: Certificate, by: Certificate | None, now: datetime) -> None:
    """The certificate counts no more: cancelled, or superseded by another one."""
    LogEntry.objects.create(
        kind="superseded" if by else "cancelled",
        commitment=certificate.content_sha256,
        at=_whole(now),
        by=by.content_sha256 if by else "",
        certificate=certificate,
    )


def log_resealing(*, certificate: Certificate, now: datetime) -> None:
    """The certificate was signed anew with another key."""
    LogEntry.objects.create(
        kind="resealed", commitment=certificate.content_sha256, at=_whole(now), certificate=certificate
    )


def log_trust_list(*, sha256: str, now: datetime) -> None:
    """Another trust list counts from now on."""
    LogEntry.objects.create(kind="trust-list", commitment=sha256, at=_whole(now))


def _whole(moment: datetime) -> datetime:
    """Published moments count whole seconds."""
    return moment.replace(microsecond=0)
