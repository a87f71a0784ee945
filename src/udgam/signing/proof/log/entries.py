"""What a leaf of the issuance log says: which salted commitment was issued, superseded or cancelled, and when.

The commitment of a certificate is the SHA-256 of its canonical content, which holds 128 random bits: whoever has the certificate
can compute it, and nobody else learns anything from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from udgam.rules.content import canonical_json
from udgam.rules.plain import ShapeRefused, from_plain, to_plain
from udgam.signing.proof.log.notes import LogRefused

FORMAT: Literal["udgam.log-entry/1"] = "udgam.log-entry/1"
EntryKind = Literal["issued", "superseded", "cancelled", "resealed", "trust-list"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A leaf. ``commitment`` is the digest of the content (hexadecimal), or of the trust list that was published.

    ``at`` is the moment of the recorded act. ``by`` is the commitment of the certificate that supersedes this one.
    """

    format: Literal["udgam.log-entry/1"] = FORMAT
    kind: EntryKind
    commitment: str
    at: datetime
    by: str | None = None

    def leaf(self) -> bytes:
        """The canonical bytes of the leaf."""
        return canonical_json(to_plain(self))


def read_entry(leaf: bytes) -> Entry:
    """Read a leaf.

    Raises:
        LogRefused: ``log.entry``.
    """
    try:
        entry = from_plain(Entry, json.loads(leaf))
        if entry.leaf() != leaf:
            raise ValueError("it is not in canonical form")
    except (ValueError, RecursionError, ShapeRefused) as error:
        raise LogRefused("log.entry", detail=" ".join(str(error).split()).rstrip(".")[:160]) from error
    return entry
