"""Read IEC records from an operator's CSV file: for installations that have no access to the register's interface.

UTF-8, commas or semicolons, a header line. Each line is one of three kinds, named in the column ``row``:

    firm    iec name name_as_per_pan pan status constitution email mobile line1 line2 city state pin as_of
    person  iec name role mobile pan_sha256 line1 line2 city state pin
    branch  iec branch_code line1 line2 city state pin

``status`` is active or inactive; ``constitution`` and ``role`` are the words of ``rules.firm``; ``as_of`` is the day or moment
(ISO 8601) at which the register was asked, now when empty. A firm's people and branches may stand anywhere in the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast, get_args
from zoneinfo import ZoneInfo

from udgam.rules.firm import Address, Branch, Constitution, FirmPerson, FirmRecord, Role, Status
from udgam.rules.identifiers import parse_email, parse_iec, parse_mobile, parse_pan
from udgam.rules.refusals import Refused

COLUMNS = [
    "row",
    "iec",
    "name",
    "name_as_per_pan",
    "pan",
    "status",
    "constitution",
    "email",
    "mobile",
    "role",
    "pan_sha256",
    "branch_code",
    "line1",
    "line2",
    "city",
    "state",
    "pin",
    "as_of",
]
MAX_BYTES = 50 * 1024 * 1024
_INDIA = ZoneInfo("Asia/Kolkata")
_LONGEST = 300


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line; the firm that it belongs to is not imported."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class ImportResult:
    """The firms that can be taken over, and everything that was wrong."""

    records: tuple[FirmRecord, ...]
    problems: tuple[Problem, ...]


class FileUnusable(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass
class _Firm:
    """What was gathered for one IEC so far."""

    line: int
    cells: Mapping[str, str] | None = None
    people: list[FirmPerson] = field(default_factory=list)
    branches: dict[str, Branch] = field(default_factory=dict)
    is_sound: bool = True


class _Wrong(ValueError):
    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


def read_records(data: bytes, *, now: datetime) -> ImportResult:
    """Read the whole file. Raises ``FileUnusable`` when it is not such a file at all."""
    firms: dict[str, _Firm] = {}
    problems: list[Problem] = []
    for line, cells in _lines(data):
        firm: _Firm | None = None
        try:
            iec = _checked("iec", cells, lambda text: parse_iec(text).value)
            firm = firms.setdefault(iec, _Firm(line))
            _take(firm, cells, line)
        except _Wrong as wrong:
            problems.append(Problem(line, wrong.column, wrong.message))
            if firm is not None:
                firm.is_sound = False
    records = []
    for iec, firm in firms.items():
        if firm.cells is None:
            if firm.is_sound:
                problems.append(Problem(firm.line, "row", f"There is no firm line for {iec}."))
        elif firm.is_sound:
            try:
                records.append(_record(iec, firm, firm.cells, now))
            except _Wrong as wrong:
                problems.append(Problem(firm.line, wrong.column, wrong.message))
    return ImportResult(tuple(records), tuple(sorted(problems, key=lambda problem: problem.line)))


def _lines(data: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    if len(data) > MAX_BYTES:
        raise FileUnusable("The file has more than 50 MB; split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnusable("The file is not UTF-8. Save it as CSV UTF-8.") from error
    if "\x00" in text:
        raise FileUnusable("The file contains NUL, so it is not a CSV file.")
    header = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ",", strict=True
    )
    unknown = {name.strip() for name in reader.fieldnames or []} - set(COLUMNS)
    missing = {"row", "iec", "name"} - {name.strip() for name in reader.fieldnames or []}
    if unknown or missing:
        raise FileUnusable(
            f"Columns that are missing: {sorted(missing)}; columns that are not known: {sorted(unknown)}."
        )
    try:
        for cells in reader:
            if None in cells:
                raise FileUnusable(f"Line {reader.line_num} has more cells than the header.")
            clean = {key.strip(): " ".join((value or "").split()) for key, value in cells.items()}
            if any(clean.values()):
                yield reader.line_num, clean
    except csv.Error as error:
        raise FileUnusable(f"Line {reader.line_num} cannot be read: {error}.") from error


def _take(firm: _Firm, cells: Mapping[str, str], line: int) -> None:
    too_long = next((column for column, text in cells.items() if len(text) > _LONGEST), None)
    if too_long:
        raise _Wrong(too_long, f"This text has more than {_LONGEST} signs.")
    kind = cells.get("row", "").lower()
    if kind == "firm":
        if firm.cells is not None:
            raise _Wrong("iec", "This IEC has two firm lines.")
        firm.cells, firm.line = cells, line
    elif kind == "person":
        firm.people.append(_person(cells))
    elif kind == "branch":
        code = cells.get("branch_code", "")
        if not code or code in firm.branches:
            raise _Wrong("branch_code", "Each branch needs a code of its own.")
        firm.branches[code] = Branch(code=code, address=_address(cells))
    else:
        raise _Wrong("row", "Write firm, person or branch.")


def _record(iec: str, firm: _Firm, cells: Mapping[str, str], now: datetime) -> FirmRecord:
    return FirmRecord(
        iec=iec,
        name=_filled("name", cells),
        name_as_per_pan=cells.get("name_as_per_pan") or None,
        pan=_checked("pan", cells, lambda text: parse_pan(text).value) if cells.get("pan") else None,
        status=cast("Status", _word("status", cells, get_args(Status))),
        constitution=cast("Constitution", _word("constitution", cells, get_args(Constitution), default="other")),
        registered_office=_address(cells),
        email=_checked("email", cells, parse_email) if cells.get("email") else None,
        mobile=_checked("mobile", cells, parse_mobile) if cells.get("mobile") else None,
        people=tuple(firm.people),
        branches=tuple(firm.branches.values()),
        fetched_at=_moment(cells, now),
        source="import",
    )


def _person(cells: Mapping[str, str]) -> FirmPerson:
    digest = cells.get("pan_sha256", "").lower()
    if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise _Wrong("pan_sha256", "Write the SHA-256 of the PAN as 64 hexadecimal digits, or leave it empty.")
    return FirmPerson(
        name=_filled("name", cells),
        role=cast("Role", _word("role", cells, get_args(Role), default="other")),
        address=_address(cells) if cells.get("line1") else None,
        mobile=_checked("mobile", cells, parse_mobile) if cells.get("mobile") else None,
        pan_hash=digest or None,
    )


def _address(cells: Mapping[str, str]) -> Address:
    parts = {part: cells.get(part, "") for part in ("line1", "line2", "city", "state", "pin")}
    return Address(**parts)


def _moment(cells: Mapping[str, str], now: datetime) -> datetime:
    text = cells.get("as_of", "")
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Wrong("as_of", "Write the day as 2026-11-22.") from error
    # A bare day or time is meant as Indian time.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=_INDIA)
    if moment > now:
        raise _Wrong("as_of", "This day lies in the future.")
    return moment


def _filled(column: str, cells: Mapping[str, str]) -> str:
    if not cells.get(column):
        raise _Wrong(column, "This cell must not be empty.")
    return cells[column]


def _word(column: str, cells: Mapping[str, str], known: tuple[str, ...], default: str | None = None) -> str:
    word = cells.get(column, "").lower().replace(" ", "_").replace("-", "_") or default or ""
    if word not in known:
        raise _Wrong(column, f"Write one of: {', '.join(known)}.")
    return word


def _checked(column: str, cells: Mapping[str, str], parse: Callable[[str], str]) -> str:
    try:
        return parse(cells.get(column, ""))
    except Refused as error:
        raise _Wrong(column, error.message) from error
