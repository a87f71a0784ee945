"""Publishing what a stranger needs in order to check: the list of issuers, as a file that any web server can carry."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def publish_trust(*, folder: Path, issuers: Mapping[str, Any]) -> bool:
    """Write ``issuers.json`` so that a reader sees the old list or the new one, never half of either. False: nothing changed."""
    data = (json.dumps(issuers, ensure_ascii=False, indent=2) + "\n").encode()
    target = folder / "issuers.json"
    if target.is_file() and target.read_bytes() == data:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".issuers-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return True
