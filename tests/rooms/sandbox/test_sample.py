"""`udgam sample`: what it writes holds before a stranger's check, what it refuses changes nothing, and nothing of it stays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from udgam.rules.content import read_content
from udgam.signing.proof import TrustFolder, verify_pdf
from udgam.web import cli

UDGAM = str(Path(sys.executable).parent / "udgam")
pytestmark = pytest.mark.slow


def environment(temporary: Path, **more: str) -> dict[str, str]:
    """As from a terminal: nothing of the tests' own settings, and a temporary folder that can be looked into."""
    ours = ("UDGAM_", "DJANGO_", "DATABASE_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**plain, "TMPDIR": str(temporary), **more}


def left_behind(temporary: Path) -> list[str]:
    return sorted(path.name for path in temporary.iterdir())


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """With a short name: the tests' own folders are too deep for a database's socket."""
    with tempfile.TemporaryDirectory(prefix="s") as folder:
        yield Path(folder)


@pytest.fixture
def temporary() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder


@dataclass(frozen=True)
class Made:
    """A run of the command."""

    folder: Path
    answer: dict[str, Any]
    errors: str
    left_behind: list[str]

    @property
    def pdf(self) -> Path:
        return self.folder / "certificate.pdf"

    @property
    def trust(self) -> Path:
        return self.folder / "trust"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("o") / "new" / "sample"
    # A database of the caller's is not touched: this one does not even exist.
    callers = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "UDGAM_SITE_ORIGIN": "nonsense"}
    with temporary_folder() as temporary:
        result = subprocess.run(
            [UDGAM, "sample", "--out", str(folder), "--json"],
            env=environment(temporary, **callers),
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        left = left_behind(temporary)
    assert result.returncode == 0, result.stdout + result.stderr
    return Made(folder, json.loads(result.stdout), result.stderr, left)


def test_it_says_in_json_what_it_wrote_and_nothing_else(made: Made) -> None:
    assert made.answer["issued"] is True
    assert made.answer["certificate"] == str(made.pdf)
    assert made.answer["trust"] == str(made.trust)
    assert made.answer["certificate_number"].startswith("SEC/")
    assert made.errors == ""
    assert sorted(path.name for path in made.folder.iterdir()) == [
        "certificate.pdf",
        "code.svg",
        "code.txt",
        "credential.jwt",
        "trust",
    ]
    parts = {"anchors", "intermediates", "tsa", "crls"}
    register = {"register.json", "trust-list.jwt", "did.json", "checkpoint", "status", "tile", "proof"}
    assert {path.name for path in made.trust.iterdir()} == parts | register
    assert made.left_behind == []


@pytest.mark.parametrize("offline", [[], ["--offline"]])
def test_a_stranger_finds_it_valid_and_issued(
    made: Made, offline: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", str(made.pdf), "--trust", str(made.trust), "--json", *offline]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["valid"], answer["status"], answer["integrity"]) == (True, "issued", True)
    assert answer["certificate_number"] == made.answer["certificate_number"]
    # A status list names places, not digests.
    assert [check["id"] for check in answer["checks"] if check["outcome"] != "pass"] == ["status.same_content"]


@pytest.mark.parametrize("name", ["credential.jwt", "code.txt", "code.svg"])
def test_credential_and_code_hold_before_a_stranger(made: Made, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(made.folder / name), "--trust", str(made.trust), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["valid"], answer["status"]) == (True, "issued")
    assert answer["certificate_number"] == made.answer["certificate_number"]


@pytest.mark.parametrize("name", ["certificate.pdf", "credential.jwt", "code.txt", "code.svg"])
def test_nothing_is_handed_over_of_which_one_part_does_not_hold(made: Made, name: str, tmp_path: Path) -> None:
    from udgam.sandbox.first_certificate import NotIssued
    from udgam.sandbox.sample import _check

    copy = tmp_path / "sample"
    shutil.copytree(made.folder, copy)
    _check(copy)
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 3] = ord("A") if data[len(data) // 3] != ord("A") else ord("B")
    (copy / name).write_bytes(data)
    with pytest.raises(NotIssued, match=name):
        _check(copy)


def test_it_holds_after_the_revocation_lists_have_run_out(made: Made) -> None:
    assert cli.main(["verify", str(made.pdf), "--trust", str(made.trust), "--at", _day(made, 300), "--json"]) == 0
    # The signed list of statuses speaks for a year; then nobody says that it is still issued.
    assert cli.main(["verify", str(made.pdf), "--trust", str(made.trust), "--at", _day(made, 800), "--json"]) == 1


def _day(made: Made, days: int) -> str:
    from datetime import date, timedelta

    return f"{date.fromisoformat(made.answer['issued_on']) + timedelta(days=days)}T00:00:00Z"


def test_a_changed_byte_is_found(made: Made, tmp_path: Path) -> None:
    data = bytearray(made.pdf.read_bytes())
    data[len(data) // 3] ^= 1
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(data)
    assert cli.main(["verify", str(changed), "--trust", str(made.trust), "--offline", "--json"]) == 1


def test_the_cast_stands_in_it(made: Made) -> None:
    from datetime import UTC, datetime, timedelta

    report = verify_pdf(
        made.pdf.read_bytes(),
        trust=TrustFolder.load(made.trust),
        at=datetime.now(UTC) + timedelta(seconds=5),
        status=None,
    )
    assert report.content is not None
    content = read_content(report.content)
    assert content.exporter.name == made.answer["exporter"] == "Malabar Monsoon Spices Private Limited"
    assert content.certification.signatory.name == "Meera Kulkarni"
    assert len(content.items) == 2


def test_a_folder_with_something_in_it_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert cli.main(["sample", "--out", str(tmp_path), "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert (answer["issued"], answer["reason"]) == (False, "sample.folder_not_empty")
    assert answer["advice"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("place", ["file", "file/below", "link", "n\0l"])
def test_what_is_no_folder_is_refused(tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert cli.main(["sample", "--out", str(tmp_path / place)]) == 2
    assert "Reason: sample.folder_unusable" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


def test_a_process_in_which_django_runs_already_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sample", "--out", str(tmp_path / "new"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["reason"] == "sample.sandbox"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "variables", [{"UDGAM_ENV": "production"}, {"DJANGO_SETTINGS_MODULE": "udgam.web.settings.production"}]
)
def test_a_production_installation_is_refused(tmp_path: Path, temporary: Path, variables: dict[str, str]) -> None:
    result = subprocess.run(
        [UDGAM, "sample", "--out", str(tmp_path / "new")],
        env=environment(temporary, **variables),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 2
    assert "production" in result.stdout
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "new").exists()
    assert left_behind(temporary) == []


def _server_in(temporary: Path) -> int:
    """The process of the database whose folder lies there; 0 while there is none."""
    for file in temporary.glob("udgam-*/postgres/postmaster.pid"):
        with suppress(FileNotFoundError, IndexError):
            return int(file.read_text().split()[0])
    return 0


def _runs(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_stopped_in_the_middle_it_leaves_nothing(tmp_path: Path, temporary: Path) -> None:
    process = subprocess.Popen(
        [UDGAM, "sample", "--out", str(tmp_path / "new")],
        env=environment(temporary),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    deadline = time.monotonic() + 600
    # The database starts or runs; before, while its files are made, the number in the file is one of another kind.
    while (server := _server_in(temporary)) <= 0:
        assert process.poll() is None and time.monotonic() < deadline  # noqa: PT018 - one condition of going on
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=300)
    assert process.returncode == 143
    assert left_behind(temporary) == []
    assert not (tmp_path / "new").exists()
    # The server takes its folder's files away before it ends itself.
    while _runs(server):
        assert time.monotonic() < deadline
        time.sleep(0.05)
