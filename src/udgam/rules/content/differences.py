"""What changed between two signed versions of an application.

Each difference names its place as the lints do (``items[1].hs_code``), so that a question of the office, a finding of a rule
and a change speak of the same place in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from udgam.rules.plain import to_plain

# These differ between any two versions, or say nothing that a person decided.
_BOOKKEEPING = ("format", "number", "version", "answer", "hs_edition")
_OF_THE_DAY = ("declaration.date", "declaration.version", "declaration.text")
_BY_DIGEST = "documents"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A place with what stood there and what stands there now. None: there was nothing, or nothing is left."""

    where: str
    before: str | None
    after: str | None


def differences(before: object, after: object) -> tuple[Difference, ...]:
    """The differences between two application contents, in the order of the content. Either may be of any format."""
    old, new = flattened(before), flattened(after)
    places = [*new, *(place for place in old if place not in new)]
    return tuple(
        Difference(where=place, before=old.get(place), after=new.get(place))
        for place in places
        if old.get(place) != new.get(place)
    )


def flattened(content: object) -> dict[str, str]:
    """Every place of an application content with its value as text; empty values are left out."""
    plain = to_plain(content)
    flat: dict[str, str] = {}
    for name, value in plain.items():
        if name not in _BOOKKEEPING:
            _flatten(value, name, flat)
    return {place: text for place, text in flat.items() if place not in _OF_THE_DAY}


def _flatten(value: Any, where: str, flat: dict[str, str]) -> None:
    if value is None or value in ("", []):
        return
    if isinstance(value, Mapping):
        if set(value) == {"code", "name"}:
            flat[where] = str(value["name"])
            return
        for name, part in value.items():
            _flatten(part, f"{where}.{name}", flat)
    elif isinstance(value, list | tuple):
        _flatten_list(list(value), where, flat)
    else:
        flat[where] = str(value) if not isinstance(value, bool) else ("yes" if value else "no")


def _flatten_list(parts: list[Any], where: str, flat: dict[str, str]) -> None:
    if all(isinstance(part, str) for part in parts):
        flat[where] = "\n".join(parts)
    elif where == _BY_DIGEST:
        # A paper that moves up in the list is still the same paper.
        for part in parts:
            flat[f"{where}[{str(part['sha256'])[:12]}]"] = str(part["title"])
    else:
        for n, part in enumerate(parts):
            _flatten(part, f"{where}[{n}]", flat)
