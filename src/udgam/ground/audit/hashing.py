"""What the chains are made of: canonical bytes and their SHA-256. A pure module; no database, no clock."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

# PostgreSQL cannot hold NUL in JSON, and a lone surrogate has no bytes in UTF-8.
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
GENESIS = "0" * 64
FORMAT = "udgam.act/1"
LINK_FORMAT = "udgam.link/1"


class DetailsRefused(TypeError):
    """The details of an act hold something that has no single spelling in JSON."""


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, for the values that details may hold (text, whole numbers, booleans, None, lists, dicts).

    Raises ``DetailsRefused`` for anything else: a float, a date or an object would be spelled one way today and another tomorrow.
    """
    check_plain(value)
    return _ENCODER.encode(_sorted(value)).encode()


def check_plain(value: Any, where: str = "details") -> None:
    """Raise ``DetailsRefused`` unless the value is made of plain JSON without floats."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if _NOT_STORED.search(value):
            raise DetailsRefused(f"{where} holds a sign that cannot be stored.")
    elif isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise DetailsRefused(f"{where} holds a number that JSON readers round; write it as text.")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise DetailsRefused(f"{where} has the key {key!r}, which is not text.")
            check_plain(key, where)
            check_plain(inner, f"{where}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for inner in value:
            check_plain(inner, where)
    else:
        raise DetailsRefused(f"{where} holds {type(value).__name__}; only plain JSON without fractions is recorded.")


def _sorted(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        # RFC 8785 section 3.2.3 sorts by UTF-16 code units, not by code points.
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda text: text.encode("utf-16-be"))}
    return [_sorted(inner) for inner in value]


def moment(at: datetime) -> str:
    """A moment in UTC with microseconds, always in the same spelling."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def act_hash(
    *,
    subject: str,
    number: int,
    act: str,
    at: datetime,
    actor_kind: str,
    actor_id: str,
    actor_role: str,
    actor_office: str | None,
    details: Any,
    previous: str,
) -> str:
    """The hash of one act, in hexadecimal."""
    content = {
        "format": FORMAT,
        "subject": subject,
        "number": number,
        "act": act,
        "at": moment(at),
        "actor": {"kind": actor_kind, "id": actor_id, "role": actor_role, "office": actor_office},
        "details": details,
        "previous": previous,
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def heads_hash(heads: Sequence[tuple[str, int, str]]) -> str:
    """The digest over the heads of a link: (subject, number, hash), in the order of the subjects."""
    return hashlib.sha256(canonical([list(head) for head in sorted(heads)])).hexdigest()


def link_hash(*, number: int, at: datetime, heads: str, previous: str) -> str:
    """The hash of one link, in hexadecimal; this is what the link's signature covers."""
    content = {"format": LINK_FORMAT, "number": number, "at": moment(at), "heads": heads, "previous": previous}
    return hashlib.sha256(canonical(content)).hexdigest()
