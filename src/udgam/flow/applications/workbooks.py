"""Workbooks for people to download. Every cell is written as text or number, never as a formula, whatever sign it begins with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from udgam.flow.applications.forms.bulk import GOODS, GOODS_SHEET, MATERIALS, MATERIALS_SHEET
from udgam.flow.applications.models import Application
from udgam.ground.agreements.queries import agreements_on
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import INDIA
from udgam.rules.origin import PROCESSES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Nothing is turned into a formula, a link or a number that was a text.
_AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
    "remove_timezone": True,
}


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


def workbook(
    title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], *, note: str = "", more: Sheet | None = None
) -> bytes:
    """A workbook with a head line that stays in sight, and perhaps ``more``: a second such sheet. ``note`` stands on the last one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _AS_TEXT) as book:
        _write(book, title, head, rows)
        if more is not None:
            _write(book, *more)
        if note:
            about = book.add_worksheet(_("About"))
            for number, line in enumerate(note.splitlines()):
                about.write_string(number, 0, line)
    return out.getvalue()


def _write(book: Any, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(head) - 1, 0), 22)


def list_workbook(applications: Iterable[Application], on: date) -> bytes:
    """The exporter's list of applications, with the names that the agreements have on a day."""
    known = agreements_on(on)
    head = [
        _("Application"),
        _("State"),
        _("Certificate"),
        _("Certificate number"),
        _("Consignee"),
        _("Destination"),
        _("Agency"),
        _("Office"),
        _("Begun"),
        _("Submitted"),
        _("Issued"),
    ]
    rows = (
        [
            row.number or "",
            _(APPLICATION.label(row.state)),
            _(known[row.agreement].short_name),
            row.certificate_number,
            row.consignee_name,
            row.destination,
            row.office.agency.shown_name if row.office else "",
            row.office.shown_name if row.office else "",
            row.created_at.astimezone(INDIA),
            row.submitted_at.astimezone(INDIA) if row.submitted_at else None,
            row.issued_at.astimezone(INDIA) if row.issued_at else None,
        ]
        for row in applications
    )
    return workbook(_("Applications"), head, rows)


def template_workbook() -> bytes:
    """An empty table of goods and materials with an example in each sheet; the head lines are the names that are read."""
    goods = [
        "1",
        "Black pepper, whole",
        "090411",
        "MMS 1-200",
        200,
        "bags",
        10000,
        "KGM",
        10150,
        "61500.00",
        "USD",
        "",
        10000,
    ]
    material = ["1", "Pepper, raw", "090411", 10200, "KGM", "3.10", "price-paid", "IN", "", "INV 7", "2026-10-01", "Wayanad Growers", "Kalpetta", "1", "", "material", ""]  # fmt: skip
    note = _(
        "Fill in one row for each line of goods and one for each material; “line” joins a material to its line of goods.\n"
        "Leave the head lines as they are and delete the examples. Units are codes of UN/ECE Recommendation 20, countries of "
        "ISO 3166, currencies of ISO 4217.\nWrite days like 2026-11-22. “basis” is CIF or price-paid; “origin” is a country or unknown.\n"
        "“net_weight”, “number”, “part_of” and “role” may stay empty. A material made in India of listed parts gets a “number”, "
        "and its parts name it under “part_of”. “role” is material, accessory, retail-packing, transport-packing or indirect."
    )
    processes = _("“processes” may name what such a material was made by, in codes divided by commas:")
    note = f"{note}\n{processes} {', '.join(PROCESSES)}"
    return workbook(GOODS_SHEET, GOODS, [goods], note=note, more=(MATERIALS_SHEET, MATERIALS, [material]))
