"""What the register costs: publishing one issue when a million are published, and signing everything anew after a key was lost.

The log of a million entries is made in memory before anything is measured; what an update writes is counted in bytes. Re-sealing is
measured per certificate as the command does it (new seal over the officer's page, code and credential, own check), the time stamp
being another machine's work; the projection is for two processors.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.signing.register import BASE, ISSUER, Register
from tests.signing.sealing.office import LATER, NOW, Office, make_office

from bench.figure import Figure
from bench.issuing import _Remembered
from udgam.signing.proof import TrustFolder, verify_pdf
from udgam.signing.proof.log import CHECKPOINT, Entry, MemoryStorage, append_leaves, read_checkpoint
from udgam.signing.proof.status_list import ENTRIES, ListedStatus
from udgam.signing.sealing import register as made
from udgam.signing.sealing import seal
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.credential import make_credential
from udgam.signing.sealing.stages import Certified

MILLION, QUICK = 1_000_000, 20_000
POPULATION = 2_500_000
UPDATES = 20
RESEALS = 25


class _Counted(MemoryStorage):
    """Counts what is written."""

    written = 0

    def write(self, path: str, data: bytes) -> None:
        self.written += len(data)
        super().write(path, data)


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Bytes and CPU of an update, and the rate of re-sealing with its projection."""
    size = QUICK if quick else MILLION
    office = make_office()
    register = Register(office)
    yield from _update(register, size, 3 if quick else UPDATES)
    yield from _resealing(office, register, 2 if quick else RESEALS)


def _update(register: Register, size: int, rounds: int) -> Iterator[Figure]:
    storage = _Counted()
    for begin in range(0, size, 65536):
        count = min(65536, size - begin)
        append_leaves(storage, size=begin, leaves=[_leaf(begin + place) for place in range(count)])
    whole = sum(len(data) for data in storage.values())
    statuses: dict[int, ListedStatus] = dict.fromkeys(range(ENTRIES), "issued")
    spent, written = [], []
    for place in range(rounds):
        storage.written = 0
        began = time.process_time()
        append_leaves(storage, size=size + place, leaves=[_leaf(size + place)])
        text = made.sign_checkpoint(storage, size=size + place + 1, key=register.log_key)
        signed = read_checkpoint(text, logs=(register.log_key.public,))
        storage.write("proof", made.make_proof(storage, index=size + place, checkpoint=signed))
        listed = made.sign_status_list(
            statuses, number=0, key=register.status_key, issuer=ISSUER, base=BASE, at=NOW, until=NOW + timedelta(days=7)
        )
        storage.write("status/0.jwt", listed.encode())
        storage.write(CHECKPOINT, text)
        spent.append((time.process_time() - began) * 1000)
        written.append(storage.written / 1024)
    yield Figure(
        "register: one update, written", statistics.median(written), "kB", f"log of {size:,} entries", whole / 1024
    )
    again = time.process_time()
    append_leaves(MemoryStorage(), size=0, leaves=[_leaf(place) for place in range(QUICK)])
    rebuild = (time.process_time() - again) * 1000 * size / QUICK
    yield Figure("register: one update, work", statistics.median(spent), "ms CPU", "writing the log anew", rebuild)


def _leaf(number: int) -> bytes:
    """The canonical bytes of an entry; all entries differ in their commitment only, so the rest is written once."""
    return _SHAPE.replace(_NONE, f"{number:064x}".encode())


_NONE = b"0" * 64
_SHAPE = Entry(kind="issued", commitment=_NONE.decode(), at=NOW).leaf()


def _resealing(office: Office, register: Register, rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        trust = office.trust(Path(folder))
        evidence = office.evidence(Path(folder))
        spent = []
        for number in range(1, rounds + 2):
            certified = office.certified(office.content(items=3, number=f"SEC/2026/016/0000001A/{number:08d}"))
            page = office.signed(office.drawn(certified, register.proofs(certified)))
            service = _Remembered(office)
            began = time.process_time()
            _reseal(office, register, certified, page=page, service=service, evidence=evidence, trust=trust)
            spent.append(time.process_time() - began - service.spent)
    each = statistics.median(spent[1:])
    rate = 2 / each
    yield Figure(
        "reseal: certificates on two processors", rate, "a second", "2.5 million in 24 hours", POPULATION / 86400
    )
    yield Figure("reseal: 2.5 million on two processors", POPULATION / rate / 3600, "hours", "a day", 24)


def _reseal(
    office: Office,
    register: Register,
    certified: Certified,
    *,
    page: bytes,
    service: _Remembered,
    evidence: seal.Evidence,
    trust: TrustFolder,
) -> None:
    made_file = seal.apply(page, seal_key=office.seal_key, time_stamper=service, evidence=evidence, now=NOW)
    make_code(certified, key=register.office_key, issuer=ISSUER, now=NOW)
    make_credential(certified, key=register.office_key, issuer=ISSUER, base=BASE, now=NOW)
    report = verify_pdf(made_file, trust=trust, at=LATER, status=None)
    if not report.valid:
        raise RuntimeError("the benchmark sealed a file that does not verify")
