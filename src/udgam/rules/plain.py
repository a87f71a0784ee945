"""Frozen dataclasses to plain JSON values and back, exactly and strictly.

The field types of the dataclass are the schema. A value that does not fit, a missing field or an unknown one is refused
with the place where it stands, so that stored records can never be half read.

Written form: ``Decimal`` as a string in plain notation with its scale kept ("12600.00"), ``date`` as YYYY-MM-DD, aware
``datetime`` as RFC 3339 in UTC ending in Z, tuples as arrays, frozen sets of text as sorted arrays, ``None`` as null. Where one of
several dataclasses may stand, their fields ``kind`` tell them apart.
Floats do not occur on either side.
"""

from __future__ import annotations

import dataclasses
import re
import types
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from udgam.rules.refusals import Reason, Refused

T = TypeVar("T")

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_LONGEST_DECIMAL = 40
# A tuple is looked through twice as fast as a union, and content is written several times a certificate.
_WRITTEN_AS_THEY_ARE = (bool, str, int)


class ShapeRefused(Refused):
    """Stored or received data does not have the shape its format promises."""

    reasons: ClassVar = {
        "shape.missing": Reason("The field {where} is missing.", "Send the record with every field of its format."),
        "shape.unknown": Reason(
            "The field {where} is not part of the format.", "Leave it out, or use a newer version."
        ),
        "shape.type": Reason("The field {where} does not hold {expected}.", "Correct the value and send it again."),
    }


def to_plain(value: Any) -> Any:
    """Return ``value`` as dictionaries, lists, text, whole numbers, booleans and None.

    Raises ``TypeError`` for floats and any other type outside the list above: writing one is a programming error.
    """
    if value is None or isinstance(value, _WRITTEN_AS_THEY_ARE):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _names(type(value))}
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[T], plain: object, where: str = "") -> T:
    """Build the dataclass ``kind`` from plain values. Raises ``ShapeRefused`` naming the place of the first fault."""
    if not isinstance(plain, dict):
        raise ShapeRefused("shape.type", where=where or "(the record)", expected="an object")
    # The cache's stub does not accept a type variable as a key, although every class is one.
    hints = _hints(kind)  # type: ignore[arg-type]
    prefix = f"{where}." if where else ""
    for name in plain:
        if name not in hints:
            raise ShapeRefused("shape.unknown", where=f"{prefix}{name}")
    values: dict[str, object] = {}
    for name, hint in hints.items():
        if name not in plain:
            raise ShapeRefused("shape.missing", where=f"{prefix}{name}")
        values[name] = _read(hint, plain[name], f"{prefix}{name}")
    return kind(**values)


def decimal_text(value: Decimal) -> str:
    """Write a decimal without exponent and with its scale: 12600.00 stays "12600.00". Refuses NaN and infinities."""
    if not value.is_finite():
        raise TypeError("only finite decimals can be written")
    return format(value.copy_abs() if value.is_zero() else value, "f")


def instant_text(value: datetime) -> str:
    """Write an aware moment as RFC 3339 in UTC, ending in Z. A naive one raises ``TypeError``."""
    if value.tzinfo is None:
        raise TypeError("a moment without a time zone cannot be written")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {part.name: hints[part.name] for part in dataclasses.fields(kind)}


def _read(hint: Any, plain: object, where: str) -> object:
    if type(hint) is type and hint in _EXPECTED:
        return _read_scalar(hint, plain, where)
    origin = get_origin(hint)
    if origin in (types.UnionType, Union):
        return _read_optional(hint, plain, where)
    if origin is Literal:
        if isinstance(plain, str) and plain in get_args(hint):
            return plain
        raise ShapeRefused("shape.type", where=where, expected="one of: " + ", ".join(get_args(hint)))
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], part, f"{where}[{n}]") for n, part in enumerate(_array(plain, where)))
    if origin is frozenset:
        return frozenset(str(_read(str, part, f"{where}[{n}]")) for n, part in enumerate(_array(plain, where)))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, plain, where)
    return _read_scalar(hint, plain, where)


def _read_optional(hint: Any, plain: object, where: str) -> object:
    inner = [part for part in get_args(hint) if part is not type(None)]
    if plain is None and len(inner) < len(get_args(hint)):
        return None
    if len(inner) == 1:
        return _read(inner[0], plain, where)
    return _read_one_of(inner, plain, where)


def _read_one_of(kinds: list[type], plain: object, where: str) -> object:
    """Several dataclasses may stand in one place when each has a field ``kind`` with one permitted word: it tells them apart."""
    by_word = {get_args(_hints(kind)["kind"])[0]: kind for kind in kinds}
    if not isinstance(plain, dict):
        raise ShapeRefused("shape.type", where=where, expected="an object")
    word = plain.get("kind")
    if not isinstance(word, str) or word not in by_word:
        raise ShapeRefused("shape.type", where=f"{where}.kind", expected="one of: " + ", ".join(by_word))
    return from_plain(by_word[word], plain, where)


def _array(plain: object, where: str) -> list[object]:
    if not isinstance(plain, list):
        raise ShapeRefused("shape.type", where=where, expected="a list")
    return plain


def _read_scalar(hint: Any, plain: object, where: str) -> object:
    if hint is bool and isinstance(plain, bool):
        return plain
    if hint is int and isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    if isinstance(plain, str):
        if hint is str:
            return plain
        read = _TEXT_FORMS.get(hint)
        if read is not None:
            value = read(plain)
            if value is not None:
                return value
    raise ShapeRefused("shape.type", where=where, expected=_EXPECTED.get(hint, "the right kind of value"))


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if len(text) <= _LONGEST_DECIMAL and _DECIMAL.fullmatch(text) else None


def _date(text: str) -> date | None:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return None
    return value if value.isoformat() == text else None


def _instant(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo is not None and instant_text(value) == text else None


_TEXT_FORMS: dict[Any, Any] = {Decimal: _decimal, date: _date, datetime: _instant}
_EXPECTED: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    Decimal: 'a decimal number written as text, like "12600.00"',
    date: "a date like 2026-11-22",
    datetime: "a moment like 2026-11-22T09:30:00Z",
}
