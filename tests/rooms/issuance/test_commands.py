"""The commands that keep the register: what they print, what they refuse, the bar for people, and going on after a kill."""

from __future__ import annotations

import io
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from tests.rooms.issuance.test_crashes import process
from tests.rooms.issuance.test_register import cancel, files, published_paths, register
from tests.rooms.issuance.test_upkeep import new_keys
from udgam.flow.applications.models import Application
from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Alarm, Certificate, IssuerKey, RecheckRun
from udgam.ground.tasks import run_deferred
from udgam.signing.sealing.proof_keys import LogKey
from udgam.web.cli import main

pytestmark = pytest.mark.django_db(transaction=True)


class Terminal(io.StringIO):
    """Where people look."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def two(officer: Signatory, application: Application, firm: Firm) -> list[Certificate]:
    """Two issued and published certificates."""
    first = officer.issue(application)
    second = officer.issue(approved(firm))
    run_deferred()
    return [first, second]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the one object that is printed for programs."""
    capsys.readouterr()
    status = main([*words, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_register_is_published_and_written_anew(
    two: list[Certificate], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["register", "publish"]) == 0
    assert "files written: 0" in capsys.readouterr().out
    out = tmp_path / "again"
    status, answer = said(capsys, "register", "rebuild", "--out", str(out))
    assert (status, answer["done"]) == (0, True)
    published = files(Path(django_settings.REGISTER_FOLDER))
    assert files(out) == published
    assert set(published) == published_paths()
    assert answer["files_written"] == len(files(out))
    status, answer = said(capsys, "register", "rebuild", "--out", str(out))
    assert (status, answer["done"], answer["reason"]) == (2, False, "out.not_empty")
    assert main(["register", "cosign", str(tmp_path / "none")]) == 2
    checkpoint = Path(django_settings.REGISTER_FOLDER) / "checkpoint"
    checkpoint.write_bytes(b"of another log\n1\nAAAA\n\nx\n")
    status, answer = said(capsys, "register", "publish")
    assert (status, answer["reason"]) == (1, "register.differs")
    assert checkpoint.read_bytes().startswith(b"of another log")


def test_a_witness_signs_what_only_grew_and_its_line_is_published(
    two: list[Certificate],
    officer: Signatory,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    tmp_path: Path,
) -> None:
    import shutil

    folder = Path(django_settings.REGISTER_FOLDER)
    key = LogKey.generate("watcher.example", witness=True)
    (tmp_path / "key.pem").write_bytes(key.to_pem())
    shutil.copy(folder / "register.json", tmp_path / "pin.json")
    state = tmp_path / "seen"
    words = ["--pin", str(tmp_path / "pin.json"), "--key", str(tmp_path / "key.pem"), "--name", "watcher.example"]
    words += ["--state", str(state), "--out", str(tmp_path / "signed")]
    status, answer = said(capsys, "witness", str(folder), *words)
    assert (status, answer["cosigned"], answer["seen_before"]) == (0, True, 0)
    assert (tmp_path / "signed").read_text() == answer["checkpoint"]
    assert state.read_bytes() == (folder / "checkpoint").read_bytes()

    status, refused = said(capsys, "register", "cosign", str(tmp_path / "signed"))
    assert status == 1, "nobody named this witness yet"
    settings.WITNESS_KEYS = [answer["witness"]]
    # The trust list names the witness first, which is an entry of the log itself; the witness then signs the log that holds it.
    assert main(["register", "publish"]) == 0
    assert main(["witness", str(folder), *words]) == 0
    status, cosigned = said(capsys, "register", "cosign", str(tmp_path / "signed"))
    assert (status, cosigned["witnesses"]) == (0, "watcher.example"), refused
    found = register().checkpoint()
    assert found is not None
    assert set(found.witnessed) == {"watcher.example"}

    old = tmp_path / "old"
    shutil.copytree(folder, old)
    cancel(officer, two[1])
    run_deferred()
    status, answer = said(capsys, "witness", str(folder), *words)
    assert (status, answer["seen_before"] > 0, answer["size"] > answer["seen_before"]) == (0, True, True)
    # A log that is shorter than what was seen is not signed, and what was seen is not forgotten.
    seen = state.read_bytes()
    status, answer = said(capsys, "witness", str(old), *words)
    assert (status, answer["cosigned"]) == (1, False)
    assert state.read_bytes() == seen
    status, answer = said(capsys, "witness", str(tmp_path / "none"), *words)
    assert (status, answer["reason"]) == (2, "register.missing")
    pin = json.loads((tmp_path / "pin.json").read_text())
    pin["issuer"] = "did:web:another.example"
    (tmp_path / "pin.json").write_text(json.dumps(pin))
    assert said(capsys, "witness", str(folder), *words)[0] == 1


def test_two_witnesses_keep_each_others_line(
    two: list[Certificate], capsys: pytest.CaptureFixture[str], settings: Settings, tmp_path: Path
) -> None:
    folder = Path(django_settings.REGISTER_FOLDER)
    names = ("first.example", "second.example")
    keys = {name: LogKey.generate(name, witness=True) for name in names}
    settings.WITNESS_KEYS = [key.public.verifier_key for key in keys.values()]
    assert main(["register", "publish"]) == 0
    checkpoint = (folder / "checkpoint").read_bytes()
    for name, key in keys.items():
        (tmp_path / f"{name}.pem").write_bytes(key.to_pem())
        words = ["--pin", str(folder / "register.json"), "--key", str(tmp_path / f"{name}.pem"), "--name", name]
        words += ["--state", str(tmp_path / f"{name}.seen"), "--out", str(tmp_path / name)]
        assert main(["witness", str(folder), *words]) == 0
    # Each signed what stood there before the other's line did.
    for name in names:
        text = (tmp_path / name).read_bytes()
        own = text.removeprefix(checkpoint).splitlines(keepends=True)[-1]
        (tmp_path / name).write_bytes(checkpoint + own)
        assert said(capsys, "register", "cosign", str(tmp_path / name))[0] == 0
    found = register().checkpoint()
    assert found is not None
    assert set(found.witnessed) == set(names)
    # Said again it takes its own place, and a text without any line takes nothing away.
    (tmp_path / "none").write_bytes(checkpoint)
    for name in (names[0], "none"):
        assert said(capsys, "register", "cosign", str(tmp_path / name))[0] == 0
    again = register().checkpoint()
    assert again is not None
    assert (set(again.witnessed), again.text.count("\u2014".encode())) == (set(names), 3)


def test_the_re_check_shows_its_progress_and_names_what_differs(
    two: list[Certificate], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Terminal())
        assert main(["recheck"]) == 0
        shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "Checking [" in shown
    assert "2/2" in shown
    assert "Checked: 2. Differences: 0." in capsys.readouterr().out
    path = Path(two[0].file.path)
    path.write_bytes(path.read_bytes()[:-20] + b"\n" * 20)
    status, answer = said(capsys, "recheck")
    assert status == 1
    assert {(one["certificate"], one["code"]) for one in answer["alarms"]} >= {(two[0].number, "file.changed")}
    assert Alarm.objects.filter(closed_at=None).exists()


@pytest.mark.slow
def test_a_re_check_that_was_killed_goes_on_behind_what_it_reached(
    two: list[Certificate], officer: Signatory, application: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    assert process("command", officer, application, crash="recheck.noted", words=("recheck",)) == -signal.SIGKILL
    run = RecheckRun.objects.get()
    assert (run.checked, run.finished_at) == (1, None)
    status, answer = said(capsys, "recheck")
    assert (status, answer["checked"]) == (0, 2)
    assert RecheckRun.objects.count() == 1


def test_re_sealing_in_parts_shows_its_progress_and_reports(
    two: list[Certificate], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = IssuerKey.objects.get().key_id
    assert said(capsys, "reseal", "0" * 64)[1]["reason"] == "resealing.unknown_key"
    assert main(["reseal", "0" * 64]) == 2
    status, answer = said(capsys, "reseal", lost)
    assert (status, answer["reason"]) == (1, "resealing.still_in_use")
    assert said(capsys, "reseal", lost, "--limit", "0")[0] == 2
    new_keys(two[0].office, "SEC-PUN")
    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Terminal())
        assert main(["reseal", lost, "--limit", "1"]) == 1
        assert "Signing anew [" in sys.stderr.getvalue()  # type: ignore[attr-defined]
    told = capsys.readouterr().out
    assert "Signed anew: 1 of 2" in told
    assert "Begin the command again" in told
    status, answer = said(capsys, "reseal", lost)
    assert (status, answer["done"], answer["total"], answer["this_run"], answer["failed"]) == (0, 2, 2, 1, {})
    assert answer["finished"] is True
    assert float(answer["rate"]) > 0
    key = register().trust.holder_of(lost)
    assert key is not None
    assert key.key.compromised


@pytest.mark.slow
@pytest.mark.parametrize("point", crash_points.RESEALING)
def test_re_sealing_killed_at_any_point_is_finished_by_the_next_run(
    two: list[Certificate], officer: Signatory, application: Application, capsys: pytest.CaptureFixture[str], point: str
) -> None:
    seal = two[0].seal_sha256
    new_keys(two[0].office, "SEC-PUN")
    assert process("command", officer, application, crash=point, words=("reseal", seal)) == -signal.SIGKILL
    status, answer = said(capsys, "reseal", seal)
    assert (status, answer["done"], answer["failed"]) == (0, 2, {})
    for row in Certificate.objects.all():
        assert row.seal_sha256 != seal
        # The file beside the row is the one that the row names; nothing is left of the run that died.
        assert row.file.storage.exists(row.file.name or "")
    assert said(capsys, "recheck")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", crash_points.STAMPING)
def test_archive_stamping_killed_at_any_point_is_finished_by_the_next_run(
    two: list[Certificate], officer: Signatory, application: Application, capsys: pytest.CaptureFixture[str], point: str
) -> None:
    from udgam.signing.sealing.archive import stamps_of

    assert process("stamp", officer, application, crash=point) == -signal.SIGKILL
    assert process("stamp", officer, application) == 0
    for row in Certificate.objects.all():
        assert len(stamps_of(row.file.read())) == 2
    assert said(capsys, "recheck")[0] == 0
