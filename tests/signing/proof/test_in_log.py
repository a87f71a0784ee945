"""The step of the log, through the whole check: it reads what is at hand, and nothing that contradicts it passes."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.register import Register, issued
from tests.signing.sealing.office import LATER, NOW, Office
from udgam.signing.proof import Report, TrustFolder, with_log_required
from udgam.signing.proof.bundle import write_bundle
from udgam.signing.proof.checks.in_log import ISSUED_WITHIN, OFFICERS_CLOCK, proved_entry
from udgam.signing.proof.log import CHECKPOINT, FolderStorage, SignedCheckpoint, tile_path
from udgam.signing.proof.published import proof_path
from udgam.signing.sealing import register as publishing

KINDS = pytest.mark.parametrize("what", ["pdf", "credential", "code"])


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"), items=1)


def another(made: Made) -> Register:
    """The same keys, and a log that begins again: what a register would need in order to show two histories."""
    first = made.register
    return Register(
        made.office,
        office_key=first.office_key,
        list_key=first.list_key,
        status_key=first.status_key,
        log_key=first.log_key,
        witness_key=first.witness_key,
    )


def proof(register: Register, signed: SignedCheckpoint, index: int) -> bytes:
    return publishing.make_proof(register.storage, index=index, checkpoint=signed)


def detail(report: Report) -> str:
    return next(one.detail for one in report.checks if one.id == "log.included")


@KINDS
@pytest.mark.parametrize("data", [b"garbage", b"", b"a\n1\nb\n\nc\n"])
def test_an_unreadable_checkpoint_fails(made: Made, what: str, data: bytes) -> None:
    for files in ({"checkpoint": data}, {"checkpoint": data, "proof": None}):
        report = check(getattr(made, what), made.trust(**files))  # type: ignore[arg-type]
        assert failed(report) == ["log.included"]
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/checkpoint": data})
    assert failed(check(bundle, made.trust())) == ["log.included"]


@KINDS
def test_a_checkpoint_of_the_same_size_and_another_root_is_a_fork(made: Made, what: str) -> None:
    fork = another(made).log(issued("ab" * 32))
    report = check(getattr(made, what), made.trust(checkpoint=fork.text))
    assert failed(report) == ["log.included"]
    assert "not the continuation" in detail(report)
    # Nor does it pass where the other one lies in a bundle, or where no proof is at hand.
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/checkpoint": fork.text})
    assert failed(check(bundle, made.trust())) == ["log.included"]
    assert failed(check(bundle, made.trust(proof=None))) == ["log.included"]


def grown(made: Made, tmp_path: Path, before: str, count: int = 300) -> tuple[Path, Register]:
    """The folder of a register that grew since, its tiles with it; ``before`` is the first entry."""
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    register = another(made)
    register.log(issued(before))
    signed = register.log(*(issued(f"{n:064x}") for n in range(count)))
    files = FolderStorage(tmp_path)
    for path, data in register.storage.items():
        files.write(path, data)
    files.write(CHECKPOINT, signed.text)
    return tmp_path, register


@KINDS
def test_a_log_that_grew_holds_and_one_that_began_again_does_not(made: Made, what: str, tmp_path: Path) -> None:
    folder, _ = grown(made, tmp_path / "same", made.digest)
    report = check(getattr(made, what), TrustFolder.load(folder))
    assert report.valid, failed(report)
    assert report.warnings == ()
    folder, _ = grown(made, tmp_path / "other", "ab" * 32)
    report = check(getattr(made, what), TrustFolder.load(folder))
    assert failed(report) == ["log.included"]
    assert "not the continuation" in detail(report)


def test_every_changed_byte_on_the_way_to_the_root_is_noticed(made: Made, tmp_path: Path) -> None:
    folder, register = grown(made, tmp_path, made.digest)
    for path in (tile_path(0, 0), tile_path(0, 1, 45), tile_path(1, 0, 1)):
        data = register.storage[path]
        # A tile of 256 hashes is not looked at where the hash above it stands in the tile of the next level.
        noticed = path != tile_path(0, 0)
        for place in range(0, len(data), 41):
            FolderStorage(folder).write(path, data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :])
            report = check(made.code, TrustFolder.load(folder))
            assert (failed(report) == ["log.included"]) is (noticed or place < 32), (path, place)
        FolderStorage(folder).write(path, data)
    assert check(made.code, TrustFolder.load(folder)).valid


@KINDS
@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (NOW - timedelta(days=300), False),
        (NOW - timedelta(days=2), False),
        (NOW - OFFICERS_CLOCK + timedelta(minutes=1), True),
        (NOW + timedelta(hours=5), True),
        (NOW + ISSUED_WITHIN - timedelta(hours=1), True),
        (NOW + ISSUED_WITHIN + timedelta(days=2), False),
        (NOW + timedelta(days=300), False),
    ],
)
def test_the_entry_is_of_the_time_of_the_certification(made: Made, what: str, at: datetime, *, holds: bool) -> None:
    register = another(made)
    signed = register.log(issued(made.digest, at=at))
    trust = made.trust(proof=proof(register, signed, 0), checkpoint=signed.text)
    report = check(getattr(made, what), trust, at=max(LATER, at + timedelta(days=1)))
    assert failed(report) == ([] if holds else ["log.included"])


def test_a_late_stamp_and_a_later_seal_leave_the_entry_where_it_is(made: Made) -> None:
    assert check(made.archived(2), made.trust(), at=LATER).valid


@KINDS
def test_a_missing_proof_is_told_and_may_be_required(made: Made, what: str) -> None:
    report = check(getattr(made, what), made.trust(proof=None))
    assert report.valid
    assert report.accepted(offline=False)
    assert any("no proof is at hand" in one for one in report.warnings)
    strict = with_log_required(report)
    assert (strict.valid, failed(strict)) == (False, ["log.included"])
    held = check(getattr(made, what), made.trust())
    assert with_log_required(held) is held


def test_a_stolen_office_key_finds_no_place_in_the_log(made: Made) -> None:
    """A code for content that was never logged, under the status index of another certificate."""
    office = made.office
    forged = made.register.code(office.certified(office.content(items=2)))
    report = check(forged, made.trust())
    assert any("no proof is at hand" in one for one in report.warnings)
    assert not with_log_required(report).accepted(offline=True)


def test_the_proved_entry_names_kind_moment_and_checkpoint(made: Made) -> None:
    found = proved_entry(made.trust(), made.digest)
    assert found is not None
    assert (found.entry.kind, found.entry.at, found.checkpoint.size) == ("issued", NOW, 1)
    assert proved_entry(made.trust(), made.digest, "cancelled") is None


def test_a_stranger_below_the_checkpoint_is_named_as_ignored(made: Made) -> None:
    from udgam.signing.sealing.proof_keys import LogKey

    text = made.published().files.read(CHECKPOINT) or b""
    register = made.register
    line = publishing.cosign(
        text, seen=None, storage=register.storage, logs=(register.log_key.public,),
        witnesses=(register.witness_key.public,), key=LogKey.generate("new.example", witness=True), at=NOW,
    )  # fmt: skip
    report = check(made.pdf, made.trust(checkpoint=text + line))
    assert report.valid
    assert detail(report).endswith("names no such key for that time: new.example.")


def test_the_commands_require_the_log(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from udgam.web.cli import main

    folder = tmp_path / "folder"
    shutil.copytree(made.folder, folder)
    (tmp_path / "code.txt").write_text(made.code)
    words = [
        "verify", str(tmp_path / "code.txt"), "--trust", str(folder), "--offline", "--require-log", "--at", LATER.isoformat(),
    ]  # fmt: skip
    assert main(words) == 0
    (folder / proof_path(made.digest, "issued")).unlink()
    assert main(words) == 1
    assert "A proof from the log is required" in capsys.readouterr().out
    words.remove("--require-log")
    assert main(words) == 0
    assert "no proof is at hand" in capsys.readouterr().out
