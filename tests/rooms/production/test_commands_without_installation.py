"""The commands of an installation where there is none: two with the reason, never a traceback, and nothing is made by the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from udgam.web import cli

ROOT = Path(__file__).resolve().parents[3]
CODE = """
import json, sys
from udgam.web.cli import main
for words in json.loads(sys.argv[1]):
    print("status", main(words), flush=True)
"""
SANDBOX = ["--settings", "udgam.web.settings.sandbox"]


def run(var: Path, *commands: list[str], **more: str) -> list[tuple[int, dict[str, Any]]]:
    """Each command's exit status and its one object, all run by one process that no settings are named to."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))
    }
    words = json.dumps([[*command, "--json"] for command in commands])
    done = subprocess.run(
        [sys.executable, "-c", CODE, words],
        cwd=ROOT,
        env={**kept, "UDGAM_VAR": str(var), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    statuses = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("status ")]
    return list(zip(statuses, answers, strict=True))


def test_without_settings_no_sandbox_is_made(tmp_path: Path) -> None:
    told = run(
        tmp_path / "var",
        ["register", "rebuild", "--out", str(tmp_path / "out")],
        ["register", "rebuild", "--out", "/proc/udgam-register"],
        ["recheck"],
        ["reseal", "0" * 64],
        ["doctor"],
    )
    assert [status for status, _answer in told] == [2] * 5
    reasons = [answer["reason"] for _status, answer in told[:4]]
    assert reasons == ["settings.missing", "out.unusable", "settings.missing", "settings.missing"]
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_does_not_answer_is_told_and_no_key_is_made(tmp_path: Path) -> None:
    told = run(
        tmp_path,
        ["register", "publish", *SANDBOX],
        ["register", "rebuild", "--out", str(tmp_path / "out"), *SANDBOX],
        ["recheck", *SANDBOX],
        ["reseal", "0" * 64, *SANDBOX],
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
    )
    assert [(status, answer["reason"]) for status, answer in told] == [(2, "database.unusable")] * 4
    assert not (tmp_path / "sandbox" / "register-keys").exists()
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = run(tmp_path / "file" / "var", ["doctor", *SANDBOX], ["recheck", *SANDBOX])
    assert [status for status, _answer in told] == [2, 2]
    assert told[1][1]["reason"] == "settings.unusable"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_register_is_not_written_anew_where_no_folder_can_be(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("kept")
    (_one,) = run(tmp_path / "var", ["register", "rebuild", "--out", str(tmp_path / place)])
    assert _one[0] == 2
    assert _one[1]["reason"].startswith("out.")
    assert (tmp_path / "file").read_text() == "kept"


def test_the_list_of_commands_keeps_names_and_words_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out.splitlines()
    commands = cli._commands()
    lines = [line for line in said if line.startswith("  ")]
    assert [line.split()[0] for line in lines] == list(commands)
    begins = {line.index(commands[line.split()[0]].load().SUMMARY) for line in lines}
    assert len(begins) == 1
    assert begins.pop() >= max(map(len, commands)) + 4
