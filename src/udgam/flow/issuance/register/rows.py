"""Questions about the rows of the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from django.db.models import Max

from udgam.flow.issuance.models import Certificate, Checkpoint, Edition, LogEntry
from udgam.signing.proof.log import Entry, EntryKind
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
