"""What a page asks for, read strictly: unknown fields, doubled fields and wrong types are refused, not ignored.

The format is documented in docs/mechanisms/agent-protocol.md.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from udgam_agent import PROTOCOL
from udgam_agent.errors import Refused

AUTHENTICATE_LIMIT = 16 * 1024
LIST_LIMIT = 512 * 1024
DOCUMENT_LIMIT = 25 * 1024 * 1024
MOST_ITEMS = 1000

AUTHENTICATE_PURPOSES = ("register", "sign-in", "step-up", "check")
MEDIA_TYPES = ("application/json", "text/plain", "application/pdf")

_NONCE = re.compile(r"[A-Za-z0-9+/_-]{42,126}={0,2}")
_PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Control characters and the signs that reorder or hide text or are never seen: a title that uses them is trying to look
# like another. Joiners are left, since Devanagari needs them.
_DECEIVING = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True)
class ListedItem:
    """One document of the list the person confirms. `sha256` is lower-case hexadecimal."""

    id: str
    title: str
    number: str
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Authenticate:
    purpose: str
    nonce: str
    lang: str


@dataclass(frozen=True)
class Sign:
    purpose: str
    lang: str
    items: tuple[ListedItem, ...]


@dataclass(frozen=True)
class OfferedDocument:
    """A document the page hands over for signing, still to be checked against the confirmed list."""

    id: str
    kind: str
    media_type: str
    data: bytes
    signed_attributes: bytes | None


def bad(detail: str) -> Refused:
    return Refused("agent.request-malformed", detail=detail)


def strict_json(text: str | bytes) -> Any:
    """Parse JSON; doubled names, NaN and Infinity are refused (RFC 8259 leaves them open, so readers differ)."""

    def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            raise bad("a name stands twice in one object")
        return result

    def no_constant(name: str) -> None:
        raise bad(f"{name} is not JSON")

    try:
        return json.loads(text, object_pairs_hook=no_doubles, parse_constant=no_constant)
    except RecursionError as problem:
        raise bad("nested too deeply") from problem
    except ValueError as problem:
        raise bad("not JSON") from problem


def fields(value: Any, required: set[str], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad("an object was expected")
    names = set(value)
    if missing := required - names:
        raise bad(f"missing: {', '.join(sorted(missing))}")
    if unknown := names - required - optional:
        raise bad(f"unknown: {', '.join(sorted(name[:30] for name in unknown))}")
    return value


def _text(value: Any, name: str, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise bad(f"{name} is not in the expected form")
    return value


def _words(value: Any, name: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise bad(f"{name} is not text of at most {longest} characters")
    if _DECEIVING.search(value):
        raise bad(f"{name} holds characters that hide or reorder text")
    return value


def _item(value: Any) -> ListedItem:
    data = fields(value, {"id", "title", "number", "sha256", "media_type"})
    if data["media_type"] not in MEDIA_TYPES:
        raise bad("media_type is not one the agent can show")
    return ListedItem(
        _text(data["id"], "id", _ID),
        _words(data["title"], "title", 300),
        _words(data["number"], "number", 120),
        _text(data["sha256"], "sha256", _SHA256),
        data["media_type"],
    )


def read_request(text: str) -> Authenticate | Sign:
    """Read the form field `request`. Raises `Refused` ("agent.request-malformed", "agent.request-version", ...)."""
    data = strict_json(text)
    if not isinstance(data, dict):
        raise bad("an object was expected")
    if type(data.get("version")) is not int:
        raise bad("version is not a number")
    if data["version"] != PROTOCOL:
        raise Refused("agent.request-version", wanted=str(data["version"])[:10], known=str(PROTOCOL))
    lang = data.get("lang", "en")
    if lang not in ("en", "hi"):
        raise bad("lang is neither en nor hi")
    if data.get("kind") == "authenticate":
        if len(text.encode()) > AUTHENTICATE_LIMIT:
            raise Refused("agent.too-large", status=413, limit="16 KiB")
        fields(data, {"version", "kind", "purpose", "nonce"}, frozenset({"lang"}))
        if data["purpose"] not in AUTHENTICATE_PURPOSES:
            raise bad("purpose is not one of those the protocol knows")
        return Authenticate(data["purpose"], _text(data["nonce"], "nonce", _NONCE), lang)
    if data.get("kind") == "sign":
        fields(data, {"version", "kind", "purpose", "items"}, frozenset({"lang"}))
        if not isinstance(data["items"], list) or not 1 <= len(data["items"]) <= MOST_ITEMS:
            raise bad(f"items is not a list of 1 to {MOST_ITEMS}")
        items = tuple(_item(entry) for entry in data["items"])
        if len({item.id for item in items}) != len(items):
            raise bad("two items have the same id")
        return Sign(_text(data["purpose"], "purpose", _PURPOSE), lang, items)
    raise bad("kind is neither authenticate nor sign")
