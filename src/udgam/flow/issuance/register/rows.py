"""Questions about the rows of the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from django.db import connection
from django.db.models import Max

from udgam.flow.issuance.models import Certificate, Checkpoint, Edition, LogEntry, RegisterKey
from udgam.signing.proof.log import Entry, EntryKind, NoteKey, read_note_key
from udgam.signing.proof.status_list import ENTRIES, ListedStatus, list_of

TRUST_LIST = "trust-list"
STATUSES: Mapping[str, ListedStatus] = {"issued": "issued", "superseded": "superseded", "cancelled": "cancelled"}
# By the number of a list: position of the entry, status index, and the status from there on, in order.
Changes = Mapping[int, Sequence[tuple[int, int, ListedStatus]]]
_CHUNK = 4096


def status_name(number: int) -> str:
    """The name of a status list among the editions."""
    return f"status/{number}"


def published_size() -> int:
    """How many entries of the log have a position."""
    last = Checkpoint.objects.aggregate(size=Max("size"))["size"]
    return int(last or 0)


def last_checkpoint() -> Checkpoint | None:
    """The newest checkpoint, or None before the first."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoints_after(size: int) -> list[Checkpoint]:
    """The checkpoints of logs larger than ``size``, in order."""
    return list(Checkpoint.objects.filter(size__gt=size).order_by("size"))


def waiting_entries(limit: int) -> list[LogEntry]:
    """Entries that no checkpoint holds yet, in the order of their acts."""
    return list(LogEntry.objects.filter(position__isnull=True).order_by("id")[:limit])


def entries_between(begin: int, end: int) -> Iterator[LogEntry]:
    """The entries from position ``begin`` up to ``end``, in order."""
    for start in range(begin, end, _CHUNK):
        yield from LogEntry.objects.filter(position__gte=start, position__lt=min(start + _CHUNK, end)).order_by(
            "position"
        )


def entry_of(row: LogEntry) -> Entry:
    """The leaf that a row stands for."""
    return Entry(kind=cast("EntryKind", row.kind), commitment=row.commitment, at=row.at, by=row.by or None)


def tile_widths(*, level: int, above: int) -> list[int]:
    """How many hashes stood in a level of the log at each of its checkpoints, as far as that is more than ``above``; in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT size >> %s AS width FROM issuance_checkpoint WHERE size >> %s > %s ORDER BY width",
            [8 * level, 8 * level, above],
        )
        return [int(width) for (width,) in cursor.fetchall()]


def logged_trust_lists() -> list[str]:
    """The commitments of the trust lists that the log holds."""
    found = LogEntry.objects.filter(kind="trust-list", certificate__isnull=True, position__isnull=False)
    return list(found.order_by("position").values_list("commitment", flat=True))


def key_since(purpose: str, name: str) -> datetime:
    """Since when a key of the register is used."""
    return RegisterKey.objects.values_list("first_used_at", flat=True).get(purpose=purpose, name=name)


def log_keys() -> tuple[NoteKey, ...]:
    """Every key that the log was ever signed with, and that is not known to be in other hands."""
    names = RegisterKey.objects.filter(purpose=RegisterKey.Purpose.LOG).exclude(revoked_reason="key-compromise")
    return tuple(read_note_key(name) for name in names.values_list("name", flat=True))


def register_key(name: str) -> RegisterKey | None:
    """The key of the register with that id or verifier key; a verifier key may be named by its part between the plus signs."""
    exact = RegisterKey.objects.filter(name=name).first()
    return exact or RegisterKey.objects.filter(name__contains=f"+{name}+").first() if name else None


def register_keys() -> list[RegisterKey]:
    """Every key that the register ever used, and its witnesses' keys."""
    return list(RegisterKey.objects.order_by("purpose", "id"))


def edition(name: str) -> Edition | None:
    """What was last published under a name."""
    return Edition.objects.filter(name=name).first()


def editions() -> list[Edition]:
    """Everything that is published in editions."""
    return list(Edition.objects.order_by("name"))


def statuses_of_list(number: int, *, upto: int) -> dict[int, ListedStatus]:
    """The statuses of one list as the first ``upto`` entries of the log tell them."""
    found: dict[int, ListedStatus] = {}
    rows = LogEntry.objects.filter(
        position__lt=upto,
        certificate__status_index__gte=number * ENTRIES,
        certificate__status_index__lt=(number + 1) * ENTRIES,
    ).order_by("position")
    for index, kind in rows.values_list("certificate__status_index", "kind"):
        if index is not None and kind in STATUSES:
            found[index] = STATUSES[kind]
    return found


def changed_statuses(begin: int, end: int) -> Changes:
    """What the entries from ``begin`` up to ``end`` change, by list: one question, whatever the number of lists."""
    found: dict[int, list[tuple[int, int, ListedStatus]]] = {}
    if begin < end:
        rows = LogEntry.objects.filter(position__gte=begin, position__lt=end, certificate__status_index__isnull=False)
        for position, index, kind in rows.order_by("position").values_list(
            "position", "certificate__status_index", "kind"
        ):
            if position is not None and index is not None and kind in STATUSES:
                found.setdefault(list_of(index)[0], []).append((position, index, STATUSES[kind]))
    return found


def last_list() -> int:
    """The number of the newest status list."""
    highest = Certificate.objects.aggregate(highest=Max("status_index"))["highest"]
    return list_of(int(highest or 0))[0]
