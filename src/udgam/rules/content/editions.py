"""Fields that came with a later edition of a format: how they are left out of, and filled in for, the earlier ones.

There is one class for each kind of content, always of the newest shape. A field that a later edition brought says so
(``since(2, …)``) and has a value that means "not stated". Content of an earlier edition is written without such fields, byte for
byte as it was signed, and read with that value in their place.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, get_args, get_type_hints

from udgam.rules.content.refused import ContentRefused
from udgam.rules.plain import to_plain


def since(edition: int, unstated: Any) -> Any:
    """A field that exists from that edition on; ``unstated`` is its value in content of the editions before."""
    return dataclasses.field(default=unstated, metadata={"since": edition})


def edition_of(name: str) -> int:
    """The edition in a format's name: 2 of ``udgam.certificate/2``. Names without one are of no edition, 0."""
    number = name.rpartition("/")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0


def leave_out(kind: type, plain: dict[str, Any], edition: int, where: str = "$") -> None:
    """Take the fields of later editions out of ``plain``. Raises ``ContentRefused`` when one of them states something."""
    for part, inner in _parts(kind):
        if part.metadata.get("since", 1) > edition:
            if plain.pop(part.name) != to_plain(part.default):
                raise ContentRefused("content.later_edition", where=f"{where}.{part.name}")
        elif inner is not None:
            for n, value in _each(plain[part.name]):
                leave_out(inner, value, edition, f"{where}.{part.name}{n}")


def fill_in(kind: type, plain: dict[str, Any], edition: int, where: str = "$") -> None:
    """Add the fields of later editions to ``plain``. Raises ``ContentRefused`` when one of them is there already."""
    for part, inner in _parts(kind):
        if part.metadata.get("since", 1) > edition:
            if part.name in plain:
                raise ContentRefused("content.later_edition", where=f"{where}.{part.name}")
            plain[part.name] = to_plain(part.default)
        elif inner is not None and part.name in plain:
            for n, value in _each(plain[part.name]):
                fill_in(inner, value, edition, f"{where}.{part.name}{n}")


def _each(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """The objects in a field that holds one, several or none; whatever else stands there is left to the reader of shapes."""
    if isinstance(value, list):
        return [(f"[{n}]", part) for n, part in enumerate(value) if isinstance(part, dict)]
    return [("", value)] if isinstance(value, dict) else []


@cache
def _parts(kind: type) -> tuple[tuple[dataclasses.Field[Any], type | None], ...]:
    hints = get_type_hints(kind)
    return tuple((part, _inner(hints[part.name])) for part in dataclasses.fields(kind))


def _inner(hint: Any) -> type | None:
    """The dataclass inside a hint: itself, one that may be missing, or one of several."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint
    for argument in get_args(hint):
        found = _inner(argument)
        if found is not None:
            return found
    return None
