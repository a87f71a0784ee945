"""The register's files: trust list, status lists, and the log with its proofs and witnesses."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signing.register import ISSUER, ORIGIN, SINCE, Register, issued
from tests.signing.sealing.office import NOW, Office
from tests.signing.sealing.samples import STATUS_INDEX
from udgam.signing.proof.log import (
    EMPTY_ROOT,
    FolderStorage,
    LogRefused,
    MemoryStorage,
    SignedCheckpoint,
    append_leaves,
    consistency_proof,
    entries_in,
    inclusion_proof,
    leaf_hash,
    node_hash,
    read_checkpoint,
    read_entry,
    read_note_key,
    read_proof,
    required_paths,
    root_hash,
    tile_hashes,
    tile_path,
    verify_consistency,
    verify_inclusion,
)
from udgam.signing.proof.log.notes import signature_line
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.status_list import ENTRIES, StatusListRefused, pack, read_status_list
from udgam.signing.proof.trust_list import TrustListRefused, read_pin, read_trust_list, write_pin
from udgam.signing.sealing import register as made
from udgam.signing.sealing.proof_keys import LogKey, SoftwareProofKey


@pytest.fixture(scope="module")
def register(office: Office) -> Register:
    return Register(office)


# Trust list


def test_a_trust_list_is_read_under_its_pin(register: Register) -> None:
    listed = read_trust_list(register.trust_list(), pin=register.pin)
    assert listed == register.listed()
    holder = listed.holder_of(register.office_key.public.id)
    assert holder is not None
    assert (holder.agency.code, holder.office.code) == ("SEC", "SEC-PUNE")
    assert read_pin(write_pin(register.pin)) == register.pin


def test_every_changed_byte_of_a_trust_list_is_refused(register: Register) -> None:
    text = register.trust_list()
    for place in range(len(text)):
        with pytest.raises(TrustListRefused):
            read_trust_list(text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :], pin=register.pin)


def test_a_list_by_somebody_else_or_of_another_register_is_refused(register: Register) -> None:
    text = made.sign_trust_list(register.listed(), key=register.office_key)
    with pytest.raises(TrustListRefused) as refusal:
        read_trust_list(text, pin=register.pin)
    assert refusal.value.code == "trust_list.signer"
    other = register.trust_list(replace(register.listed(), issuer="did:web:elsewhere.example"))
    with pytest.raises(TrustListRefused) as refusal:
        read_trust_list(other, pin=register.pin)
    assert refusal.value.code == "trust_list.other_register"
    old = replace(register.pin, keys=(replace(register.pin.keys[0], until=SINCE),))
    with pytest.raises(TrustListRefused):
        read_trust_list(register.trust_list(), pin=old)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format":"udgam.register/1"}', b"\xff"])
def test_a_broken_pin_is_refused(data: bytes) -> None:
    with pytest.raises(TrustListRefused) as refusal:
        read_pin(data)
    assert refusal.value.code == "trust_list.pin"


@pytest.mark.parametrize(
    ("change", "at", "counts"),
    [
        ({}, NOW, True),
        ({"since": NOW + timedelta(seconds=1)}, NOW, False),
        ({"until": NOW - timedelta(seconds=1)}, NOW, False),
        ({"revoked_at": NOW}, NOW - timedelta(days=1), True),
        ({"revoked_at": NOW}, NOW + timedelta(days=1), False),
        ({"revoked_at": NOW, "compromised": True}, NOW - timedelta(days=1), False),
    ],
)
def test_a_key_counts_within_its_period(
    register: Register, change: dict[str, object], at: datetime, *, counts: bool
) -> None:
    listed = read_trust_list(register.trust_list(register.with_office_key(**change)), pin=register.pin)
    holder = listed.holder_of(register.office_key.public.id)
    assert holder is not None
    assert holder.key.could_sign(at) is counts


def test_the_did_document_names_all_keys_and_asserts_with_the_good_ones(register: Register) -> None:
    office, status = (f"{ISSUER}#{one.public.id}" for one in (register.office_key, register.status_key))
    for changes, named in (
        ({}, [office, status]),
        ({"until": NOW}, [office, status]),
        ({"revoked_at": NOW}, [office, status]),
        ({"revoked_at": NOW, "compromised": True}, [status]),
        ({"since": NOW + timedelta(days=2)}, [status]),
    ):
        plain = json.loads(made.did_document(register.with_office_key(**changes), at=NOW + timedelta(days=1)))
        assert plain["id"] == ISSUER
        assert [one["id"] for one in plain["verificationMethod"]] == [office, status]
        assert plain["assertionMethod"] == named
        assert ("revoked" in plain["verificationMethod"][0]) is ("revoked_at" in changes)


# Status lists


def test_a_list_in_the_place_of_another_is_refused(register: Register, tmp_path: Path) -> None:
    files = FolderStorage(register.write(tmp_path))
    files.write("status/1.jwt", files.read("status/0.jwt") or b"")
    published = PublishedRegister.read(files)
    assert published is not None
    assert published.status_list_for(5) is not None
    with pytest.raises(StatusListRefused) as refused:
        published.status_list_for(ENTRIES + 5)
    assert refused.value.code == "status_list.other"


def test_a_status_list_says_what_became_of_each_index(register: Register) -> None:
    trust = register.listed()
    for status in ("issued", "superseded", "cancelled"):
        found = read_status_list(register.status_list(status), trust=trust)
        assert found.status_of(STATUS_INDEX) == status
        assert found.status_of(STATUS_INDEX + 1) == "not-issued"
        assert found.at == NOW
    with pytest.raises(ValueError, match="another list"):
        found.status_of(ENTRIES)
    with pytest.raises(ValueError, match="another list"):
        pack({ENTRIES: "issued"}, number=0)


def test_the_bits_lie_where_the_standard_wants_them() -> None:
    bits = pack({0: "cancelled", 1: "issued", ENTRIES - 1: "superseded"}, number=0)
    assert (bits[0], bits[-1], len(bits)) == (0b11_01_00_00, 0b00_00_00_10, ENTRIES // 4)


def test_every_changed_byte_of_a_status_list_is_refused(register: Register) -> None:
    text, trust = register.status_list(), register.listed()
    for place in range(len(text)):
        with pytest.raises(StatusListRefused):
            read_status_list(text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :], trust=trust)


def test_a_status_list_by_an_office_or_with_an_old_key_is_refused(register: Register) -> None:
    by_office = replace(register, status_key=register.office_key).status_list()
    with pytest.raises(StatusListRefused) as refusal:
        read_status_list(by_office, trust=register.listed())
    assert refusal.value.code == "status_list.signer"
    listed = register.listed()
    ended = replace(listed, status_keys=(replace(listed.status_keys[0], until=SINCE),))
    with pytest.raises(StatusListRefused):
        read_status_list(register.status_list(), trust=ended)


# The log


def tree_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))


def log_of(leaves: list[bytes], steps: list[int] | None = None) -> MemoryStorage:
    storage = MemoryStorage()
    size = 0
    for step in steps or [len(leaves)]:
        size = append_leaves(storage, size=size, leaves=leaves[size : size + step])
    assert size == len(leaves)
    return storage


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 600])
def test_roots_and_proofs_are_those_of_the_standard(size: int) -> None:
    leaves = [f"leaf {n}".encode() for n in range(size)]
    nodes = tile_hashes(log_of(leaves), size)
    root = root_hash(size, nodes)
    assert root == tree_root(leaves)
    for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        proof = inclusion_proof(index, size, nodes)
        leaf = leaf_hash(leaves[index])
        assert verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)
        assert not verify_inclusion(leaf, index=index, size=size, proof=proof[:-1], root=root) or not proof
        assert not verify_inclusion(leaf, index=index, size=size, proof=(*proof, root), root=root)
        assert not verify_inclusion(leaf, index=index + 1, size=size, proof=proof, root=root)
        assert not verify_inclusion(leaf_hash(b"x"), index=index, size=size, proof=proof, root=root)
    for old in {1, 2, 3, 4, size // 2, size - 1, size} & set(range(1, size + 1)):
        path = consistency_proof(old, size, nodes)
        old_root = tree_root(leaves[:old])
        assert verify_consistency(old=old, new=size, old_root=old_root, new_root=root, proof=path)
        assert not verify_consistency(old=old, new=size, old_root=bytes(32), new_root=root, proof=path)
        assert not verify_consistency(old=old, new=size, old_root=old_root, new_root=bytes(32), proof=path)
        assert not verify_consistency(old=old, new=size, old_root=old_root, new_root=root, proof=(*path, root))


@settings(max_examples=40)
@given(st.integers(1, 40), st.data())
def test_every_pair_of_sizes_is_consistent(size: int, data: st.DataObject) -> None:
    leaves = [bytes([n]) for n in range(size)]
    old = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, size - 1))
    nodes = tile_hashes(log_of(leaves), size)
    path = consistency_proof(old, size, nodes)
    root = root_hash(size, nodes)
    assert verify_consistency(old=old, new=size, old_root=tree_root(leaves[:old]), new_root=root, proof=path)
    proof = inclusion_proof(index, size, nodes)
    assert verify_inclusion(leaf_hash(leaves[index]), index=index, size=size, proof=proof, root=root)


def test_many_small_appends_and_one_large_one_give_the_same_log() -> None:
    leaves = [f"{n}".encode() for n in range(70_000)]
    rng = random.Random(7)
    steps: list[int] = []
    while sum(steps) < len(leaves):
        steps.append(min(rng.choice([1, 2, 255, 256, 257, 5000]), len(leaves) - sum(steps)))
    small, large = log_of(leaves, steps), log_of(leaves)
    assert {path: small[path] for path in required_paths(len(leaves))} == large
    assert list(entries_in(small, begin=250, end=520, size=len(leaves))) == leaves[250:520]
    assert tile_path(2, 0, 1) in large


def test_an_append_to_a_large_log_touches_kilobytes() -> None:
    size = 1_000_000
    storage = MemoryStorage()
    count, level = size, 0
    storage.write(tile_path("entries", size // 256, size % 256), (b"\0\1x") * (size % 256))
    while count:
        if count % 256:
            storage.write(tile_path(level, count // 256, count % 256), bytes(32) * (count % 256))
        count, level = count // 256, level + 1
    storage_before = dict(storage)
    append_leaves(storage, size=size, leaves=[issued("ab" * 32).leaf()])
    written = {path: data for path, data in storage.items() if storage_before.get(path) != data}
    assert len(written) == 2
    assert sum(map(len, written.values())) < 16_384


def test_a_folder_keeps_a_log_and_refuses_paths_that_lead_out(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    leaves = [f"leaf {n}".encode() for n in range(300)]
    append_leaves(storage, size=0, leaves=leaves)
    assert root_hash(300, tile_hashes(storage, 300)) == tree_root(leaves)
    assert sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()) == sorted(
        required_paths(300)
    )
    for path in ("../x", "a//b", "", "/etc/x", "a/./b"):
        with pytest.raises(ValueError, match="path"):
            storage.write(path, b"")
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"


def test_an_old_checkpoint_is_served_by_tiles_that_became_full() -> None:
    leaves = [f"leaf {n}".encode() for n in range(512)]
    storage = log_of(leaves, [200, 312])
    del storage[tile_path(0, 0, 200)]
    assert root_hash(200, tile_hashes(storage, 200)) == tree_root(leaves[:200])


# Checkpoints, witnesses and proofs


def test_a_checkpoint_is_believed_with_its_log_and_witness(office: Office) -> None:
    register = Register(office)
    signed = register.log(issued("ab" * 32), issued("cd" * 32))
    assert (signed.checkpoint.origin, signed.size) == (ORIGIN, 2)
    assert signed.witnessed == {"witness.example": NOW}
    assert read_note_key(register.log_key.public.verifier_key) == register.log_key.public


def test_every_changed_byte_of_a_checkpoint_is_refused(office: Office) -> None:
    register = Register(office)
    text = register.log(issued("ab" * 32)).text
    for place in range(len(text)):
        changed = text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]
        try:
            found = read_checkpoint(changed, logs=[register.log_key.public], witnesses=[register.witness_key.public])
        except LogRefused:
            continue
        # A changed name or key id makes a stranger of the witness: the line counts for nothing.
        assert_nobody_witnessed(found, text, place)


def assert_nobody_witnessed(found: SignedCheckpoint, text: bytes, place: int) -> None:
    line = text.rindex(b"\n", 0, -1) + 1
    assert line < place < text.index(b" ", line + 5) + 8
    assert (found.witnessed, len(found.ignored)) == ({}, 1)


def test_a_strangers_line_is_ignored_and_a_false_one_of_a_known_key_is_not(office: Office) -> None:
    register = Register(office)
    text = register.log(issued("ab" * 32)).text
    keys = {"logs": [register.log_key.public], "witnesses": [register.witness_key.public]}
    stranger = LogKey.generate("stranger.example", witness=True)
    line = made.cosign(
        text, seen=None, storage=register.storage, logs=(register.log_key.public,), witnesses=(), key=stranger, at=NOW
    )
    found = read_checkpoint(text + line, **keys)
    assert (found.witnessed, found.ignored) == ({"witness.example": NOW}, ("stranger.example",))
    # Under the name of a known witness, but by another key: a stranger still.
    other = LogKey.generate("witness.example", witness=True)
    line = made.cosign(
        text, seen=None, storage=register.storage, logs=(register.log_key.public,), witnesses=(), key=other, at=NOW
    )
    assert read_checkpoint(text + line, **keys).ignored == ("witness.example",)
    for key in (register.witness_key.public, register.log_key.public):
        false = signature_line(key, bytes(72 if key.kind == 4 else 64))
        with pytest.raises(LogRefused) as refusal:
            read_checkpoint(text + false, **keys)
        assert refusal.value.code == "log.signature"


def test_a_witness_does_not_sign_a_fork_nor_a_shorter_log(office: Office) -> None:
    register = Register(office)
    seen = register.log(issued("ab" * 32), issued("cd" * 32))
    fork = Register(office, log_key=register.log_key, witness_key=register.witness_key)
    fork.log(issued("ab" * 32), issued("ef" * 32), issued("cd" * 32), cosigned=False)
    shorter = Register(office, log_key=register.log_key)
    shorter.log(issued("ab" * 32), cosigned=False)
    logs = (register.log_key.public,)
    for other in (fork, shorter):
        with pytest.raises(LogRefused) as refusal:
            made.cosign(
                other.storage["checkpoint"], seen=seen, storage=other.storage, logs=logs, witnesses=(),
                key=register.witness_key, at=NOW,
            )  # fmt: skip
        assert refusal.value.code == "log.forked"
    lying = made.sign_checkpoint(register.storage, size=2, key=register.log_key)
    with pytest.raises(LogRefused):
        made.cosign(lying, seen=None, storage=fork.storage, logs=logs, witnesses=(), key=register.witness_key, at=NOW)
    register.log(issued("12" * 32))
    line = made.cosign(
        register.storage["checkpoint"], seen=seen, storage=register.storage, logs=logs,
        witnesses=(register.witness_key.public,), key=register.witness_key, at=NOW + timedelta(hours=1),
    )  # fmt: skip
    text = made.with_cosignature(register.storage["checkpoint"], line)
    again = read_checkpoint(text, logs=logs, witnesses=[register.witness_key.public])
    assert again.witnessed == {"witness.example": NOW + timedelta(hours=1)}


def test_a_proof_travels_and_no_byte_of_it_can_be_changed(office: Office) -> None:
    register = Register(office)
    signed = register.log(*(issued(hashlib.sha256(bytes([n])).hexdigest()) for n in range(6)))
    text = made.make_proof(register.storage, index=3, checkpoint=signed)
    keys = {"logs": [register.log_key.public], "witnesses": [register.witness_key.public]}
    proof = read_proof(text, **keys)
    assert (proof.index, proof.entry.commitment) == (3, hashlib.sha256(b"\3").hexdigest())
    for place in range(len(text)):
        try:
            found = read_proof(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :], **keys)
        except LogRefused:
            continue
        assert_nobody_witnessed(found.checkpoint, text, place)


@pytest.mark.parametrize("leaf", [b"", b"{}", b"[]", b"\xff", issued("ab" * 32).leaf() + b" "])
def test_a_broken_entry_is_refused(leaf: bytes) -> None:
    with pytest.raises(LogRefused):
        read_entry(leaf)


def test_keys_of_files_open_again(tmp_path: Path) -> None:
    from udgam.signing.sealing.keys import SealKeyUnusable

    proof, log = SoftwareProofKey.generate(), LogKey.generate(ORIGIN)
    (tmp_path / "p.pem").write_bytes(proof.to_pem())
    (tmp_path / "l.pem").write_bytes(log.to_pem())
    assert SoftwareProofKey.load(tmp_path / "p.pem").public == proof.public
    assert LogKey.load(tmp_path / "l.pem", ORIGIN).public == log.public
    for call in (
        lambda: SoftwareProofKey.load(tmp_path / "l.pem"),
        lambda: LogKey.load(tmp_path / "p.pem", ORIGIN),
        lambda: SoftwareProofKey.load(tmp_path / "missing.pem"),
    ):
        with pytest.raises(SealKeyUnusable):
            call()
    assert datetime.now(UTC) > SINCE
