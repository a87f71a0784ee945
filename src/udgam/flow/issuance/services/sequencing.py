"""Giving the log's entries their positions, and files their editions: what must stand in the database before it stands in a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from django.db import Error, connection, transaction

from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Checkpoint, Edition, LogEntry
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register import rows
from udgam.flow.issuance.services.logging_acts import log_trust_list
from udgam.signing.proof.log import join_lines

log = logging.getLogger("udgam.issuance")
# So many entries come under one checkpoint at most, so that one transaction stays short.
MOST_AT_ONCE = 2000


@contextmanager
def one_publisher() -> Iterator[None]:
    """Wait until no other process publishes, and keep others waiting: the lock is the session's, so it ends with a process that dies.

    Behind a pool that gives every transaction another session it would not hold; the end tells, and the log says so.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('issuance publisher', 0))")
    try:
        yield
    finally:
        # A connection that broke has let go already; its error must not hide the first one.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('issuance publisher', 0))")
            if not cursor.fetchone()[0]:
                log.error(
                    "the publisher's lock did not hold: no pool in transaction mode may stand before the database"
                )


@transaction.atomic
def sequence_entries(*, published: int, root_of: Callable[[Sequence[LogEntry]], bytes]) -> Checkpoint | None:
    """Put the waiting entries behind the log, under one new checkpoint; None when nothing waits.

    ``root_of`` answers the root of the log of ``published`` entries with these behind it.
    Raises ``register.differs`` when somebody else put entries behind the log since: such a root would be wrong for good.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('issuance log', 0))")
    size = rows.published_size()
    if size != published:
        raise IssueRefused("register.differs", size=str(published))
    waiting = rows.waiting_entries(MOST_AT_ONCE)
    if not waiting:
        return None
    checkpoint = Checkpoint.objects.create(
        size=size + len(waiting), root=root_of(waiting).hex(), at=max(row.at for row in waiting)
    )
    for place, row in enumerate(waiting, start=size):
        row.position, row.checkpoint = place, checkpoint
    LogEntry.objects.bulk_update(waiting, ["position", "checkpoint"])
    crash_points.reach("publish.sequence_before_commit")
    return checkpoint


@transaction.atomic
def note_edition(
    *, name: str, said_sha256: str, at: datetime, until: datetime, upto: int, list_sha256: str = ""
) -> Edition:
    """Keep that another edition of a file counts. ``list_sha256`` puts a trust list into the log in the same transaction."""
    Edition.objects.get_or_create(
        name=name, defaults={"version": 0, "at": at, "until": until, "said_sha256": "", "upto": 0}
    )
    row = Edition.objects.select_for_update().get(name=name)
    row.version, row.at, row.until, row.said_sha256, row.upto = row.version + 1, at, until, said_sha256, upto
    row.save(update_fields=["version", "at", "until", "said_sha256", "upto"])
    if list_sha256:
        log_trust_list(sha256=list_sha256, now=at)
    return row


def note_unchanged(*, names: Sequence[str], upto: int) -> None:
    """Keep that these editions say what the first ``upto`` entries tell, though nothing in them changed."""
    Edition.objects.filter(name__in=names, upto__lt=upto).update(upto=upto)


@transaction.atomic
def keep_cosignatures(*, size: int, root: str, lines: str) -> bool:
    """Keep what witnesses signed below the checkpoint of that size, beside the lines of others. False: there is no such checkpoint."""
    row = Checkpoint.objects.select_for_update().filter(size=size, root=root).first()
    if row is None:
        return False
    row.cosignatures = join_lines(row.cosignatures, lines)
    row.save(update_fields=["cosignatures"])
    return True
