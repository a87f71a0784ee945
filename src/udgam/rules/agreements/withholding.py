"""What may not be used is taken out before anybody can use it.

Works on the plain values of a data file: every field whose mark is "unverified" becomes empty, and whatever refers to it goes
with it. A criterion is usable only when both its meaning and its text for the box are known.
"""

from __future__ import annotations

import copy
from typing import Any

# How the elements of lists are named in paths.
KEYS = {"boxes": "number", "criteria": "code", "marks": "mark", "documents": "kind"}
_WHOLE = frozenset(
    {"fee", "copies", "paper", "issue_window", "replacement", "effective", "expires", "hs_edition", "origin"}
)


def withheld(plain: dict[str, Any]) -> dict[str, Any]:
    """A copy of the plain values without what is unverified."""
    kept = copy.deepcopy(plain)
    for row in plain["evidence"]:
        if row["certainty"] == "unverified":
            _take_out(kept, row["field"].split("."))
    _tidy_origin(kept)
    _tidy_layout(kept)
    return kept


def _take_out(place: Any, path: list[str], above: str = "") -> None:
    name, *rest = path
    if isinstance(place, list):
        key = KEYS.get(above)
        found = [part for part in place if (part[key] if key else part) == name]
        for part in found:
            if rest:
                _take_out(part, rest)
            else:
                place.remove(part)
    elif rest:
        _take_out(place[name], rest, name)
    else:
        place[name] = None if name in _WHOLE else _empty(place[name])


def _empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _empty(part) for name, part in value.items()}
    if isinstance(value, list):
        return []
    return "" if isinstance(value, str) else None


def _tidy_origin(kept: dict[str, Any]) -> None:
    origin = kept["origin"]
    if origin is None:
        return
    origin["hs_edition"] = kept["hs_edition"]
    if kept["issued"]:
        origin["partners"] = list(kept["partners"])
    # A first day that nobody has read must not shut anything out.
    origin["effective"] = kept["effective"] or "0001-01-01"
    meant = {row["code"] for row in kept["criteria"]}
    origin["criteria"] = [
        row for row in origin["criteria"] if row["source"]["evidence"] != "unverified" and row["code"] in meant
    ]
    worded = {row["code"] for row in origin["criteria"]}
    kept["criteria"] = [row for row in kept["criteria"] if row["code"] in worded]


def _tidy_layout(kept: dict[str, Any]) -> None:
    numbers = {box["number"] for box in kept["boxes"]}
    layout = kept["layout"]
    layout["columns"] = [column for column in layout["columns"] if column["box"] in numbers]
    for part in ("head", "foot"):
        rows = [[name for name in row if name in numbers or name == "ref"] for row in layout[part]]
        layout[part] = [row for row in rows if row] if numbers else []
    kept["marks"] = [row for row in kept["marks"] if row["box"] in numbers or row["shown"] == "words"]
