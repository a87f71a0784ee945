"""The part of CBOR that our codes use, in its one deterministic form (RFC 8949, 4.2.1).

Whole numbers, byte strings, text, arrays, maps and tags, all of definite length, numbers in their shortest form, keys of maps in
bytewise order. The reader takes nothing else, so that one value has one encoding and no byte of it can be changed without notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_LONGEST = 1 << 20
_DEEPEST = 8
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}


@dataclass(frozen=True)
class Tagged:
    """A tagged value (RFC 8949, 3.4)."""

    tag: int
    value: Any


def encode(value: Any) -> bytes:
    """Write a value. Raises ``TypeError`` for a kind that is not in the list above."""
    if isinstance(value, bool) or value is None:
        raise TypeError("our codes hold neither truth values nor nothing")
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        encoded = value.encode()
        return _head(3, len(encoded)) + encoded
    if isinstance(value, list | tuple):
        return _head(4, len(value)) + b"".join(encode(one) for one in value)
    if isinstance(value, dict):
        pairs = sorted((encode(key), encode(one)) for key, one in value.items())
        return _head(5, len(pairs)) + b"".join(key + one for key, one in pairs)
    if isinstance(value, Tagged):
        return _head(6, value.tag) + encode(value.value)
    raise TypeError(f"{type(value).__name__} is not written in our codes")


def _head(kind: int, argument: int) -> bytes:
    kind <<= 5
    if argument < 24:
        return bytes((kind | argument,))
    for extra, size in _SIZES.items():
        if argument < 1 << (8 * size):
            return bytes((kind | extra,)) + argument.to_bytes(size)
    raise TypeError("a number beyond 64 bits")


def decode(data: bytes) -> Any:
    """Read one value that takes all of ``data``. Raises ``ValueError`` for anything `encode` would not have written."""
    value, end = _read(data, 0, 0)
    if end != len(data):
        raise ValueError("bytes stand behind the value")
    return value


def _read(data: bytes, place: int, depth: int) -> tuple[Any, int]:
    if place >= len(data) or depth > _DEEPEST:
        raise ValueError("the value is cut off or nested too deeply")
    kind, argument = data[place] >> 5, data[place] & 0x1F
    place += 1
    if argument >= 24:
        argument, place = _argument(data, place, argument)
    if kind < 2:
        return (argument if kind == 0 else -1 - argument), place
    if kind < 4:
        end = place + argument
        if end > len(data):
            raise ValueError("the value is cut off")
        return (data[place:end] if kind == 2 else data[place:end].decode()), end
    if argument > _LONGEST:
        raise ValueError("the value is too long")
    if kind == 4:
        return _array(data, place, argument, depth)
    if kind == 5:
        return _map(data, place, argument, depth)
    if kind == 6:
        value, place = _read(data, place, depth + 1)
        return Tagged(argument, value), place
    raise ValueError("a kind of value that our codes do not hold")


def _argument(data: bytes, place: int, extra: int) -> tuple[int, int]:
    size = _SIZES.get(extra)
    if size is None or place + size > len(data):
        raise ValueError("a length that is not definite, or cut off")
    argument = int.from_bytes(data[place : place + size])
    if argument < (24 if size == 1 else 1 << (4 * size)):
        raise ValueError("a number that is not in its shortest form")
    return argument, place + size


def _array(data: bytes, place: int, length: int, depth: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(length):
        value, place = _read(data, place, depth + 1)
        found.append(value)
    return found, place


def _map(data: bytes, place: int, length: int, depth: int) -> tuple[dict[Any, Any], int]:
    found: dict[Any, Any] = {}
    before = b""
    for _ in range(length):
        start = place
        key, place = _read(data, place, depth + 1)
        if not isinstance(key, int | str) or data[start:place] <= before:
            raise ValueError("the keys of a map are not in order, not unique, or not plain")
        before = data[start:place]
        found[key], place = _read(data, place, depth + 1)
    return found, place
