"""How the lists here hold and choose names: English and Hindi side by side, from data files that name their source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["en", "hi"]
DATA = Path(__file__).parent / "data"


@cache
def read_list(name: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of ``data/<name>.json``: an object with "source" and "rows"."""
    content = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(content["rows"])


def which(language: str) -> Language:
    """The language of the lists that serves a language code such as "hi-IN"; English when there is no other."""
    return "hi" if language.lower().startswith("hi") else "en"
