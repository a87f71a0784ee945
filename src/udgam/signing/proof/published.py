"""The register as a checker reads it: trust list, status lists, checkpoint and proofs of the log, from a folder or a bundle.

register.json     the pin: whom to believe for this register    did.json          the same keys as a did:web document, for others
trust-list.jwt    the trust list, signed                        status/<n>.jwt    status lists, signed
checkpoint        the newest signed checkpoint of the log       proof/…           proofs from the log, one for each entry
tile/…            the log itself, where the whole register is at hand
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from udgam.signing.proof.log import (
    CHECKPOINT,
    EntryKind,
    LogProof,
    LogRefused,
    NoteKey,
    SignedCheckpoint,
    Storage,
    read_checkpoint,
    read_note_key,
    read_proof,
)
from udgam.signing.proof.status_list import StatusList, StatusListRefused, list_of, list_path, read_status_list
from udgam.signing.proof.trust_list import (
    RegisterPin,
    TrustedNoteKey,
    TrustList,
    TrustListRefused,
    read_pin,
    read_trust_list,
)

PIN, TRUST_LIST, DID_DOCUMENT = "register.json", "trust-list.jwt", "did.json"


def proof_path(commitment: str, kind: EntryKind) -> str:
    """Where the proof of an entry is published, by the commitment in hexadecimal."""
    return f"proof/{commitment[:2]}/{commitment}.{kind}"


@dataclass(frozen=True)
class PublishedRegister:
    """A register whose trust list was proved. Everything else is proved when it is asked for.

    ``evidence`` is what else lies at hand, beside the input itself: the files of a bundle. ``enclosed`` is what the input itself brings, by
    its path. Of several at hand one that cannot be believed hides none that can.
    """

    trust: TrustList
    files: Storage
    pin: RegisterPin
    evidence: Storage | None = None
    enclosed: Mapping[str, bytes] = field(default_factory=dict)
    _lists: dict[int, tuple[StatusList, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def read(cls, files: Storage, *, pin: RegisterPin | None = None) -> PublishedRegister | None:
        """The register in ``files``; None when there is none. ``pin`` comes from elsewhere; without it the one that lies there is believed.

        Raises:
            TrustListRefused: there is one, and it cannot be believed.
        """
        pinned, listed = files.read(PIN), files.read(TRUST_LIST)
        if pinned is None and pin is None:
            return None
        if listed is None:
            raise TrustListRefused("trust_list.unreadable", detail="it is missing")
        believed = pin if pin is not None else read_pin(pinned or b"")
        try:
            text = listed.decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise TrustListRefused("trust_list.unreadable", detail="it is not text") from error
        register = cls(read_trust_list(text, pin=believed), files, believed)
        try:
            _ = register.logs, register.witnesses
        except LogRefused as error:
            raise TrustListRefused("trust_list.unreadable", detail=error.message.rstrip(".")) from error
        return register

    @cached_property
    def logs(self) -> tuple[NoteKey, ...]:
        """The keys of the log."""
        return tuple(_with_period(one) for one in self.trust.logs)

    @cached_property
    def witnesses(self) -> tuple[NoteKey, ...]:
        """The keys of the witnesses."""
        return tuple(_with_period(one) for one in self.trust.witnesses)

    def status_list_for(self, status_index: int) -> StatusList | None:
        """The newest list that holds this index; None when none is at hand. Raises StatusListRefused."""
        return max(self.status_lists_for(status_index), key=lambda one: one.at, default=None)

    def status_lists_for(self, status_index: int) -> tuple[StatusList, ...]:
        """Every list at hand that holds this index and can be believed: the checker's own, and that of a bundle. Raises
        StatusListRefused, for the first of them, where none can be believed."""
        number, _ = list_of(status_index)
        if number not in self._lists:
            found: list[StatusList] = []
            refused: list[StatusListRefused] = []
            for data in self._every(list_path(number)):
                try:
                    found.append(self._read_list(data, number))
                except StatusListRefused as error:
                    refused.append(error)
            if refused and not found:
                raise refused[0]
            self._lists[number] = tuple(found)
        return self._lists[number]

    def _read_list(self, data: bytes, number: int) -> StatusList:
        found = read_status_list(data.decode("ascii", "replace").strip(), trust=self.trust)
        if found.number != number:
            raise StatusListRefused("status_list.other", detail=f"it is list {found.number}, not {number}")
        return found

    def _every(self, path: str) -> tuple[bytes, ...]:
        """What lies at this path: in the checker's own files, then in a bundle, then in the input itself; the same bytes once."""
        found = [one.read(path) for one in (self.files, self.evidence) if one is not None]
        found.append(self.enclosed.get(path))
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def proof_of(self, commitment: str, kind: EntryKind) -> LogProof | None:
        """The proof that the log holds an entry of this kind about the commitment: the first at hand that holds; None when none is at hand.

        Raises:
            LogRefused: none that is at hand holds, or is about this. It tells of the first.
        """
        refused: list[LogRefused] = []
        for text in self._every(proof_path(commitment, kind)):
            try:
                return self._read_proof(text, commitment, kind)
            except LogRefused as error:
                refused.append(error)
        if refused:
            raise refused[0]
        return None

    def _read_proof(self, text: bytes, commitment: str, kind: EntryKind) -> LogProof:
        proof = read_proof(text, logs=self.logs, witnesses=self.witnesses)
        if (proof.entry.commitment, proof.entry.kind) != (commitment, kind):
            raise LogRefused("log.not_included")
        return proof

    def checkpoint(self) -> SignedCheckpoint | None:
        """The newest checkpoint; None when it is not at hand. Raises LogRefused."""
        return next(iter(self.checkpoints()), None)

    def checkpoints(self) -> tuple[SignedCheckpoint, ...]:
        """Every checkpoint at hand: the checker's own first, then that of a bundle. One by compromised keys of the log is left aside.

        Raises:
            LogRefused: one cannot be read, or a line of a known key does not hold.
        """
        found: list[SignedCheckpoint] = []
        for text in self._every(CHECKPOINT):
            try:
                found.append(read_checkpoint(text, logs=self.logs, witnesses=self.witnesses))
            except LogRefused as error:
                if error.code != "log.key_compromised":
                    raise
        return tuple(found)


def _with_period(listed: TrustedNoteKey) -> NoteKey:
    """The key with the period that the trust list gives it. Raises LogRefused."""
    return replace(
        read_note_key(listed.verifier_key), since=listed.since, until=listed.until, compromised=listed.compromised
    )
