"""Checkpoints: the signed notes by which a log commits to its tree (C2SP tlog-checkpoint, signed-note, tlog-cosignature).

A checkpoint is three lines (origin, size, root) and below them one line for each signature: that of the log (Ed25519), and those of
witnesses who saw that the tree only grew. A line of a known key must hold. A stranger's line counts for nothing and is named as
ignored (signed-note: verifiers ignore signatures from unknown keys), so that a new witness can sign before every checker knows it.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.instants import instant

ED25519, COSIGNATURE = 0x01, 0x04
_DASH = "\u2014 "
_LONGEST = 64 * 1024


class LogRefused(Refused):
    """Something of the issuance log does not hold."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "log.key": Reason("The log key {key} cannot be read.", "Get the trust list again from the register."),
        "log.checkpoint": Reason(
            "The checkpoint of the log cannot be read: {detail}.", "Get it again from the register."
        ),
        "log.unsigned": Reason(
            "The checkpoint is not signed by the log {origin}.", "Do not rely on it; get it again from the register."
        ),
        "log.signature": Reason(
            "The checkpoint carries a signature of {name} that does not hold.",
            "Do not rely on it; get it again from the register.",
        ),
        "log.key_compromised": Reason(
            "It is signed with a key of the log that the register believes no more.", "Get it again from the register."
        ),
        "log.key_ended": Reason(
            "The log's key signed an entry of {moment}, after its period had ended.",
            "Do not rely on it; get it again from the register.",
        ),
        "log.not_witnessed": Reason(
            "The checkpoint carries no signature of a witness that is known here.",
            "Name the witness's key (UDGAM_WITNESS_KEYS), then try again.",
        ),
        "log.proof": Reason("The proof from the log cannot be read: {detail}.", "Get it again from the register."),
        "log.not_included": Reason(
            "The log does not contain this entry at the place that the proof names.", "Do not rely on it."
        ),
        "log.entry": Reason("The entry of the log cannot be read: {detail}.", "Get it again from the register."),
        "log.tiles": Reason(
            "The tiles of the log at hand do not lead to its checkpoint.", "Get the register's files again."
        ),
        "log.forked": Reason(
            "The log of {size} entries is not the continuation of the one with {older}.",
            "The register shows different histories. Keep both checkpoints and tell the agency and the witnesses.",
        ),
    }


@dataclass(frozen=True)
class NoteKey:
    """The public key of a log (kind 1) or a witness (kind 4) with the name it signs under, and its period where a trust list says one."""

    name: str
    kind: int
    public: bytes
    since: datetime | None = field(default=None, compare=False)
    until: datetime | None = field(default=None, compare=False)
    compromised: bool = field(default=False, compare=False)

    def could_sign(self, at: datetime) -> bool:
        """Whether what it signed at that moment counts. Of a compromised key nothing does."""
        begun, ended = self.since is None or self.since <= at, self.until is not None and self.until < at
        return begun and not ended and not self.compromised

    @property
    def hash(self) -> bytes:
        """The four bytes that say which key a signature line is by."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes((self.kind,)) + self.public).digest()[:4]

    @property
    def verifier_key(self) -> str:
        """The key as one line of text, as C2SP writes it."""
        return f"{self.name}+{self.hash.hex()}+{_text(bytes((self.kind,)) + self.public)}"

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the Ed25519 signature over ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_note_key(line: str) -> NoteKey:
    """Read a C2SP verifier key.

    Raises:
        LogRefused: ``log.key``.
    """
    try:
        name, digest, encoded = line.split("+", 2)
        data = _bytes(encoded)
        key = NoteKey(name, data[0], data[1:])
        if len(key.public) != 32 or key.kind not in {ED25519, COSIGNATURE} or key.verifier_key != line:
            raise ValueError(digest)
    except (ValueError, IndexError) as error:
        raise LogRefused("log.key", key=line[:80]) from error
    return key


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> bytes:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n".encode()


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint that its log signed. ``witnessed`` says which witnesses saw it, and when; ``ignored`` names whose lines count for nothing."""

    checkpoint: Checkpoint
    witnessed: Mapping[str, datetime]
    text: bytes
    ignored: tuple[str, ...] = ()
    signed_by: tuple[NoteKey, ...] = ()

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return self.checkpoint.root


def cosigned_message(body: bytes, at: datetime) -> bytes:
    """What a witness signs at that moment (tlog-cosignature, cosignature/v1)."""
    return f"cosignature/v1\ntime {int(at.timestamp())}\n".encode() + body


