"""A command beside a running sandbox takes the address that the sandbox recorded, not the one that it would have taken itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def site(var: Path, **more: str) -> str:
    """What a process without the sandbox's environment believes of the site's address."""
    kept = {name: value for name, value in os.environ.items() if name not in {"HOST", "PORT", "UDGAM_SITE_ORIGIN"}}
    told = subprocess.run(
        [sys.executable, "-c", "from udgam.web.settings import sandbox; print(sandbox.REGISTER_SITE, sandbox.PORT)"],
        env={**kept, "UDGAM_VAR": str(var), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", **more},
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout.strip()


def test_the_recorded_address_is_taken(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    assert site(tmp_path) == "http://127.0.0.1:8000 8000"
    (tmp_path / "sandbox" / "address.json").write_text(json.dumps({"host": "127.0.0.2", "port": 8471}))
    assert site(tmp_path) == "http://127.0.0.2:8471 8471"
    assert site(tmp_path, PORT="9000") == "http://127.0.0.2:9000 9000"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"host": "x", "port": "y"}'])
def test_a_broken_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "address.json").write_text(text)
    assert site(tmp_path) == "http://127.0.0.1:8000 8000"
