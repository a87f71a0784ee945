"""What the user decided once: the sites that may ask, and token modules in unusual places. One small JSON file."""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from udgam_agent.errors import Refused
from udgam_agent.origins import read_origin


def default_path() -> Path:
    """Return where this system keeps a program's settings; `UDGAM_AGENT_CONFIG` overrides it."""
    named = os.environ.get("UDGAM_AGENT_CONFIG")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home()) / "udgam-agent" / "config.json"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "udgam-agent" / "config.json"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "udgam-agent" / "config.json"


class SettingsUnreadable(Exception):
    """The settings file exists but is not what the agent writes; it is never overwritten then."""


@dataclass
class Settings:
    """The settings file in memory. `for_this_run` holds sites named on the command line, which are not stored."""

    path: Path
    sites: set[str] = field(default_factory=set)
    modules: list[str] = field(default_factory=list)
    for_this_run: frozenset[str] = frozenset()
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def trusts(self, origin: str) -> bool:
        return origin in self.for_this_run or origin in self.sites

    def add_site(self, origin: str) -> None:
        with self._lock:
            self.sites.add(origin)
            self._write()

    def forget_site(self, origin: str) -> bool:
        with self._lock:
            known = origin in self.sites
            self.sites.discard(origin)
            self._write()
        return known

    def _write(self) -> None:
        """Replace the file in one step, readable by its owner only, so that a crash leaves the old or the new one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(self.path.name + ".new")
        text = json.dumps({"format": 1, "sites": sorted(self.sites), "modules": self.modules}, indent=2) + "\n"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(self.path)


def load_settings(path: Path, *, for_this_run: frozenset[str] = frozenset()) -> Settings:
    """Read the settings; a missing file means none yet. Raises `SettingsUnreadable` with the reason."""
    if not path.exists():
        return Settings(path, for_this_run=for_this_run)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        sites, modules = data.get("sites", []), data.get("modules", [])
        if not all(isinstance(entry, str) for entry in [*sites, *modules]):
            raise SettingsUnreadable(f"{path}: sites and modules must be lists of text")
        for site in sites:
            read_origin(site)
    except (OSError, ValueError, AttributeError, TypeError) as problem:
        raise SettingsUnreadable(f"{path}: {problem}") from problem
    except Refused as problem:
        raise SettingsUnreadable(f"{path}: not an origin the agent may trust ({problem.code})") from problem
    return Settings(path, set(sites), list(modules), for_this_run)
