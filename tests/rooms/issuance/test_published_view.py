"""The site hands out the files of the register, and says how long each may be kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("checkpoint", "public, max-age=5"),
        ("trust-list.jwt", "public, max-age=60"),
        ("tile/0/000.p/7", "public, max-age=60"),
        ("tile/0/000", "public, max-age=31536000, immutable"),
    ],
)
def test_how_long_a_file_may_be_kept(client: Client, settings: Settings, tmp_path: Path, path: str, kept: str) -> None:
    settings.REGISTER_FOLDER = str(tmp_path)
    file = tmp_path.joinpath(*path.split("/"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"of the register")
    answer = client.get(f"/published/{path}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, kept)
    assert b"".join(answer.streaming_content) == b"of the register"
