"""What became of a certificate after it was issued: asked of somebody, or read from a signed snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, cast

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.report import Status

SNAPSHOT_FORMAT = "udgam.statuses/1"
STATUSES = frozenset({"issued", "superseded", "cancelled"})


class StatusUnavailable(Refused):
    """Nobody could say what became of the certificate."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "status.no_answer": Reason(
            "The issuer's site does not answer: {detail}.", "Try again later, or check offline with a signed list."
        ),
        "status.answer_unusable": Reason(
            "The issuer's site answered something unusable: {detail}.", "Try again later; tell the issuer if it lasts."
        ),
        "status.snapshot_unusable": Reason(
            "The signed list of statuses cannot be used: {detail}.", "Get the trust folder again from the issuer."
        ),
        "status.snapshot_old": Reason(
            "The signed list of statuses was good until {until}.", "Get a newer list from the issuer, or check online."
        ),
    }


@dataclass(frozen=True)
class PublishedStatus:
    """What the issuer says of a number at ``as_of``. ``content_sha256`` binds it to one content, when the issuer says that too."""

    status: Status
    content_sha256: str | None
    as_of: datetime | None


class StatusSource(Protocol):
    """Somebody who knows what became of certificates."""

    def status_of(self, number: str) -> PublishedStatus:
        """What is known of ``number``; "unknown" when it was never issued. Raises `StatusUnavailable`."""
        ...


@dataclass(frozen=True)
class StatusSnapshot:
    """A list of statuses whose signature was checked by whoever made this object."""

    at: datetime
    until: datetime
    entries: Mapping[str, PublishedStatus]
    checked_at: datetime

    def status_of(self, number: str) -> PublishedStatus:
        """See `StatusSource`. A list past its date knows nothing good any more, but what it calls cancelled stays cancelled."""
        found = self.entries.get(number)
        if self.checked_at > self.until and (found is None or found.status == "issued"):
            raise StatusUnavailable("status.snapshot_old", until=self.until.isoformat())
        return found if found is not None else PublishedStatus("unknown", None, self.at)


def read_snapshot(data: bytes, *, checked_at: datetime) -> StatusSnapshot:
    """Read the list itself; its signature is the caller's business.

    Raises:
        StatusUnavailable: ``status.snapshot_unusable``.
    """
    try:
        plain: dict[str, Any] = json.loads(data)
        if plain["format"] != SNAPSHOT_FORMAT:
            raise ValueError("it is of another format")
        at, until = moment(plain["at"]), moment(plain["until"])
        entries = {str(one["number"]): _entry(one, at) for one in plain["statuses"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StatusUnavailable("status.snapshot_unusable", detail=" ".join(str(error).split())[:160]) from error
    return StatusSnapshot(at, until, entries, checked_at)


def _entry(plain: dict[str, Any], at: datetime) -> PublishedStatus:
    if plain["status"] not in STATUSES:
        raise ValueError(f"the status {plain['status']!r} is not known")
    digest = plain.get("content_sha256")
    return PublishedStatus(cast("Status", plain["status"]), None if digest is None else str(digest).lower(), at)


def moment(text: str) -> datetime:
    """An aware moment from ISO 8601. Raises ValueError when it names no time zone."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a moment has no time zone")
    return value
