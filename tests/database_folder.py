"""A folder for an embedded database of a test's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database_folder(prefix: str = "udgam-") -> Iterator[Path]:
    """Not pytest's own: when the tests run as root, the database runs as another user and must reach its data.

    Pytest closes its folder to all others again each time somebody starts it on this machine. The name is short, as the path of
    a database's socket has to be.
    """
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
