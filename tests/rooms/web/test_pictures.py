"""Every picture of the documentation is there, and none lies about that nobody shows."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT

PICTURES = ROOT / "docs/pictures"
LARGEST = 500_000


def _shown() -> set[str]:
    texts = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {name for text in texts for name in re.findall(r"pictures/([\w.-]+\.(?:png|svg))", text.read_text())}


def test_every_picture_that_is_shown_is_there_and_every_one_that_is_there_is_shown() -> None:
    assert {path.name for path in PICTURES.iterdir()} == _shown()


def test_no_picture_weighs_too_much() -> None:
    assert [path.name for path in PICTURES.iterdir() if path.stat().st_size > LARGEST] == []
