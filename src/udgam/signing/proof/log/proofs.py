"""The proof that travels with a certificate: an entry, its place, the path to the root, and the checkpoint (C2SP tlog-proof).

The entry stands in the ``extra`` line, so that a reader needs nothing else to compute the leaf.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from udgam.rules.plain import instant_text
from udgam.signing.proof.log.entries import Entry, read_entry
from udgam.signing.proof.log.merkle import leaf_hash, verify_inclusion
from udgam.signing.proof.log.notes import LogRefused, NoteKey, SignedCheckpoint, read_checkpoint

HEADER = "c2sp.org/tlog-proof@v1"
_LONGEST = 128 * 1024


@dataclass(frozen=True)
class LogProof:
    """An entry that stands in the log at ``index``, proved under a signed checkpoint."""

    entry: Entry
    index: int
    checkpoint: SignedCheckpoint


def write_proof(leaf: bytes, *, index: int, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The text of a proof under the signed ``checkpoint``."""
    lines = [HEADER, f"extra {_text(leaf)}", f"index {index}", *(_text(step) for step in path)]
    return "\n".join(lines).encode() + b"\n\n" + checkpoint


def read_proof(text: bytes, *, logs: Sequence[NoteKey], witnesses: Sequence[NoteKey] = ()) -> LogProof:
    """Read a proof and check it: the checkpoint's signatures, and that the entry stands where it says.

    Raises:
        LogRefused
    """
    try:
        head, _, checkpoint = text.partition(b"\n\n")
        first, extra, place, *steps = head.decode("ascii").split("\n")
        if len(text) > _LONGEST or first != HEADER or not extra.startswith("extra ") or not place.startswith("index "):
            raise ValueError("it is of another form")
        leaf, index = _bytes(extra.removeprefix("extra ")), int(place.removeprefix("index "))
        path = [_bytes(step) for step in steps]
        if write_proof(leaf, index=index, path=path, checkpoint=checkpoint) != text or any(
            len(one) != 32 for one in path
        ):
            raise ValueError("it is not in its one spelling")
    except ValueError as error:
        raise LogRefused("log.proof", detail=" ".join(str(error).split())[:120]) from error
    signed = read_checkpoint(checkpoint, logs=logs, witnesses=witnesses)
    if not verify_inclusion(leaf_hash(leaf), index=index, size=signed.size, proof=path, root=signed.root):
        raise LogRefused("log.not_included")
    entry = read_entry(leaf)
    # A later key may prove an earlier entry anew, so only the end of a key's period is held against the entry's moment.
    if all(key.until is not None and key.until < entry.at for key in signed.signed_by):
        raise LogRefused("log.key_ended", moment=instant_text(entry.at))
    return LogProof(entry, index, signed)


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return b64decode(text.encode("ascii"), validate=True)
