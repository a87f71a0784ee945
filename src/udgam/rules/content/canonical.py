"""The one way to write JSON: RFC 8785, the JSON Canonicalization Scheme.

Whatever is hashed or signed is written here, so that the same content always has the same bytes, in every language that
implements the scheme. Floats are refused: amounts are decimal text in all our formats.
"""

from __future__ import annotations

import re
from json.encoder import JSONEncoder, encode_basestring
from typing import Any

from udgam.rules.content.refused import ContentRefused

# RFC 8785 section 3.2.2.3 writes numbers as ECMAScript does; whole numbers are exact there up to this bound.
_LARGEST = 2**53 - 1
_DEEPEST = 64
_SURROGATE = re.compile("[\ud800-\udfff]")
# Python's own writer, which is several times faster. For what `_is_simple` it writes the canonical form.
_SIMPLE = JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def canonical_json(value: Any) -> bytes:
    """Write ``value`` (None, booleans, whole numbers, text, lists, dictionaries with text keys) in canonical form.

    Returns UTF-8 without a byte order mark. Raises ``ContentRefused`` for floats, whole numbers beyond 2**53 - 1, lone
    surrogates, other types and nesting deeper than 64.
    """
    if _is_simple(value, 0):
        try:
            return _SIMPLE.encode(value).encode("utf-8")
        except UnicodeEncodeError:
            # A lone surrogate: the slow way says where it stands.
            pass
    parts: list[str] = []
    _write(value, parts, "$", 0)
    return "".join(parts).encode("utf-8")


def _is_simple(value: Any, depth: int) -> bool:
    """Whether Python's own writer gives the canonical form: exactly the plain types, whole numbers in range, names in ASCII, whose order
    is the same by code points and by UTF-16 code units. Everything else, and every refusal, is the slow way's."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if depth >= _DEEPEST:
        return False
    if kind is dict:
        if not all(type(name) is str and name.isascii() for name in value):
            return False
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    return all(type(part) is str or _is_simple(part, depth + 1) for part in value)


def _write(value: Any, parts: list[str], where: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise ContentRefused("content.depth")
    if value is None:
        parts.append("null")
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, str):
        parts.append(_text(value, where))
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ContentRefused("content.integer_range", where=where)
        parts.append(int.__repr__(value))
    elif isinstance(value, float):
        raise ContentRefused("content.float", where=where)
    elif isinstance(value, dict):
        _write_object(value, parts, where, depth)
    elif isinstance(value, list | tuple):
        for n, part in enumerate(value):
            parts.append("," if n else "[")
            _write(part, parts, f"{where}[{n}]", depth + 1)
        parts.append("]" if value else "[]")
    else:
        raise ContentRefused("content.type", where=where)


def _write_object(value: dict[Any, Any], parts: list[str], where: str, depth: int) -> None:
    written: dict[str, str] = {}
    for name in value:
        if not isinstance(name, str):
            raise ContentRefused("content.type", where=where)
        written[name] = _text(name, where)
    # Section 3.2.3 sorts names by their UTF-16 code units, which differs from code points beyond the basic plane.
    for n, name in enumerate(sorted(written, key=lambda text: text.encode("utf-16-be"))):
        parts.append("," if n else "{")
        parts.append(written[name])
        parts.append(":")
        _write(value[name], parts, f"{where}.{name}", depth + 1)
    parts.append("}" if value else "{}")


def _text(value: str, where: str) -> str:
    if _SURROGATE.search(value):
        raise ContentRefused("content.text", where=where)
    # Python escapes exactly what section 3.2.2.2 wants: the two-letter escapes, \u00xx in lower case, nothing else.
    # This is what `json.dumps` calls for a text without `ensure_ascii`; it makes an encoder for each call on the way.
    return str(encode_basestring(str(value)))
