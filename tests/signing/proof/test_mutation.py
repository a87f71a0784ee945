"""No changed byte passes: code, credential, status list, checkpoint and trust list whole, and the parts of the file by kind.

The table of what caught what is printed at the end of the run.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.signing.proof.made import Made, check, make
from tests.signing.sealing.office import LATER, Office
from tests.tables import leave_table
from udgam.rules.refusals import Refused
from udgam.signing.proof import STEPS, InputUnusable, TrustFolder
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.structure import der_length, padding
from udgam.signing.proof.container import read_container
from udgam.signing.proof.file import SignatureField, read_file
from udgam.signing.proof.steps import run_steps
from udgam.signing.proof.told import Fails
from udgam.signing.proof.trust_list import read_trust_list

SEED = 20261122
ELSEWHERE = 2_000


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"), items=1)


def flipped(data: bytes, masks: Iterable[int] = (0x01,)) -> Iterator[bytes]:
    """The data with each byte changed."""
    for place in range(len(data)):
        for mask in masks:
            yield data[:place] + bytes((data[place] ^ mask,)) + data[place + 1 :]


def caught(what: str, changes: Iterable[bytes], catch: Callable[[bytes], str | None]) -> tuple[int, Counter[str]]:
    """How often each check said no. A change that passes fails the test."""
    found: Counter[str] = Counter()
    tried = 0
    for data in changes:
        tried += 1
        by = catch(data)
        assert by is not None, f"{what}: change {tried} passes"
        found[by] += 1
    return tried, found


def refusal(call: Callable[[], object]) -> str | None:
    try:
        call()
    except Refused as error:
        return error.code
    return None


def by_report(made: Made, trust: TrustFolder) -> Callable[[bytes], str | None]:
    def catch(data: bytes) -> str | None:
        try:
            report = check(data, trust)
        except InputUnusable as error:
            return error.code
        if report.valid or report.integrity:
            return None
        return next(one.code or one.id for one in report.checks if one.outcome == "fail")

    return catch


def test_no_changed_byte_of_code_credential_or_register_passes(
    made: Made, record_property: Callable[[str, Any], None]
) -> None:
    trust, register = made.trust(), made.register
    assert trust.register is not None
    checkpoint = trust.register.files.read("checkpoint") or b""
    proof = trust.register.files.read(f"proof/{made.digest[:2]}/{made.digest}.issued") or b""
    status = register.status_list().encode()
    trust_list = register.trust_list().encode()
    whole = by_report(made, trust)

    def text(data: bytes) -> str:
        return data.decode("latin-1")

    subjects: list[tuple[str, bytes, Callable[[bytes], str | None]]] = [
        ("signed code", made.code.encode(), whole),
        ("credential", made.credential.encode(), whole),
        ("credential in parts", made.partial.encode(), whole),
        ("status list", status, in_folder(made, "status")),
        ("trust list", trust_list, lambda data: refusal(lambda: read_trust_list(text(data), pin=register.pin))),
        ("checkpoint", checkpoint, in_folder(made, "checkpoint")),
        ("proof from the log", proof, in_folder(made, "proof")),
    ]
    rows: list[tuple[object, ...]] = [("what", "changes", "passed", "caught by")]
    for name, data, catch in subjects:
        tried, found = caught(name, flipped(data), catch)
        assert tried == len(data)
        rows.append((name, tried, 0, ", ".join(f"{by} {count}" for by, count in found.most_common())))
    leave_table(record_property, "Every byte of code, credential and register files, changed", rows)


def in_folder(made: Made, name: str) -> Callable[[bytes], str | None]:
    """Through the whole check of a code, with the changed file in the checker's folder."""

    def catch(data: bytes) -> str | None:
        report = check(made.code, made.trust(**{name: data}))
        if report.valid:
            # A witness's name or key id that is not known: the line counts for nothing, and the report says so.
            detail = next(one.detail for one in report.checks if one.id == "log.included")
            return (
                "named as ignored"
                if detail.endswith("names no such key for that time: " + detail.params["ignored"] + ".")
                else None
            )
        return next(one.code or one.id for one in report.checks if one.outcome == "fail")

    return catch


