"""A backup put back is what was saved; a changed one, or one over a running site, changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.database_folder import database_folder
from udgam.web import backup
from udgam.web.embedded import throw_away_url

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with database_folder() as folder, throw_away_url(folder / "postgres") as url:
        yield url


@pytest.fixture
def database(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one row and one file; the platform's settings point to them."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS office")
        connection.execute("CREATE DATABASE office")
    url = server.replace("/postgres?", "/office?", 1)
    _do(url, "CREATE TABLE certificate (number text PRIMARY KEY)")
    _do(url, "INSERT INTO certificate VALUES ('EIC/2026/0001')")
    (tmp_path / "var/files/2026").mkdir(parents=True)
    (tmp_path / "var/files/2026/invoice.pdf").write_bytes(b"invoice")
    monkeypatch.setenv("UDGAM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def _do(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def _numbers(url: str) -> list[object]:
    return [row[0] for row in _do(url, "SELECT number FROM certificate ORDER BY number")]


def test_what_was_saved_comes_back_and_what_is_newer_goes(database: str, tmp_path: Path) -> None:
    assert backup.main(["save", str(tmp_path / "saved")]) == 0
    assert (tmp_path / "saved").stat().st_mode & 0o077 == 0
    _do(database, "INSERT INTO certificate VALUES ('EIC/2026/0002')")
    # A table of a newer release that points to an old one must not stand in the way.
    _do(database, "CREATE TABLE later (number text REFERENCES certificate)")
    (tmp_path / "var/files/2026/later.pdf").write_bytes(b"later")
    (tmp_path / "var/files/2026/invoice.pdf").write_bytes(b"changed")
    assert backup.main(["restore", str(tmp_path / "saved")]) == 0
    assert _numbers(database) == ["EIC/2026/0001"]
    assert _do(database, "SELECT to_regclass('later')") == [(None,)]
    assert [path.name for path in (tmp_path / "var/files/2026").iterdir()] == ["invoice.pdf"]
    assert (tmp_path / "var/files/2026/invoice.pdf").read_bytes() == b"invoice"
    assert not (tmp_path / "var/files.restoring").exists()


def _tampered(folder: Path, how: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    if how == "digest":
        manifest["files.tar"] = "0" * 64
    elif how == "format":
        manifest["format"] = "udgam.backup/99"
    elif how == "list":
        manifest = []
    elif how == "dump":
        (folder / "database.dump").write_bytes((folder / "database.dump").read_bytes() + b"\0")
    elif how == "gone":
        (folder / "files.tar").unlink()
    elif how == "outside":
        with tarfile.open(folder / "files.tar", "w") as archive:
            entry = tarfile.TarInfo("files/../../escaped.txt")
            entry.size = 1
            archive.addfile(entry, io.BytesIO(b"x"))
        manifest["files.tar"] = hashlib.sha256((folder / "files.tar").read_bytes()).hexdigest()
    elif how == "not-a-dump":
        (folder / "database.dump").write_bytes(b"PGDMP nonsense")
        manifest["database.dump"] = hashlib.sha256(b"PGDMP nonsense").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("how", ["digest", "format", "list", "dump", "gone", "outside", "not-a-dump"])
def test_a_changed_backup_is_refused_and_nothing_changes(
    database: str, tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.save(tmp_path / "saved")
    _tampered(tmp_path / "saved", how)
    _do(database, "INSERT INTO certificate VALUES ('EIC/2026/0002')")
    assert backup.main(["restore", str(tmp_path / "saved")]) == 1
    assert len(_numbers(database)) == 2
    assert (tmp_path / "var/files/2026/invoice.pdf").read_bytes() == b"invoice"
    assert not (tmp_path / "escaped.txt").exists()
    assert capsys.readouterr().err


def test_nothing_is_put_back_while_others_are_connected(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.save(tmp_path / "saved")
    with psycopg.connect(database):
        assert backup.main(["restore", str(tmp_path / "saved")]) == 1
    assert "Stop site and worker first" in capsys.readouterr().err


def test_a_full_folder_and_forgotten_settings_are_refused(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/something").touch()
    assert backup.main(["save", str(tmp_path / "full")]) == 1
    monkeypatch.delenv("DATABASE_URL")
    assert backup.main(["save", str(tmp_path / "saved")]) == 1
    assert "DATABASE_URL is not set" in capsys.readouterr().err
    assert not (tmp_path / "saved").exists()
    assert not (tmp_path / "var/postgres").exists()


def test_a_backup_is_put_back_on_a_machine_that_has_nothing_yet(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.save(tmp_path / "saved")
    monkeypatch.delenv("DATABASE_URL")
    with database_folder() as folder:
        new = folder / "new"
        monkeypatch.setenv("UDGAM_VAR", str(new))
        # Where the platform is installed, forgotten settings must not pass for a new machine; nor does a bad backup begin one.
        (tmp_path / "environment").touch()
        with monkeypatch.context() as installed:
            installed.setattr(backup, "_INSTALLED", tmp_path / "environment")
            assert backup.main(["restore", str(tmp_path / "saved")]) == 1
        assert "DATABASE_URL is not set" in capsys.readouterr().err
        # Files without a database beside them belong to one elsewhere, and are not to be lost with a forgotten address.
        (new / "files").mkdir(parents=True)
        (new / "files/newer.pdf").write_bytes(b"newer")
        assert backup.main(["restore", str(tmp_path / "saved")]) == 1
        assert "files of another database" in capsys.readouterr().err
        assert (new / "files/newer.pdf").read_bytes() == b"newer"
        (new / "files/newer.pdf").unlink()
        assert backup.main(["restore", str(tmp_path / "nothing")]) == 1
        assert not (new / "postgres").exists()
        restored = subprocess.run(
            [sys.executable, "-m", "udgam.web.backup", "restore", str(tmp_path / "saved")],
            check=False,
            capture_output=True,
            text=True,
        )
        assert (restored.returncode, restored.stderr) == (0, "")
        assert f"the embedded database in {new}" in restored.stdout
        assert (new / "files/2026/invoice.pdf").read_bytes() == b"invoice"
        with _served(new) as url:
            assert _numbers(url) == ["EIC/2026/0001"]


def test_the_command_makes_its_environment_first() -> None:
    # These tests may run below another make, whose flags are none of this one's.
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    told = subprocess.run(
        ["make", "-n", "restore", "FROM=/backups/one"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=outside,
    )
    first, second = told.stdout.splitlines()
    assert first.endswith("tools/set_up.py run")
    assert second.endswith('udgam.web.backup restore "/backups/one"')


def test_the_password_is_not_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://udgam:p%40ss%2F1@db.example.in:5433/udgam?sslmode=require")
    address, environment = backup._connection()
    assert address == "postgresql://udgam@db.example.in:5433/udgam?sslmode=require"
    assert environment["PGPASSWORD"] == "p@ss/1"


def test_the_embedded_database_serves_until_it_is_told_to_stop() -> None:
    """The very command of `udgam-database.service`."""
    with database_folder() as folder:
        _serve_and_stop(folder)


def _serve_and_stop(folder: Path) -> None:
    with _served(folder) as url:
        assert _do(url, "SELECT 1") == [(1,)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of the embedded database of a folder, as its service says it; in the end it is told to stop."""
    environment = {**os.environ, "UDGAM_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "udgam.web.embedded"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        name, _sep, url = process.stdout.readline().strip().partition("=")
        assert name == "DATABASE_URL"
        yield url
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=300) == 0
    finally:
        process.kill()
        process.wait()
