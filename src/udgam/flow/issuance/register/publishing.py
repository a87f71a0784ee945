"""Bringing the published files up to what the rows say.

The order is what makes it safe to be killed anywhere: first the rows (positions, checkpoint, editions), then the tiles that the new
checkpoint needs, then lists and proofs, and the checkpoint last. Whoever comes next finds in the rows what the files still lack.
Every file is written beside, flushed and renamed. Nothing here reads a clock: times come from the recorded acts.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings

from udgam.flow.issuance import crash_points, services
from udgam.flow.issuance.models import Checkpoint, Edition, LogEntry, RegisterKey
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register import rows
from udgam.flow.issuance.register.keys import RegisterKeys, register_keys
from udgam.flow.issuance.register.places import register_base, register_folder
from udgam.flow.issuance.register.trust_list import dated, list_keys, listed_now, said_sha256
from udgam.signing.proof.jws import signing_input
from udgam.signing.proof.keys import from_base64url
from udgam.signing.proof.log import (
    CHECKPOINT,
    FolderStorage,
    LogRefused,
    SignedCheckpoint,
    Storage,
    append_leaves,
    read_checkpoint,
    root_hash,
    tile_hashes,
)
from udgam.signing.proof.log.tiles import WIDTH, tile_path
from udgam.signing.proof.published import DID_DOCUMENT, PIN, TRUST_LIST, proof_path
from udgam.signing.proof.status_list import BITS, MEANINGS, list_of, list_path, pack, status_credential
from udgam.signing.proof.status_list import KIND as STATUS_KIND
from udgam.signing.proof.trust_list import KIND as TRUST_LIST_KIND
from udgam.signing.proof.trust_list import RegisterPin, write_pin, write_trust_list
from udgam.signing.sealing import register as made
from udgam.signing.sealing.credential import sign_token

# A list is good for a week and signed anew when it is a day old, so that a site that is down for days does no harm.
LASTS = timedelta(days=7)
RENEWED_AFTER = timedelta(days=1)
_CHUNK = 4096


@dataclass(frozen=True)
class Published:
    """What a run wrote: the size of the log, how many files, how many bytes."""

    size: int
    files: int
    written: int


class CountingStorage:
    """A folder that counts what is written into it."""

    def __init__(self, folder: Path) -> None:
        self._inner = FolderStorage(folder)
        self.folder = folder
        self.files = 0
        self.written = 0

    def read(self, path: str) -> bytes | None:
        """See `Storage`."""
        return self._inner.read(path)

    def write(self, path: str, data: bytes) -> None:
        """See `Storage`. What stands there already, byte for byte, is not written again."""
        if self._inner.read(path) == data:
            return
        self._inner.write(path, data)
        self.files += 1
        self.written += len(data)


class Overlay:
    """Reads through to a storage and keeps writes to itself: to learn a root before anything is written."""

    def __init__(self, below: Storage) -> None:
        self._below = below
        self._own: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        """See `Storage`."""
        return self._own.get(path) or self._below.read(path)

    def write(self, path: str, data: bytes) -> None:
        """See `Storage`."""
        self._own[path] = data


def publish(*, now: datetime, folder: Path | None = None, lasts: timedelta = LASTS, anew: bool = False) -> Published:
    """Publish everything that waits; lists are good for ``lasts``. Doing it again writes nothing.

    ``anew`` looks at every tile and proof since the first entry and writes what differs: after a file was damaged, or after a key of the
    log was compromised, when every proof is signed with the present one.

    Whoever comes while another one publishes, worker or command, waits: rows and files are read and written under one lock.

    Raises:
        IssueRefused: ``register.ahead`` or ``register.differs``: the published log is not the database's; ``register.key_revoked``:
            a key in use is one that was revoked. Nothing was written.
        SealKeyUnusable: a key of the register does not answer.
        OSError: the disk does not take a file; the old one still stands.
    """
    keys = register_keys()
    storage = CountingStorage(folder or register_folder())
    with services.one_publisher():
        note_keys(keys, now)
        size = _published(storage, keys)
        size = _catch_up(storage, keys, 0 if anew else size)
        _renew_trust_list(now, lasts, rows.key_since(RegisterKey.Purpose.LIST, keys.trust_list.public.id))
        while services.sequence_entries(published=size, root_of=partial(_root_with, storage, size)) is not None:
            crash_points.reach("publish.sequenced")
            size = _catch_up(storage, keys, size)
        _write_lists(storage, keys, now, lasts)
        _write_checkpoint(storage, keys)
    return Published(size, storage.files, storage.written)


def rebuild(*, folder: Path) -> Published:
    """Write the whole register from the rows into an empty folder: the same tiles, roots, lists and proofs as were published."""
    keys = register_keys()
    storage = CountingStorage(folder)
    with services.one_publisher():
        _catch_up(storage, keys, 0)
        for number in range(rows.last_list() + 1):
            found = rows.edition(rows.status_name(number))
            if found is not None:
                _write_status_list(storage, keys, number, found)
        listed = rows.edition(rows.TRUST_LIST)
        if listed is not None:
            _write_trust_list(storage, keys, listed)
        _write_checkpoint(storage, keys)
        return Published(rows.published_size(), storage.files, storage.written)


def note_keys(keys: RegisterKeys, now: datetime) -> None:
    """Remember the keys in use, so that the trust list names them."""
    purpose = RegisterKey.Purpose
    services.note_register_key(purpose=purpose.LIST, key=keys.trust_list.public, now=now)
    services.note_register_key(purpose=purpose.STATUS, key=keys.status.public, now=now)
    services.note_log_key(purpose=purpose.LOG, verifier_key=keys.log.public.verifier_key, now=now)
    for witness in settings.WITNESS_KEYS:
        services.note_log_key(purpose=purpose.WITNESS, verifier_key=witness, now=now)


# ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _published(storage: Storage, keys: RegisterKeys) -> int:
    """How much of the log the files hold. Raises ``register.ahead`` or ``register.differs``."""
    text = storage.read(CHECKPOINT)
    if text is None:
        return 0
    try:
        found = read_checkpoint(_without_witnesses(text), logs=(keys.log.public, *rows.log_keys()))
    except LogRefused as error:
        raise IssueRefused("register.differs", size="?") from error
    known = rows.published_size()
    if found.size > known:
        raise IssueRefused("register.ahead", published=str(found.size), known=str(known))
    row = Checkpoint.objects.filter(size=found.size).first()
    if found.size and (row is None or row.root != found.root.hex()):
        raise IssueRefused("register.differs", size=str(found.size))
    return found.size if _edge_is_whole(storage, found) else 0


def _edge_is_whole(storage: Storage, found: SignedCheckpoint) -> bool:
    """Whether the tiles that an append reads are there and lead to the root; if not, they are all written again."""
    try:
        return root_hash(found.size, tile_hashes(storage, found.size)) == found.root
    except ValueError:
        return False


def _root_with(storage: Storage, size: int, waiting: Sequence[LogEntry]) -> bytes:
    overlay = Overlay(storage)
    after = append_leaves(overlay, size=size, leaves=[rows.entry_of(row).leaf() for row in waiting])
    return root_hash(after, tile_hashes(overlay, after))


def _catch_up(storage: CountingStorage, keys: RegisterKeys, size: int) -> int:
    """Write tiles and proofs for everything that has a position and is not in the files yet."""
    for checkpoint in rows.checkpoints_after(size):
        for leaves in _leaves(size, checkpoint.size):
            size = append_leaves(storage, size=size, leaves=leaves)
        crash_points.reach("publish.tiles_written")
        signed = _signed(storage, keys, checkpoint)
        before = checkpoint.size - checkpoint.entries.count()
        for row in rows.entries_between(before, checkpoint.size):
            assert row.position is not None  # noqa: S101 - chosen by position
            proof = made.make_proof(storage, index=row.position, checkpoint=signed)
            storage.write(proof_path(row.commitment, rows.entry_of(row).kind), proof)
        crash_points.reach("publish.proofs_written")
        _tidy(storage, before, checkpoint.size)
    return size


def _leaves(begin: int, end: int) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for row in rows.entries_between(begin, end):
        chunk.append(rows.entry_of(row).leaf())
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _signed(storage: Storage, keys: RegisterKeys, row: Checkpoint) -> SignedCheckpoint:
    text = made.sign_checkpoint(storage, size=row.size, key=keys.log)
    signed = read_checkpoint(text, logs=(keys.log.public,))
    if signed.root.hex() != row.root:
        raise IssueRefused("register.differs", size=str(row.size))
    return signed


def _write_checkpoint(storage: CountingStorage, keys: RegisterKeys) -> None:
    row = rows.last_checkpoint()
    if row is None:
        return
    crash_points.reach("publish.before_checkpoint")
    storage.write(CHECKPOINT, _signed(storage, keys, row).text + row.cosignatures.encode())
    crash_points.reach("publish.checkpoint_written")


def _without_witnesses(text: bytes) -> bytes:
    """The checkpoint with the log's own line only: whose lines follow, the trust list says, which may not be written yet."""
    body, _sep, lines = text.partition(b"\n\n")
    return body + b"\n\n" + b"".join(lines.splitlines(keepends=True)[:1])