@pytest.mark.slow
@pytest.mark.parametrize("age", ["B-LT", "B-LTA"])
def test_no_changed_byte_of_the_file_passes(made: Made, age: str, record_property: Callable[[str, Any], None]) -> None:
    pdf = made.pdf if age == "B-LT" else made.archived()
    trust = made.trust()
    assert first_refusal(pdf, trust) is None
    chosen = random.Random(SEED)
    fields = read_file(pdf).signatures
    regions = {
        "signed attributes": [place for field in fields[:2] for place in _signed_attributes(field)],
        "unsigned attributes": _thinned(_unsigned_attributes(fields[1]), 9),
        "cross-reference and trailer": _tables(pdf),
        "padding of /Contents": _thinned([place for field in fields for place in _padding(field)], 199),
        "elsewhere": chosen.sample(range(len(pdf)), ELSEWHERE if age == "B-LT" else ELSEWHERE // 10),
    }
    rows: list[tuple[object, ...]] = [("part of the file", "changes", "passed", "caught by")]
    for name, places in regions.items():
        changes = (_changed(pdf, place, chosen) for place in places)
        tried, found = caught(name, changes, lambda data: first_refusal(data, trust))
        rows.append((name, tried, 0, ", ".join(f"{by} {count}" for by, count in found.most_common())))
    every = _every_padding(pdf)
    rows.append(("padding of /Contents, every digit", every, 0, f"signatures.padding {every}"))
    leave_table(record_property, f"Changed bytes of the file ({age}), the first step that says no", rows)


def first_refusal(data: bytes, trust: TrustFolder) -> str | None:
    """The first step that fails, without looking at those behind it."""
    try:
        file = read_file(data)
    except InputUnusable as error:
        return error.code
    if not file.looks_like_ours:
        return "not ours"
    case = Case(file, trust, LATER, None)
    for step in STEPS:
        # Each step runs once, on what the earlier ones left in the case.
        (outcome,) = run_steps([replace(step, needs=())], case)
        if outcome.outcome == "fail":
            return step.id
    return None


def _changed(pdf: bytes, place: int, chosen: random.Random) -> bytes:
    """Another byte there: within hexadecimal digits where digits stand, so that the reader is not warned."""
    own = pdf[place]
    digits = b"0123456789ABCDEF"
    other = (
        chosen.choice([one for one in digits if one != own]) if own in digits else own ^ chosen.choice((1, 2, 4, 32))
    )
    return pdf[:place] + bytes((other,)) + pdf[place + 1 :]


def _signed_attributes(field: SignatureField) -> list[int]:
    container = read_container(field.contents[: der_length(field.contents)])
    inner = container.signed_attributes[2:]
    begin = field.contents.index(inner)
    return list(range(field.hole[0] + 1 + 2 * begin, field.hole[0] + 1 + 2 * (begin + len(inner))))


def _unsigned_attributes(field: SignatureField) -> list[int]:
    container = read_container(field.contents[: der_length(field.contents)])
    assert container.time_stamp is not None
    begin = field.contents.index(container.time_stamp) - 24
    return list(range(field.hole[0] + 1 + 2 * begin, field.hole[0] + 1 + 2 * der_length(field.contents)))


def _padding(field: SignatureField) -> list[int]:
    return list(range(field.hole[0] + 1 + 2 * der_length(field.contents), field.hole[1] - 1))


def _tables(pdf: bytes) -> list[int]:
    """From the start of each cross-reference to its end-of-file line."""
    places: set[int] = set()
    at = 0
    while (at := pdf.find(b"startxref\n", at)) >= 0:
        begin = int(pdf[at + 10 : pdf.index(b"\n", at + 10)])
        end = pdf.index(b"%%EOF", at) + 5
        places |= set(range(begin, end))
        at = end
    return sorted(places)


def _thinned(places: list[int], step: int) -> list[int]:
    return places[::step]


def _every_padding(pdf: bytes) -> int:
    """Every digit of the padding, through the one step for it: the file is read once, then its bytes change under the step."""
    file = read_file(pdf)
    data, tried = bytearray(pdf), 0
    case = Case(file, None, LATER, None)  # type: ignore[arg-type]  # the step asks nobody
    for field in file.signatures:
        for place in _padding(field):
            data[place] = ord("1")
            case.file = replace(file, data=bytes(data), signatures=(field,))
            with pytest.raises(Fails):
                padding(case)
            data[place], tried = ord("0"), tried + 1
    return tried
