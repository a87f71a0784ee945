"""Runs the real signing agent as a process of its own, as a person would."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunningAgent:
    """An agent that listens. `url` has no slash at its end; `log` collects what it wrote on standard error."""

    url: str
    port: int
    config: Path
    log: Path
    process: subprocess.Popen[str]


@contextmanager
def run_agent(
    *,
    modules: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    sites: Sequence[str] = (),
    sandbox_files: Path | None = None,
    port: int = 0,
    lang: str | None = "en",
) -> Iterator[RunningAgent]:
    """Start `udgam-agent` with settings of its own and stop it at the end.

    `environment` is added to this process's (`SoftHsm.environment()`); `sites` are trusted without asking on screen.
    With `lang=None` the browser's language decides.
    """
    with tempfile.TemporaryDirectory(prefix="udgam-agent-") as folder:
        config, log = Path(folder) / "config.json", Path(folder) / "agent.log"
        command = [sys.executable, "-m", "udgam_agent", "--port", str(port), "--config", str(config)]
        if lang is not None:
            command += ["--lang", lang]
        for module in modules:
            command += ["--module", module]
        for site in sites:
            command += ["--site", site]
        if sandbox_files is not None:
            command += ["--sandbox-files", str(sandbox_files)]
        with log.open("w") as errors:
            process = subprocess.Popen(
                command,
                env={**os.environ, **(environment or {})},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            try:
                url = _address(process, log)
                yield RunningAgent(url, int(url.rsplit(":", 1)[1]), config, log, process)
            finally:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Listening on "):
            return line.removeprefix("Listening on ").strip()
    raise RuntimeError(f"the agent did not start: {log.read_text()}")
