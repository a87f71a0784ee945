"""Making the signed files of the register: trust list, status lists, did document, checkpoints of the log, cosignatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from udgam.rules.content import canonical_json
from udgam.rules.plain import instant_text
from udgam.signing.proof.jws import compact, signing_input
from udgam.signing.proof.log.merkle import consistency_proof, inclusion_proof, root_hash, verify_consistency
from udgam.signing.proof.log.notes import (
    Checkpoint,
    LogRefused,
    NoteKey,
    SignedCheckpoint,
    read_checkpoint,
    signature_line,
)
from udgam.signing.proof.log.proofs import write_proof
from udgam.signing.proof.log.tiles import Storage, entries_in, tile_hashes
from udgam.signing.proof.status_list import KIND as STATUS_KIND
from udgam.signing.proof.status_list import ListedStatus, pack, status_credential
from udgam.signing.proof.trust_list import KIND as TRUST_LIST_KIND
from udgam.signing.proof.trust_list import TrustList, write_trust_list
from udgam.signing.sealing.credential import sign_token
from udgam.signing.sealing.proof_keys import LogKey, ProofKey


def sign_trust_list(listed: TrustList, *, key: ProofKey) -> str:
    """The published form of a trust list. ``key`` is one that the register's pin names. Raises SealKeyUnusable."""
    signed = signing_input(write_trust_list(listed), kind=TRUST_LIST_KIND, key_id=key.public.id)
    return compact(signed, key.sign(signed))


def sign_status_list(
    statuses: Mapping[int, ListedStatus],
    *,
    number: int,
    key: ProofKey,
    issuer: str,
    base: str,
    at: datetime,
    until: datetime,
) -> str:
    """The published form of status list ``number``: statuses by status index. Raises SealKeyUnusable."""
    bits = pack(statuses, number=number)
    claims = status_credential(bits, number=number, issuer=issuer, base=base, at=at, until=until)
    return sign_token(claims, kind=STATUS_KIND, key=key, key_id=f"{issuer}#{key.public.id}")


def did_document(listed: TrustList, *, at: datetime) -> bytes:
    """The did:web document of the register (``.well-known/did.json``), made from its trust list.

    Every key of an office and of the register stands in it. Named for assertions are those that may sign at ``at`` and those whose
    time is over, because what they signed goes on being good and other people's programs look for them here; never those that may
    have been used by somebody else. One that was withdrawn says when (Controlled Identifiers 1.0, 2.2.2).
    """
    methods: list[dict[str, Any]] = []
    assertions: list[str] = []
    for key in listed.all_keys():
        name = f"{listed.issuer}#{key.id}"
        methods.append(
            {
                "id": name,
                "type": "JsonWebKey",
                "controller": listed.issuer,
                "publicKeyJwk": key.public.jwk() | {"alg": "ES256"},
            }
        )
        if key.revoked_at is not None:
            methods[-1]["revoked"] = instant_text(key.revoked_at)
        if key.since <= at and not key.compromised:
            assertions.append(name)
    return canonical_json(
        {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": listed.issuer,
            "verificationMethod": methods,
            "assertionMethod": assertions,
        }
    )


def sign_checkpoint(storage: Storage, *, size: int, key: LogKey) -> bytes:
    """The signed checkpoint of the log whose tiles lie in ``storage``. The key's name is the origin of the log."""
    checkpoint = Checkpoint(key.public.name, size, root_hash(size, tile_hashes(storage, size)))
    return checkpoint.body + b"\n" + signature_line(key.public, key.sign_note(checkpoint.body))


def make_proof(storage: Storage, *, index: int, checkpoint: SignedCheckpoint) -> bytes:
    """The proof that leaf ``index`` stands under a signed checkpoint of the log in ``storage``. Raises ``ValueError``."""
    size = checkpoint.size
    leaf = next(entries_in(storage, begin=index, end=index + 1, size=size))
    path = inclusion_proof(index, size, tile_hashes(storage, size))
    return write_proof(leaf, index=index, path=path, checkpoint=checkpoint.text)


def cosign(
    checkpoint: bytes,
    *,
    seen: SignedCheckpoint | None,
    storage: Storage,
    logs: tuple[NoteKey, ...],
    witnesses: tuple[NoteKey, ...],
    key: LogKey,
    at: datetime,
) -> bytes:
    """A witness's cosignature line for ``checkpoint``, given only if the log continues the one that was ``seen`` before.

    ``storage`` holds the published tiles, from which the witness computes root and consistency itself.

    Raises:
        LogRefused: the checkpoint is not the log's, its root is not that of its tiles, or it is no continuation.
    """
    new = read_checkpoint(checkpoint, logs=logs, witnesses=witnesses)
    older = 0 if seen is None else seen.size
    forked = LogRefused("log.forked", size=str(new.size), older=str(older))
    if new.size < older:
        raise forked
    try:
        nodes = tile_hashes(storage, new.size)
        if root_hash(new.size, nodes) != new.root:
            raise forked
        if seen is not None and seen.size:
            path = consistency_proof(seen.size, new.size, nodes)
            if not verify_consistency(old=seen.size, new=new.size, old_root=seen.root, new_root=new.root, proof=path):
                raise forked
    except ValueError as error:
        raise LogRefused("log.checkpoint", detail=str(error)) from error
    return signature_line(key.public, key.cosign_note(new.checkpoint.body, at=at))


def with_cosignature(checkpoint: bytes, line: bytes) -> bytes:
    """The checkpoint with a witness's line added; a line of the same witness is replaced."""
    name = line.split(b" ")[1]
    kept = [one for one in checkpoint.splitlines(keepends=True) if not one.startswith(b"\xe2\x80\x94 " + name + b" ")]
    return b"".join(kept) + line
