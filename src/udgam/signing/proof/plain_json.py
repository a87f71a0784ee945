"""JSON of other people in which no name stands twice: of two values with one name readers take different ones (RFC 8259, 4)."""

from __future__ import annotations

import json
from typing import Any


class NameTwice(ValueError):
    """A name stands twice in one object."""


def read_json(data: str | bytes) -> Any:
    """The value.

    Raises:
        NameTwice
        ValueError, RecursionError: it is no JSON, or nested too deeply.
    """
    return json.loads(data, object_pairs_hook=_no_name_twice)


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NameTwice("a name stands in it twice")
    return found
