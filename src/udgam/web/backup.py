"""Save and restore the database and the stored files: `make backup TO=FOLDER`, `make restore FROM=FOLDER`.

A backup is a folder with `database.dump` (PostgreSQL's custom format), `files.tar` and `manifest.json` (when, which version,
digests). The same commands work on any PostgreSQL named by DATABASE_URL; the programs come with the embedded one.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

FORMAT = "udgam.backup/1"


class BackupFailed(Exception):
    """The backup or the restore cannot be done; the message says why and what to do."""


def _program(name: str) -> Path:
    from udgam.web.embedded import programs

    return programs(_var()) / name


def _var() -> Path:
    return Path(os.environ.get("UDGAM_VAR") or Path(__file__).resolve().parents[3] / "var")


def _database_url() -> str:
    from udgam.web.embedded import running_url

    return os.environ.get("DATABASE_URL") or running_url(_var() / "postgres")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(*command: str | Path) -> None:
    result = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True)  # noqa: S603
    if result.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed: {result.stderr.strip()}")


def save(folder: Path) -> None:
    """Write a backup into a new folder. The platform may run meanwhile: the dump is one consistent moment."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupFailed(f"{folder} is not empty. Name a new folder, for example one with today's date.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    dump, files = folder / "database.dump", folder / "files.tar"
    _run(_program("pg_dump"), "--format=custom", "--no-owner", f"--file={dump}", f"--dbname={_database_url()}")
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
    """Put a backup back: the database is replaced, the files too. Anything newer than the backup is lost."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError) as failure:
        raise BackupFailed(f"{folder} holds no backup: {failure}") from failure
    for name in ("database.dump", "files.tar"):
        if not (folder / name).is_file() or _digest(folder / name) != manifest.get(name):
            raise BackupFailed(f"{name} is missing or was changed since the backup was made. Nothing was restored.")
    _run(
        _program("pg_restore"),
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={_database_url()}",
        folder / "database.dump",
    )
    with tarfile.open(folder / "files.tar") as archive:
        archive.extractall(_var(), filter="data")


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
    sys.stdout.write("Saved.\n" if arguments[0] == "save" else "Restored.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