def signature_line(key: NoteKey, signature: bytes) -> bytes:
    """One signature line of a note; of a cosignature, ``signature`` begins with the time in eight bytes."""
    return f"{_DASH}{key.name} {_text(key.hash + signature)}\n".encode()


def read_checkpoint(text: bytes, *, logs: Sequence[NoteKey], witnesses: Sequence[NoteKey] = ()) -> SignedCheckpoint:
    """Read a checkpoint and prove that one of ``logs`` signed it, under its own name as origin.

    Raises:
        LogRefused: it cannot be read, no line of the log holds, or a line of a known key does not; ``log.key_compromised`` when it is
            signed with compromised keys alone. A witness's line from outside the key's period is ignored.
    """
    try:
        if len(text) > _LONGEST or not text.endswith(b"\n"):
            raise ValueError("it is too long or cut off")
        body, _, signatures = text.decode().partition("\n\n")
        checkpoint = _checkpoint(body + "\n")
        lines = [_signature(line) for line in signatures.removesuffix("\n").split("\n")]
    except (ValueError, IndexError) as error:
        raise LogRefused("log.checkpoint", detail=" ".join(str(error).split())[:120]) from error
    own = [key for key in logs if key.kind == ED25519 and key.name == checkpoint.origin]
    others = [key for key in witnesses if key.kind == COSIGNATURE]
    signed_by: list[NoteKey] = []
    witnessed: dict[str, datetime] = {}
    ignored: list[str] = []
    for name, digest, signature in lines:
        if (key := _named(own, name, digest)) is not None:
            if not key.signed(signature, checkpoint.body):
                raise LogRefused("log.signature", name=name[:60])
            signed_by.append(key)
        elif (key := _named(others, name, digest)) is not None:
            at = _witness_time(checkpoint, key, signature)
            if key.could_sign(at):
                witnessed[name] = at
            else:
                ignored.append(name)
        else:
            ignored.append(name)
    if not signed_by:
        raise LogRefused("log.unsigned", origin=checkpoint.origin[:60])
    believed = tuple(key for key in signed_by if not key.compromised)
    if not believed:
        raise LogRefused("log.key_compromised")
    return SignedCheckpoint(checkpoint, witnessed, text, tuple(dict.fromkeys(ignored)), believed)


def _named(keys: Sequence[NoteKey], name: str, digest: bytes) -> NoteKey | None:
    return next((key for key in keys if (key.name, key.hash) == (name, digest)), None)


def lines_by(text: bytes, keys: Sequence[NoteKey]) -> str:
    """The signature lines of a checkpoint, which was read before, that are by these keys; as they stand."""
    named = {(key.name, key.hash) for key in keys}
    return _whole(line for line in _lines(text.decode().partition("\n\n")[2]) if _signature(line)[:2] in named)


def join_lines(present: str, added: str) -> str:
    """Signature lines with others added; a later line of the same key takes the place of the earlier one."""
    return _whole({_signature(line)[:2]: line for line in _lines(present) + _lines(added)}.values())


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _whole(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _checkpoint(body: str) -> Checkpoint:
    origin, size, root, *others = body.split("\n")
    if others != [""]:
        raise ValueError("it has more lines than a checkpoint of ours")
    found = Checkpoint(origin, int(size), _bytes(root))
    if not origin or len(found.root) != 32 or found.size < 0 or found.body != body.encode():
        raise ValueError("it is not in its one spelling")
    return found


def _signature(line: str) -> tuple[str, bytes, bytes]:
    if not line.startswith(_DASH):
        raise ValueError("a line is no signature")
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = _bytes(encoded)
    if not name or "+" in name or len(data) < 5:
        raise ValueError("a line is no signature")
    return name, data[:4], data[4:]


# The first moment that no calendar of ours holds, in seconds since 1970.
_YEAR_10000 = 253_402_300_800


def _witness_time(checkpoint: Checkpoint, key: NoteKey, signature: bytes) -> datetime:
    seconds = int.from_bytes(signature[:8])
    if len(signature) == 72 and seconds < _YEAR_10000:
        at = instant(seconds)
        if key.signed(signature[8:], cosigned_message(checkpoint.body, at)):
            return at
    raise LogRefused("log.signature", name=key.name[:60])


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    data = b64decode(text.encode("ascii"), validate=True)
    if _text(data) != text:
        raise ValueError("base64 that is not in its one spelling")
    return data
