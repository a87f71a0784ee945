"""Tables for other programs: CSV and XLSX, with cells that no spreadsheet takes for a formula.

A spreadsheet runs what begins with =, +, -, @, a tab or a line end. In CSV such a text gets an apostrophe in front (OWASP, CSV
injection), and so does what would begin a cell where lists are separated by a semicolon or a tab; every cell is quoted. In XLSX texts are written as texts, which nothing runs. Numbers are numbers in both.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse

Cell = str | int | Decimal | date | datetime | None
KINDS = ("csv", "xlsx")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a spreadsheet of another country divides the line once more: x;=1+1 is two cells to it.
_RUNS_BEHIND = re.compile(r"([;\t]\s*)(?=[=+\-@＝＋－＠])")
# Sheets cannot hold these (XML 1.0, section 2.2).
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exported(*, kind: str, name: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The table as a file to download; ``name`` is plain letters without an ending. Raises ``KeyError`` for another kind."""
    content = _csv(heading, rows) if kind == "csv" else _xlsx(heading, rows)
    response = HttpResponse(content, content_type=_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def harmless(text: str) -> str:
    """The text so that a spreadsheet that reads CSV shows it and runs nothing."""
    text = _RUNS_BEHIND.sub(r"\1'", text)
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def _csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(cell) for cell in heading])
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    # The mark at the beginning tells spreadsheets that this is UTF-8; else Hindi is garbled.
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(_UNWRITABLE.sub("", cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _xlsx(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "remove_timezone": True},
    )  # fmt: skip
    sheet = book.add_worksheet()
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    moment, day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, cell in enumerate(heading):
        sheet.write_string(0, column, cell, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value.replace(tzinfo=None), moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a cell has no zone
            elif isinstance(value, Decimal):
                sheet.write_number(number, column, float(value), amount)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, _UNWRITABLE.sub("", value)[:32_767])
    sheet.autofit()
    book.close()
    return file.getvalue()
