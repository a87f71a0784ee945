"""Does the log hold it? The same for a file (step 23), a credential and a code."""

from __future__ import annotations

from typing import Protocol

from udgam.signing.proof.log import EntryKind, LogProof
from udgam.signing.proof.told import Skips, Told
from udgam.signing.proof.trust_folder import TrustFolder


def proved_entry(trust: TrustFolder, digest: str, kind: EntryKind = "issued") -> LogProof | None:
    """The proved entry of the log about this content: its kind and moment in ``entry``, and the signed checkpoint above it.

    None when no proof is at hand. Raises LogRefused when there is one that does not hold.
    """
    return None if trust.register is None else trust.register.proof_of(digest, kind)


class Logged(Protocol):
    """What this check needs to know of whatever is examined."""

    trust: TrustFolder

    @property
    def digest(self) -> str: ...


def logged(case: Logged) -> Told:
    """23. The log holds the issue of this content, proved under a signed checkpoint."""
    register = case.trust.register
    if register is None:
        raise Skips("There is no proof from the log at hand.")
    proof = register.proof_of(case.digest, "issued")
    if proof is None:
        raise Skips("There is no proof from the log at hand.")
    witnesses = ", ".join(sorted(proof.checkpoint.witnessed))
    told = {"index": str(proof.index), "size": str(proof.checkpoint.size)}
    if witnesses:
        return Told(
            "Entry {index} of the log with {size} entries, which {witnesses} witnessed.", witnesses=witnesses, **told
        )
    return Told("Entry {index} of the log with {size} entries.", **told)
