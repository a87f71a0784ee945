"""Does the log hold it? The same for a file (step 23), a credential and a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.log import EntryKind, LogProof, LogRefused, SignedCheckpoint, root_hash, tile_hashes
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.told import Fails, Skips, Told
from udgam.signing.proof.trust_folder import TrustFolder

# How far the clock of an officer's PC, which dates the certification, may differ from that of the platform, which dates the entry.
# The platform itself refuses a certification that differs more.
OFFICERS_CLOCK = timedelta(minutes=10)
# An issue is recorded within a minute of the certification. A seal or a time-stamp service that is down can hold it up, and a week
# is longer than an office goes without either.
ISSUED_WITHIN = timedelta(days=7)


class Logged(Protocol):
    """What this check needs to know of whatever is examined."""

    trust: TrustFolder
    warnings: list[Told]

    @property
    def digest(self) -> str: ...

    @property
    def status_index(self) -> int | None: ...

    @property
    def certified_between(self) -> tuple[datetime, datetime]: ...


def proved_entry(trust: TrustFolder, digest: str, kind: EntryKind = "issued") -> LogProof | None:
    """The proved entry of the log about this content: its kind and moment in ``entry``, and the signed checkpoint above it.

    None when no proof is at hand, or one by a key of the log that was compromised, which says nothing either way. Raises LogRefused
    when there is one that does not hold.
    """
    if trust.register is None:
        return None
    try:
        return trust.register.proof_of(digest, kind)
    except LogRefused as error:
        if error.code != "log.key_compromised":
            raise
        return None


def logged(case: Logged) -> Told:
    """23. The log holds the issue of this content, near the time of its certification, in the one history that is at hand."""
    register = case.trust.register
    if register is None:
        raise Skips("There is no proof from the log at hand.")
    at_hand = register.checkpoints()
    proof = proved_entry(case.trust, case.digest)
    if proof is None:
        _require_one_history(register, at_hand)
        if case.status_index is not None:
            case.warnings.append(
                Told(
                    "Whether the register's log holds this certificate was not looked at: no proof is at hand. "
                    "The evidence bundle and the register hold one."
                )
            )
        raise Skips("There is no proof from the log at hand.")
    _require_time(case, proof.entry.at)
    _require_one_history(register, (proof.checkpoint, *at_hand))
    return _told(proof, [name for one in (proof.checkpoint, *at_hand) for name in one.ignored])


def _require_time(case: Logged, entered: datetime) -> None:
    """The entry is of the time of the certification. Later stamps and seals say nothing about it: they may come years after."""
    earliest, latest = case.certified_between
    if entered < earliest - OFFICERS_CLOCK:
        raise Fails("The log dates the issue {moment}, before it was certified.", moment=moment_text(entered))
    if entered > latest + ISSUED_WITHIN:
        raise Fails(
            "The log dates the issue {moment}, more than {days} days after the date of certification.",
            moment=moment_text(entered),
            days=str(ISSUED_WITHIN.days),
        )


def _require_one_history(register: PublishedRegister, checkpoints: Sequence[SignedCheckpoint]) -> None:
    """No two checkpoints at hand contradict each other: by their roots, and by the tiles of the log where these are at hand."""
    for older, newer in pairwise(sorted(checkpoints, key=lambda one: one.size)):
        if older.size == newer.size:
            if older.root != newer.root:
                raise LogRefused("log.forked", size=str(newer.size), older=str(older.size))
            continue
        try:
            nodes = tile_hashes(register.files, newer.size)
            root, before = root_hash(newer.size, nodes), root_hash(older.size, nodes)
        except ValueError:
            # The tiles are not at hand, as in a bundle or in the file of the trust folder.
            continue
        if root != newer.root:
            raise LogRefused("log.tiles")
        if before != older.root:
            raise LogRefused("log.forked", size=str(newer.size), older=str(older.size))


def _told(proof: LogProof, strangers: Sequence[str]) -> Told:
    witnesses, ignored = ", ".join(sorted(proof.checkpoint.witnessed)), ", ".join(sorted(set(strangers)))
    told = {"index": str(proof.index), "size": str(proof.checkpoint.size)}
    if witnesses and ignored:
        return Told(
            "Entry {index} of the log with {size} entries, which {witnesses} witnessed. "
            "Ignored, because the trust list names no such key for that time: {ignored}.",
            witnesses=witnesses,
            ignored=ignored,
            **told,
        )
    if witnesses:
        return Told(
            "Entry {index} of the log with {size} entries, which {witnesses} witnessed.", witnesses=witnesses, **told
        )
    if ignored:
        return Told(
            "Entry {index} of the log with {size} entries. Ignored, because the trust list names no such key for that time: {ignored}.",
            ignored=ignored,
            **told,
        )
    return Told("Entry {index} of the log with {size} entries.", **told)
