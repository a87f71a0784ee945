"""Processes that run under production settings, as a service would: with its own environment and nothing of the tests'."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.check_deployment import SAMPLE

from tests.architecture.source import ROOT

ABSENT = "(absent)"


def run_in_production(code: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python code under complete sample settings; `changes` replaces values, `ABSENT` leaves one out."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))
    }
    environment = {**kept, **SAMPLE, "UDGAM_ENV": "production", **changes}
    environment = {name: value for name, value in environment.items() if value != ABSENT}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
