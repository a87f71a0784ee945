"""The agent's wheel that this site serves, as `tools/build_agent_wheel.py` left it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class AgentFile:
    """Name, version, size in bytes and SHA-256 (lower-case hex) of the wheel, and where it lies."""

    name: str
    version: str
    size: int
    sha256: str
    path: Path


def agent_file(folder: Path) -> AgentFile | None:
    """What the manifest in the folder describes, or None where no complete wheel lies there."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return None
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    path = folder / Path(facts["name"]).name
    if not path.is_file() or path.stat().st_size != facts["size"]:
        return None
    return AgentFile(name=path.name, version=facts["version"], size=facts["size"], sha256=facts["sha256"], path=path)
