"""Every published file compared with what the rows give: entries, tiles of hashes, lists, pin, did document, proofs of trust lists.

All of it each night. The log is read once from its first entry, and the tiles of hashes follow from what was read, so they cost their
own bytes alone: 32 for each entry and an eighth of a thousandth above it. The proofs of a certificate are read with the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from udgam.flow.issuance import services
from udgam.flow.issuance.register import rows
from udgam.flow.issuance.register.trust_list import dated, list_keys, listed_now, said_sha256
from udgam.rules.refusals import Refused
from udgam.signing.proof.jws import signing_input
from udgam.signing.proof.log import LogRefused, entries_in, leaf_hash, node_hash, tile_path
from udgam.signing.proof.log.merkle import EMPTY_ROOT
from udgam.signing.proof.log.tiles import HASH, WIDTH
from udgam.signing.proof.published import DID_DOCUMENT, PIN, TRUST_LIST, PublishedRegister
from udgam.signing.proof.status_list import ENTRIES, list_path, pack
from udgam.signing.proof.trust_list import KIND, RegisterPin, write_pin, write_trust_list
from udgam.signing.sealing import register as made

FILE_DIFFERS = "register.file_differs"


def register_differences(register: PublishedRegister) -> dict[str, str]:
    """What is published otherwise than the rows tell, by the code of the alarm, with the first place where it differs."""
    found = _log(register)
    # The publisher waits meanwhile, so that no list is compared with what is about to be written.
    with services.one_publisher():
        files = [*_lists(register), *_trust_list_proofs(register)]
    if files:
        told = [*found.get(FILE_DIFFERS, "").split(", "), *files] if FILE_DIFFERS in found else files
        found[FILE_DIFFERS] = ", ".join(told[:5]) + (f", and {len(told) - 5} more" if len(told) > 5 else "")
    return found


def _log(register: PublishedRegister) -> dict[str, str]:
    """The whole log, leaf by leaf, its tiles, and its root with the signed checkpoint."""
    try:
        checkpoint = register.checkpoint()
    except LogRefused as refused:
        return {"log.checkpoint": refused.message}
    known = rows.last_checkpoint()
    if checkpoint is None:
        return {"log.checkpoint": "none is published"} if known is not None else {}
    if known is None or checkpoint.size > known.size:
        return {"register.ahead": f"{checkpoint.size} entries are published, {known.size if known else 0} are known"}
    tree = _Tree(register)
    try:
        different = _read_leaves(register, checkpoint.size, tree)
    except ValueError as error:
        return {"log.tiles": str(error)}
    found = {} if different is None else {"log.entry_differs": f"entry {different}"}
    if tree.root() != checkpoint.root:
        found["log.root"] = f"{checkpoint.size} entries"
    tree.compare_the_rest()
    if tree.different:
        found[FILE_DIFFERS] = ", ".join(tree.different)
    return found


def _read_leaves(register: PublishedRegister, size: int, tree: _Tree) -> int | None:
    """Give every published leaf to the tree; the first position at which the rows tell something else."""
    different: int | None = None
    known = rows.entries_between(0, size)
    count = 0
    for leaf in entries_in(register.files, begin=0, end=size, size=size):
        row = next(known, None)
        if different is None and (row is None or rows.entry_of(row).leaf() != leaf):
            different = count
        tree.add(leaf)
        count += 1
    if count != size:
        raise ValueError("entries of the log are missing")
    return different


class _Tree:
    """The tiles that leaves lead to, each compared with the published one as soon as it is full, and the root."""

    def __init__(self, register: PublishedRegister) -> None:
        self._files = register.files
        # The tile at the right-hand edge of each level, and how many tiles of the level are full.
        self._edges: list[bytearray] = []
        self._full: list[int] = []
        self._stack: list[tuple[int, bytes]] = []
        # The bundle of entries at the right-hand edge, for the partial ones beside it.
        self._bundle = bytearray()
        self._ends: list[int] = []
        self._bundles = 0
        self.different: list[str] = []

    def add(self, leaf: bytes) -> None:
        self._bundle += len(leaf).to_bytes(2) + leaf
        self._ends.append(len(self._bundle))
        if len(self._ends) == WIDTH:
            self._compare(tile_path("entries", self._bundles), bytes(self._bundle))
            self._bundles, self._bundle, self._ends = self._bundles + 1, bytearray(), []
        found = leaf_hash(leaf)
        self._put(0, found)
        width = 1
        while self._stack and self._stack[-1][0] == width:
            found = node_hash(self._stack.pop()[1], found)
            width *= 2
            level, rest = divmod(width.bit_length() - 1, 8)
            if rest == 0:
                self._put(level, found)
        self._stack.append((width, found))

    def _put(self, level: int, found: bytes) -> None:
        if level == len(self._edges):
            self._edges.append(bytearray())
            self._full.append(0)
        self._edges[level] += found
        if len(self._edges[level]) == WIDTH * HASH:
            self._compare(tile_path(level, self._full[level]), bytes(self._edges[level]))
            self._full[level], self._edges[level] = self._full[level] + 1, bytearray()

    def root(self) -> bytes:
        if not self._stack:
            return EMPTY_ROOT
        stack = list(self._stack)
        root = stack.pop()[1]
        while stack:
            root = node_hash(stack.pop()[1], root)
        return root

    def compare_the_rest(self) -> None:
        """The partial tiles at the edge: that of the checkpoint, and those of the checkpoints before that still stand beside it."""
        begin = self._bundles * WIDTH
        for width in (one - begin for one in rows.tile_widths(level=0, above=begin)):
            if width <= len(self._ends):
                self._partial("entries", self._bundles, width, bytes(self._bundle[: self._ends[width - 1]]))
        for level, edge in enumerate(self._edges):
            begin = self._full[level] * WIDTH
            for width in (one - begin for one in rows.tile_widths(level=level, above=begin)):
                if width <= len(edge) // HASH:
                    self._partial(level, self._full[level], width, bytes(edge[: width * HASH]))

    def _partial(self, level: int | str, number: int, width: int, expected: bytes) -> None:
        path = tile_path(level, number, width)
        # Somebody may have published meanwhile, and the full tile stands in its place.
        if self._files.read(path) is not None or self._files.read(tile_path(level, number)) is None:
            self._compare(path, expected)

    def _compare(self, path: str, expected: bytes) -> None:
        if self._files.read(path) != expected and len(self.different) < 6:
            self.different.append(path)


def _lists(register: PublishedRegister) -> Iterator[str]:
    """Pin, trust list, did document and status lists that are not what the rows give."""
    edition = rows.edition(rows.TRUST_LIST)
    if register.files.read(PIN) != write_pin(RegisterPin(issuer=settings.ISSUER_DID, keys=list_keys())):
        yield PIN
    listed = listed_now()
    # What somebody changed since is published by the next run, as another edition.
    if edition is not None and edition.said_sha256 == said_sha256(listed):
        now = dated(listed, version=edition.version, at=edition.at, until=edition.until)
        text = register.files.read(TRUST_LIST) or b""
        # The signature was proved when the register was read.
        written = signing_input(write_trust_list(now), kind=KIND, key_id="").partition(b".")[2]
        if text.strip().split(b".")[1:2] != [written]:
            yield TRUST_LIST
        if register.files.read(DID_DOCUMENT) != made.did_document(now, at=edition.at):
            yield DID_DOCUMENT
    for number in range(rows.last_list() + 1):
        found = rows.edition(rows.status_name(number))
        if found is None:
            continue
        try:
            published = register.status_list_for(number * ENTRIES)
        except Refused:
            published = None
        if published is None or published.bits != pack(rows.statuses_of_list(number, upto=found.upto), number=number):
            yield list_path(number)


def _trust_list_proofs(register: PublishedRegister) -> Iterator[str]:
    """The proofs of trust lists, which belong to no certificate."""
    for commitment in rows.logged_trust_lists():
        try:
            there = register.proof_of(commitment, "trust-list") is not None
        except LogRefused:
            there = False
        if not there:
            yield f"proof of the trust list {commitment[:16]}"
