"""The issuance log: an append-only Merkle tree (RFC 9162) served as static files (C2SP tlog-tiles) under signed checkpoints.

`merkle` is the arithmetic, `tiles` the files, `notes` the signatures of log and witnesses, `entries` what a leaf says, `proofs` the
text that travels with a certificate. No keys are made or used for signing here.
"""

from __future__ import annotations

from udgam.signing.proof.log.entries import Entry, EntryKind, read_entry
from udgam.signing.proof.log.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from udgam.signing.proof.log.notes import (
    Checkpoint,
    LogRefused,
    NoteKey,
    SignedCheckpoint,
    cosigned_message,
    join_lines,
    lines_by,
    read_checkpoint,
    read_note_key,
)
from udgam.signing.proof.log.proofs import LogProof, read_proof, write_proof
from udgam.signing.proof.log.tiles import (
    CHECKPOINT,
    FolderStorage,
    MemoryStorage,
    Storage,
    append_leaves,
    entries_in,
    required_paths,
    tile_hashes,
    tile_path,
)

__all__ = [
    "CHECKPOINT",
    "EMPTY_ROOT",
    "Checkpoint",
    "Entry",
    "EntryKind",
    "FolderStorage",
    "LogProof",
    "LogRefused",
    "MemoryStorage",
    "NoteKey",
    "SignedCheckpoint",
    "Storage",
    "append_leaves",
    "consistency_proof",
    "cosigned_message",
    "entries_in",
    "inclusion_proof",
    "join_lines",
    "leaf_hash",
    "lines_by",
    "node_hash",
    "read_checkpoint",
    "read_entry",
    "read_note_key",
    "read_proof",
    "required_paths",
    "root_hash",
    "tile_hashes",
    "tile_path",
    "verify_consistency",
    "verify_inclusion",
    "write_proof",
]