def _tidy(storage: CountingStorage, before: int, size: int) -> None:
    """Remove partial tiles whose full tile stands now (C2SP tlog-tiles: until then they must be served for every checkpoint).

    So at most 255 of them stand in each level, and as many of entries, whatever the size of the log: less than ten megabytes.
    """
    for name, was, now in _rows_of_tiles(before, size):
        if now // WIDTH > was // WIDTH:
            shutil.rmtree((storage.folder / tile_path(name, was // WIDTH, 1)).parent, ignore_errors=True)


def _rows_of_tiles(before: int, size: int) -> Iterator[tuple[int | str, int, int]]:
    yield "entries", before, size
    level = 0
    while size:
        yield level, before, size
        level, before, size = level + 1, before // WIDTH, size // WIDTH


# ── the lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _renew_trust_list(now: datetime, lasts: timedelta, since: datetime) -> None:
    """Give the trust list another edition when it says something new or is a day old. Its entry in the log waits like any other."""
    listed, found = listed_now(), rows.edition(rows.TRUST_LIST)
    said = said_sha256(listed)
    if found is not None and found.said_sha256 == said and not _is_stale(found, now, lasts, since):
        return
    at = now.replace(microsecond=0).astimezone(UTC)
    if found is not None:
        at = max(at, found.at)
    version = (found.version if found else 0) + 1
    text = write_trust_list(dated(listed, version=version, at=at, until=at + lasts))
    services.note_edition(
        name=rows.TRUST_LIST, said_sha256=said, at=at, until=at + lasts, upto=rows.published_size(),
        list_sha256=hashlib.sha256(text).hexdigest(),
    )  # fmt: skip
    crash_points.reach("publish.edition_noted")


def _is_stale(found: Edition, now: datetime, lasts: timedelta, since: datetime) -> bool:
    """Whether a list is a day old, was to last for another time, or is older than the key that signs now, which cannot speak for then."""
    return now >= found.at + RENEWED_AFTER or found.until - found.at != lasts or found.at < since


def _write_lists(storage: CountingStorage, keys: RegisterKeys, now: datetime, lasts: timedelta) -> None:
    listed = rows.edition(rows.TRUST_LIST)
    if listed is not None:
        _write_trust_list(storage, keys, listed)
    size, known = rows.published_size(), {one.name: one for one in rows.editions()}
    names = [rows.status_name(number) for number in range(rows.last_list() + 1)]
    told = [known[name].upto for name in names if name in known]
    changes = rows.changed_statuses(min(told, default=size), size)
    unchanged: list[str] = []
    since = rows.key_since(RegisterKey.Purpose.STATUS, keys.status.public.id)
    for number, name in enumerate(names):
        found = known.get(name)
        stale = found is None or _is_stale(found, now, lasts, since)
        changed = found is not None and [one for one in changes.get(number, ()) if one[0] >= found.upto]
        if found is not None and not stale and not changed:
            # A run that was killed may have noted an edition and not written it.
            if not _is_as_noted(_bits_in_file(storage, number), found) or not _is_by(storage, number, keys):
                _write_status_list(storage, keys, number, found)
            unchanged.append(name)
            continue
        checkpoint = rows.last_checkpoint()
        at = now.replace(microsecond=0).astimezone(UTC) if stale or checkpoint is None else checkpoint.at
        if found is not None:
            at = max(at, found.at)
        bits = _bits(storage, number, found, changes, size)
        said = hashlib.sha256(bits).hexdigest()
        fresh = services.note_edition(name=name, said_sha256=said, at=at, until=at + lasts, upto=size)
        crash_points.reach("publish.edition_noted")
        _sign_bits(storage, keys, number, fresh, bits)
    # Otherwise every run would ask again for what happened since a list that seldom changes was last signed.
    services.note_unchanged(names=unchanged, upto=size)
    crash_points.reach("publish.lists_written")


def _bits(storage: Storage, number: int, found: Edition | None, changes: rows.Changes, size: int) -> bytes:
    """The bits of a list after ``size`` entries: those in the file with what changed since, or from the rows when it is not as noted."""
    before = _bits_in_file(storage, number)
    if found is None or not _is_as_noted(before, found):
        return pack(rows.statuses_of_list(number, upto=size), number=number)
    bits = bytearray(before)
    for position, index, status in changes.get(number, ()):
        if position >= found.upto:
            octet, slot = divmod(list_of(index)[1], 8 // BITS)
            shift = 8 - BITS - BITS * slot
            bits[octet] = bits[octet] & ~(3 << shift) | MEANINGS.index(status) << shift
    return bytes(bits)


def _bits_in_file(storage: Storage, number: int) -> bytes:
    """The bits of the list that is published; empty when it is missing or cannot be read."""
    text = storage.read(list_path(number))
    if text is None:
        return b""
    try:
        listed = json.loads(from_base64url(text.decode("ascii").split(".")[1]))["credentialSubject"]["encodedList"]
        return gzip.decompress(from_base64url(listed[1:]))
    except (ValueError, KeyError, IndexError, TypeError, OSError, EOFError, zlib.error):
        return b""


def _is_by(storage: Storage, number: int, keys: RegisterKeys) -> bool:
    """Whether the list that is published is signed with the present key."""
    head = (storage.read(list_path(number)) or b"").partition(b".")[0]
    return head == signing_input(b"{}", kind=STATUS_KIND, key_id=_status_key_id(keys)).partition(b".")[0]


def _status_key_id(keys: RegisterKeys) -> str:
    return f"{settings.ISSUER_DID}#{keys.status.public.id}"


def _is_as_noted(bits: bytes, found: Edition) -> bool:
    return hashlib.sha256(bits).hexdigest() == found.said_sha256


def _write_status_list(storage: CountingStorage, keys: RegisterKeys, number: int, found: Edition) -> None:
    bits = pack(rows.statuses_of_list(number, upto=found.upto), number=number)
    _sign_bits(storage, keys, number, found, bits)


def _sign_bits(storage: CountingStorage, keys: RegisterKeys, number: int, found: Edition, bits: bytes) -> None:
    claims = status_credential(
        bits, number=number, issuer=settings.ISSUER_DID, base=register_base(), at=found.at, until=found.until
    )
    text = sign_token(claims, kind=STATUS_KIND, key=keys.status, key_id=_status_key_id(keys))
    storage.write(list_path(number), text.encode())


def _write_trust_list(storage: CountingStorage, keys: RegisterKeys, found: Edition) -> None:
    listed = dated(listed_now(), version=found.version, at=found.at, until=found.until)
    if said_sha256(listed) != found.said_sha256:
        # Somebody came or went in this very moment: the next run gives the list another edition.
        return
    storage.write(PIN, write_pin(RegisterPin(issuer=settings.ISSUER_DID, keys=list_keys())))
    signed = signing_input(write_trust_list(listed), kind=TRUST_LIST_KIND, key_id=keys.trust_list.public.id)
    if not (storage.read(TRUST_LIST) or b"").startswith(signed + b"."):
        # A key store signs the same words differently each time, so the words are compared.
        storage.write(TRUST_LIST, made.sign_trust_list(listed, key=keys.trust_list).encode("ascii"))
    storage.write(DID_DOCUMENT, made.did_document(listed, at=found.at))
