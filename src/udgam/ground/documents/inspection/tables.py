"""Tables that people upload to be read, not to be kept: XLSX or CSV, looked at before any reader of workbooks sees them."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Literal
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from udgam.ground.documents.inspection import sheets
from udgam.ground.documents.refusals import DocumentRefused

TableType = Literal["xlsx", "csv"]
Cell = str | int | float | bool | object
MOST_COLUMNS = 60
# Whatever a part is called, a reader of workbooks takes it for a sheet only if it holds this.
_SHEET_DATA = b"sheetData"
_SHARED_TEXTS = b"sst"
# 10,000 rows of 60 cells with 60 characters each stay below this.
MOST_TEXT = 40_000_000
_PLACE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,12})")
_KNOWN_BEGINNINGS = (
    b"%PDF-",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"MZ",
    b"\x7fELF",
    b"GIF8",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
)


def table_type(content: bytes) -> TableType:
    """XLSX or CSV by content. Raises ``DocumentRefused`` for everything else, also for text that hides something binary."""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(_KNOWN_BEGINNINGS) or b"\x00" in content:
        raise DocumentRefused("documents.table_unknown")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused("documents.table_unknown") from error
    return "csv"


def read_table(content: bytes, *, most_rows: int) -> dict[str, list[list[str]]]:
    """The cells as text, by sheet; a CSV file is one sheet called "". Raises ``DocumentRefused``.

    A sheet with more than ``most_rows`` rows is refused before it is read: a reader of workbooks takes memory for every place
    up to the last one, and a single cell can claim to stand in row one million.
    """
    if table_type(content) == "csv":
        return {"": _read_csv(content, most_rows)}
    sheets.check(content)
    _refuse_far_places(content, most_rows)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = list(book.sheet_names)[:10]
        return {
            name: [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()] for name in names
        }
    except (CalamineError, ValueError, OSError) as error:
        raise DocumentRefused("documents.sheet_malformed") from error


def _read_csv(content: bytes, most_rows: int) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(rows) > most_rows:
                raise DocumentRefused("documents.table_rows", limit=str(most_rows))
            if len(row) > MOST_COLUMNS:
                raise DocumentRefused("documents.table_columns", limit=str(MOST_COLUMNS))
            rows.append(row)
    except csv.Error as error:
        raise DocumentRefused("documents.table_unknown") from error
    return rows


def _refuse_far_places(content: bytes, most_rows: int) -> None:
    """Refuse what would take much memory to read: places far out, and one long text that thousands of cells refer to."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            lengths: list[int] = []
            for xml in _parts_with(archive, _SHARED_TEXTS):
                # Of two parts with shared texts, whichever a reader takes is counted.
                found = _lengths_of_texts(xml)
                lengths = [max(pair) for pair in zip_longest(lengths, found, fillvalue=0)]
            text = 0
            for xml in _parts_with(archive, _SHEET_DATA):
                text += _look_at_sheet(xml, most_rows, lengths)
                if text > MOST_TEXT:
                    raise DocumentRefused("documents.sheet_bomb")
    except (BadZipFile, zlib.error, OSError, ValueError, ExpatError) as error:
        raise DocumentRefused("documents.sheet_malformed") from error


def _parts_with(archive: ZipFile, mark: bytes) -> Iterator[bytes]:
    for part in archive.infolist():
        xml = archive.read(part)
        if mark in xml:
            yield xml


def _lengths_of_texts(xml: bytes) -> list[int]:
    """The length of each shared text (``si`` of ECMA-376 part 1, 18.4.8), in characters."""
    lengths: list[int] = []

    def begin(name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = _parser()
    parser.StartElementHandler = begin
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    return lengths


def _look_at_sheet(xml: bytes, most_rows: int, shared: list[int]) -> int:
    """Ask a parser of XML for the places, since one place can be written in many ways. Readers of workbooks know UTF-8 alone.

    Returns the characters that the cells hold, those of shared texts counted each time.
    """
    row = column = characters = 0
    refers, value = False, ""

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, refers, value
        kind = name.rpartition(":")[2]
        if kind == "row":
            # Without a place of its own, each stands behind the one before.
            row, column = int(attributes.get("r", row + 1)), 0
        elif kind == "c":
            refers, value = attributes.get("t") == "s", ""
            found = _PLACE.fullmatch(attributes["r"]) if "r" in attributes else None
            column = _column(found[1]) if found else column + 1
            row = max(row, int(found[2])) if found else row
        if row > most_rows + 1:
            raise DocumentRefused("documents.table_rows", limit=str(most_rows))
        if column > MOST_COLUMNS:
            raise DocumentRefused("documents.table_columns", limit=str(MOST_COLUMNS))

    def end(name: str) -> None:
        nonlocal characters, refers
        if name.rpartition(":")[2] != "c" or not refers:
            return
        refers = False
        index = int(value) if value.strip() else 0
        characters += shared[index] if 0 <= index < len(shared) else 0
        if characters > MOST_TEXT:
            raise DocumentRefused("documents.sheet_bomb")

    def text(data: str) -> None:
        nonlocal characters, value
        characters += len(data)
        if refers and len(value) < 20:
            value += data

    parser = _parser()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    return characters


def _parser() -> XMLParserType:
    def refuse(*_about: object) -> None:
        raise ValueError("a workbook declares no types of its own")

    parser = ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _column(letters: str) -> int:
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number


def _text(cell: Cell) -> str:
    """A cell as a person would type it: whole numbers without a point, days as 2026-11-22."""
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return "" if cell is None else str(cell)
