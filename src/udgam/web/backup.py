"""Save and restore the database and the stored files: `make backup TO=FOLDER`, `make restore FROM=FOLDER`.

A backup is a folder with `database.dump` (PostgreSQL's custom format), `files.tar` and `manifest.json` (when, which version,
digests). The same commands work on any PostgreSQL named by DATABASE_URL; the programs come with the embedded one. Where nothing is
yet, restore begins a new embedded database in UDGAM_VAR.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

FORMAT = "udgam.backup/1"
# Owners and rights belong to a machine: a dump that names them fails where such a user does not exist.
_PLAIN = ("--no-owner", "--no-privileges")
# On a machine with this file the settings name the database; without them a new and empty one would be taken for it.
_INSTALLED = Path("/etc/udgam/environment")


class BackupFailed(Exception):
    """The backup or the restore cannot be done; the message says why and what to do."""


def _program(name: str) -> Path:
    from udgam.web.embedded import programs

    return programs(_var()) / name


def _var() -> Path:
    return Path(os.environ.get("UDGAM_VAR") or Path(__file__).resolve().parents[3] / "var")


def _database_url(*, may_begin: bool = False) -> str:
    from udgam.web.embedded import running_url

    named = os.environ.get("DATABASE_URL")
    if named:
        return named
    if not (_var() / "postgres").is_dir() and (not may_begin or _INSTALLED.exists()):
        # Without this, somebody who forgot to load the settings would save a new and empty database.
        raise BackupFailed(
            f"DATABASE_URL is not set, and there is no embedded database in {_var()}. Load the settings first: "
            "set -a; . /etc/udgam/environment; set +a"
        )
    files = _var() / "files"
    if not (_var() / "postgres").is_dir() and files.is_dir() and any(files.iterdir()):
        # They belong to a database elsewhere, whose address somebody forgot to name; a restore would remove them.
        raise BackupFailed(
            f"DATABASE_URL is not set, and {files} holds files of another database. Name that database in DATABASE_URL, "
            "or name a new folder in UDGAM_VAR."
        )
    return running_url(_var() / "postgres")


def _connection(*, may_begin: bool = False) -> tuple[str, dict[str, str]]:
    """The address without its password, and an environment with it: command lines are open to every user of a machine."""
    parts = urlsplit(_database_url(may_begin=may_begin))
    environment = dict(os.environ)
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
        user, _sep, place = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.partition(':')[0]}@{place}")
    return urlunsplit(parts), environment


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(environment: Mapping[str, str], *command: str | Path, feed: IO[bytes] | None = None) -> str:
    result = subprocess.run(  # noqa: S603
        [str(part) for part in command],
        check=False,
        stdin=feed or subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=dict(environment),
    )
    if result.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed: {result.stderr.strip()}")
    return result.stdout


def save(folder: Path) -> None:
    """Write a backup into a new folder. The platform may run meanwhile: the dump is one consistent moment."""
    address, environment = _connection()
    if folder.exists() and any(folder.iterdir()):
        raise BackupFailed(f"{folder} is not empty. Name a new folder, for example one with today's date.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    dump, files = folder / "database.dump", folder / "files.tar"
    _run(environment, _program("pg_dump"), "--format=custom", *_PLAIN, f"--file={dump}", f"--dbname={address}")
    # The files come after the database: whatever the dump names is then there.
    with tarfile.open(files, "w") as archive:
        if (_var() / "files").is_dir():
            archive.add(_var() / "files", arcname="files")
    manifest = {
        "format": FORMAT,
        "udgam": version("udgam"),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database.dump": _digest(dump),
        "files.tar": _digest(files),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def restore(folder: Path) -> None:
    """Put a backup back: the database is replaced, the files too. Anything newer than the backup is lost.

    Without DATABASE_URL and in an empty UDGAM_VAR it begins an embedded database, as on a new machine.
    Everything that can fail comes before the change, and the database changes in one transaction.
    """
    _check(folder)
    address, environment = _connection(may_begin=True)
    _require_nobody_connected(environment, address)
    beside = _var() / "files.restoring"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        _unpack(folder / "files.tar", beside)
        _replace_database(environment, address, folder / "database.dump")
        (beside / "files").mkdir(exist_ok=True)
        shutil.rmtree(_var() / "files", ignore_errors=True)
        (beside / "files").rename(_var() / "files")
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unpack(archive: Path, folder: Path) -> None:
    """Folders and plain files only, and none outside `folder`: tarfile's own filter is missing in Python 3.11.2 (Debian 12)."""
    with tarfile.open(archive) as packed:
        for member in packed:
            target = (folder / member.name).resolve()
            if not target.is_relative_to(folder.resolve()) or not (member.isfile() or member.isdir()):
                raise BackupFailed(f"{archive.name} holds {member.name}, which no backup holds. Nothing was restored.")
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True, mode=0o700)
                continue
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            content = packed.extractfile(member)
            if content is None:
                raise BackupFailed(f"{member.name} in {archive.name} cannot be read. Nothing was restored.")
            with content, open(target, "wb", opener=_private) as file:
                shutil.copyfileobj(content, file)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _check(folder: Path) -> None:
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        known = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise BackupFailed(f"{folder} holds no backup: {failure}") from failure
    if known != FORMAT:
        raise BackupFailed(f"{folder} has the format {known}, and this release reads {FORMAT}. Nothing was restored.")
    for name in ("database.dump", "files.tar"):
        if not (folder / name).is_file() or _digest(folder / name) != manifest.get(name):
            raise BackupFailed(f"{name} is missing or was changed since the backup was made. Nothing was restored.")


def _require_nobody_connected(environment: Mapping[str, str], address: str) -> None:
    """A site that still runs would write into the database while it is replaced."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    others = _run(environment, _program("psql"), "-X", "-At", f"--dbname={address}", f"--command={query}").strip()
    if others != "0":
        raise BackupFailed(
            f"Others are connected to the database ({others}). Stop site and worker first. Nothing was restored."
        )


def _replace_database(environment: Mapping[str, str], address: str, dump: Path) -> None:
    """Drop everything and load the dump, in one transaction.

    The whole schema goes, not only what the dump names: tables of a newer release would stand in the way of the old ones.
    """
    with tempfile.TemporaryFile() as script:
        result = subprocess.run(  # noqa: S603
            [str(_program("pg_restore")), *_PLAIN, "--file=-", str(dump)],
            check=False,
            stdout=script,
            stderr=subprocess.PIPE,
            text=True,
        )
        if result.returncode:
            raise BackupFailed(f"pg_restore failed: {result.stderr.strip()}")
        script.seek(0)
        anew = "SET client_min_messages = warning; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"
        options = ["-X", "-q", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--dbname={address}"]
        _run(environment, _program("psql"), *options, f"--command={anew}", "--file=-", feed=script)


def main(arguments: list[str]) -> int:
    """`save FOLDER` or `restore FOLDER`."""
    if len(arguments) != 2 or arguments[0] not in {"save", "restore"} or not arguments[1].strip():
        sys.stderr.write(
            "Name the folder: make backup TO=/backups/2026-11-22   or   make restore FROM=/backups/2026-11-22\n"
        )
        return 2
    verb = save if arguments[0] == "save" else restore
    try:
        verb(Path(arguments[1]))
    except BackupFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    place = "the database of DATABASE_URL" if os.environ.get("DATABASE_URL") else f"the embedded database in {_var()}"
    sys.stdout.write("Saved.\n" if arguments[0] == "save" else f"Restored into {place}; the files into {_var()}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
