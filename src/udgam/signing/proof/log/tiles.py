"""The log as static files: tiles of 256 hashes and bundles of 256 entries (C2SP tlog-tiles).

An append reads the right-hand edge and writes what changed there: one bundle and one tile of each level, a few kilobytes however
large the log is. What a published checkpoint needs is written before the checkpoint, so that a reader never misses a tile.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from udgam.signing.proof.log.merkle import Nodes, leaf_hash, node_hash

CHECKPOINT = "checkpoint"
HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32
LONGEST_ENTRY = 0xFFFF


class Storage(Protocol):
    """Where published files lie, by their path with slashes."""

    def read(self, path: str) -> bytes | None:
        """The file, or None when there is none."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Put the file there, whole or not at all."""
        ...


class MemoryStorage(dict[str, bytes]):
    """Files in memory, for tests and for reading a bundle."""

    def read(self, path: str) -> bytes | None:
        """See `Storage`."""
        return self.get(path)

    def write(self, path: str, data: bytes) -> None:
        """See `Storage`."""
        self[path] = data


class FolderStorage:
    """Files in a folder: written beside, flushed to the disk, then renamed into their place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes | None:
        """See `Storage`."""
        try:
            return self._place(path).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, path: str, data: bytes) -> None:
        """See `Storage`. Raises ``OSError`` when the disk does not take it; then the old file still stands."""
        place = self._place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".new", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(beside).chmod(0o644)
            Path(beside).replace(place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    def _place(self, path: str) -> Path:
        parts = path.split("/")
        if any(part in {"", ".", ".."} or "\0" in part for part in parts):
            raise ValueError(f"no path of a register: {path!r}")
        return self.folder.joinpath(*parts)


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The path of a tile, or of a bundle of entries when ``level`` is "entries"; a partial one carries its width."""
    digits = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        digits.insert(0, f"x{number % 1000:03d}")
    tail = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(digits)}{tail}"


def required_paths(size: int) -> tuple[str, ...]:
    """Every tile and bundle that a log of ``size`` leaves consists of, in order."""
    found = [tile_path("entries", number, width) for number, width in _row(size)]
    level, count = 0, size
    while count:
        found += [tile_path(level, number, width) for number, width in _row(count)]
        level, count = level + 1, count // WIDTH
    return tuple(found)


def _row(count: int) -> Iterator[tuple[int, int]]:
    full, rest = divmod(count, WIDTH)
    for number in range(full):
        yield number, WIDTH
    if rest:
        yield full, rest


def append_leaves(storage: Storage, *, size: int, leaves: Sequence[bytes]) -> int:
    """Write the tiles for ``leaves`` behind a log of ``size`` leaves; answers the new size. The checkpoint is the caller's to write.

    Doing it again after a crash writes the same files again. Raises ``ValueError`` when a tile of the old edge is missing or a leaf
    is longer than 65,535 bytes.
    """
    if any(len(leaf) > LONGEST_ENTRY for leaf in leaves):
        raise ValueError("a leaf is too long")
    if not leaves:
        return size
    entries = [len(leaf).to_bytes(2) + leaf for leaf in leaves]
    edge = b"" if size % WIDTH == 0 else _must_read(storage, tile_path("entries", size // WIDTH, size % WIDTH))
    _write_row(storage, "entries", size, edge, entries)
    level, before, hashes = 0, size, [leaf_hash(leaf) for leaf in leaves]
    while hashes:
        partial = before % WIDTH
        edge = b"" if partial == 0 else _must_read(storage, tile_path(level, before // WIDTH, partial))
        if len(edge) != partial * HASH:
            raise ValueError("a tile of the log has another length")
        above = _write_row(storage, level, before, edge, hashes)
        level, before, hashes = level + 1, before // WIDTH, [_subtree(tile) for tile in above]
    return size + len(leaves)


def _write_row(storage: Storage, level: int | str, before: int, edge: bytes, items: Sequence[bytes]) -> list[bytes]:
    """Write the tiles of one level that ``items`` change; answers those that became full."""
    full: list[bytes] = []
    number, width, data = before // WIDTH, before % WIDTH, bytearray(edge)
    for item in items:
        data += item
        width += 1
        if width == WIDTH:
            storage.write(tile_path(level, number), bytes(data))
            full.append(bytes(data))
            number, width, data = number + 1, 0, bytearray()
    if width:
        storage.write(tile_path(level, number, width), bytes(data))
    return full


def _subtree(tile: bytes) -> bytes:
    """The hash of a full tile, which is one hash of the tile above."""
    row = [tile[place : place + HASH] for place in range(0, len(tile), HASH)]
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


def tile_hashes(storage: Storage, size: int) -> Nodes:
    """The hashes of complete subtrees of the log of ``size`` leaves, read from its tiles.

    A tile that was full after a later append serves in the place of a partial one. Raises ``ValueError`` when one is missing.
    """
    kept: dict[tuple[int, int], bytes] = {}

    def tile(level: int, number: int) -> bytes:
        if (level, number) not in kept:
            width = min(WIDTH, (size >> (HEIGHT * level)) - number * WIDTH)
            data = storage.read(tile_path(level, number, width))
            if data is None and width < WIDTH:
                data = storage.read(tile_path(level, number))
            if data is None or len(data) < width * HASH:
                raise ValueError("a tile of the log is missing or too short")
            kept[level, number] = data[: width * HASH]
        return kept[level, number]

    def node(level: int, number: int) -> bytes:
        if (number + 1) << level > size:
            raise ValueError("the subtree is not complete")
        row, inside = divmod(level, HEIGHT)
        if inside == 0:
            data, slot = tile(row, number // WIDTH), number % WIDTH
            return data[slot * HASH : (slot + 1) * HASH]
        return node_hash(node(level - 1, 2 * number), node(level - 1, 2 * number + 1))

    return node


def entries_in(storage: Storage, *, begin: int, end: int, size: int) -> Iterator[bytes]:
    """The leaves from ``begin`` to ``end`` of a log of ``size`` leaves. Raises ``ValueError`` when a bundle is missing or broken."""
    for number in range(begin // WIDTH, -(-end // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        data = storage.read(tile_path("entries", number, width))
        if data is None:
            data = _must_read(storage, tile_path("entries", number))
        place = 0
        for slot in range(width):
            length = int.from_bytes(data[place : place + 2])
            leaf = data[place + 2 : place + 2 + length]
            if place + 2 > len(data) or len(leaf) != length:
                raise ValueError("a bundle of entries is cut off")
            place += 2 + length
            if begin <= number * WIDTH + slot < end:
                yield leaf


def _must_read(storage: Storage, path: str) -> bytes:
    data = storage.read(path)
    if data is None:
        raise ValueError(f"{path} is missing")
    return data
