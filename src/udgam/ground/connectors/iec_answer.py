"""Read the register's answer into the canonical record: lenient about spelling, strict about which firm it is.

The published schema says "text" where samples hold numbers, leading zeros are lost, and optional parts come and go. What decides
something (the code, the status, the names) must be there and readable; what only informs may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from udgam.rules.firm import Address, Branch, Constitution, FirmPerson, FirmRecord, Role
from udgam.rules.identifiers import pan_of_register, parse_email, parse_mobile
from udgam.rules.refusals import Refused

EXTENSION = "udgamExtension"
_LONGEST = 300
_MOST_ROWS = 1_000
_ROLES: Mapping[str, Role] = {
    "proprietor": "proprietor",
    "partner": "partner",
    "designated-partner": "designated_partner",
    "director": "director",
    "managing-director": "managing_director",
    "karta": "karta",
    "trustee": "trustee",
    "office-bearer": "office_bearer",
}
_CONSTITUTIONS = frozenset(
    {"proprietorship", "partnership", "company", "llp", "huf", "trust", "society", "cooperative", "government"}
)
# The fourth sign of a PAN tells what kind of holder it has (Income-tax Department); P is a natural person.
_BY_PAN: Mapping[str, Constitution] = {
    "P": "proprietorship",
    "C": "company",
    "H": "huf",
    "T": "trust",
    "G": "government",
    "L": "government",
}


class AnswerUnreadable(Exception):
    """The answer is not a record that can be relied on. The text says which part, without what stood there."""


def read_answer(body: bytes, *, iec: str, now: datetime) -> FirmRecord:
    """The record in the answer to a question about ``iec``. Raises ``AnswerUnreadable``."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AnswerUnreadable("not JSON") from error
    if not isinstance(content, dict):
        raise AnswerUnreadable("not an object")
    if _code(content.get("iec"), len(iec)) != iec:
        raise AnswerUnreadable("another IEC than asked for")
    name = _text(content.get("entityName"))
    if not name:
        raise AnswerUnreadable("no entityName")
    extension = _extension(content)
    contact = _object(extension.get("contact"))
    pan = _pan(content.get("pan"))
    return FirmRecord(
        iec=iec,
        name=name,
        name_as_per_pan=_text(extension.get("entityNameAsPerPan")) or None,
        pan=pan,
        status="active" if _status(content) == "0" else "inactive",
        constitution=_constitution(extension.get("constitution"), pan),
        registered_office=_address(content, "addressLine1", "addressLine2"),
        email=_email(contact.get("email")),
        mobile=_mobile(contact.get("mobile")),
        people=_people(content, extension),
        branches=_branches(content),
        fetched_at=now,
        source="api",
    )


def _extension(content: Mapping[str, Any]) -> Mapping[str, Any]:
    extension = _object(content.get(EXTENSION))
    # Another version may give the same words another meaning, so it is left aside as a whole.
    return extension if extension.get("version") == 1 else {}


def _code(value: object, length: int) -> str:
    """The IEC as text; a number has lost its leading zeros, which the length asked for brings back."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).zfill(length)
    text = _text(value).upper()
    return text.zfill(length) if text.isdecimal() else text


def _status(content: Mapping[str, Any]) -> str:
    if content.get("iecStatus") is None:
        raise AnswerUnreadable("no iecStatus")
    return _text(content["iecStatus"])


def _pan(value: object) -> str | None:
    try:
        return pan_of_register(_text(value)).value
    except Refused:
        return None


def _constitution(value: object, pan: str | None) -> Constitution:
    """As the extension says; else what the PAN's kind of holder leaves no doubt about."""
    word = _text(value).lower()
    if word in _CONSTITUTIONS:
        return cast("Constitution", word)
    return _BY_PAN.get(pan[3], "other") if pan else "other"


def _people(content: Mapping[str, Any], extension: Mapping[str, Any]) -> tuple[FirmPerson, ...]:
    """The extension's people when it lists any, else the names of the public shape."""
    listed = _rows(extension.get("people"))
    if listed:
        people = [_person(row) for row in listed]
    else:
        people = [FirmPerson(name=_text(row.get("name"))) for row in _rows(content.get("directors"))]
    return tuple(person for person in people if person.name)


def _person(row: Mapping[str, Any]) -> FirmPerson:
    address = _object(row.get("address"))
    digest = _text(row.get("panSha256")).lower()
    return FirmPerson(
        name=_text(row.get("name")),
        role=_ROLES.get(_text(row.get("role")).lower().replace("_", "-"), "other"),
        address=_address(address, "line1", "line2") if address else None,
        mobile=_mobile(row.get("mobile")),
        pan_hash=digest if re.fullmatch(r"[0-9a-f]{64}", digest) else None,
    )


def _branches(content: Mapping[str, Any]) -> tuple[Branch, ...]:
    branches = [
        Branch(code=_text(row.get("branchCode")), address=_address(row, "badd1", "badd2"))
        for row in _rows(content.get("branch"))
    ]
    codes = [branch.code for branch in branches]
    if "" in codes or len(set(codes)) != len(codes):
        raise AnswerUnreadable("branches without a code of their own")
    return tuple(branches)


def _address(row: Mapping[str, Any], line1: str, line2: str) -> Address:
    return Address(
        line1=_text(row.get(line1)),
        line2=_text(row.get(line2)),
        city=_text(row.get("city")),
        state=_text(row.get("state")),
        pin=_text(row.get("pin")),
    )


def _email(value: object) -> str | None:
    try:
        return parse_email(_text(value)) if _text(value) else None
    except Refused:
        return None


def _mobile(value: object) -> str | None:
    try:
        return parse_mobile(_text(value)) if _text(value) else None
    except Refused:
        return None


def _text(value: object) -> str:
    """Text or a whole number as one line of text; anything else counts as missing. Raises for a text out of proportion."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = " ".join(str(value).replace("\x00", " ").split())
    if len(text) > _LONGEST:
        raise AnswerUnreadable("a text that is too long")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise AnswerUnreadable("a text that is not Unicode") from error
    return "" if text.lower() in {"null", "na", "n/a", "-"} else text


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[Mapping[str, Any]]:
    """A list of objects; a single object stands for a list of one, as some gateways write it."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        return []
    if len(value) > _MOST_ROWS:
        raise AnswerUnreadable("too many rows")
    return [row for row in value if isinstance(row, dict)]
