"""Tables of goods and materials: the columns, and each row held against the same fields as the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.costs import LARGEST_VALUE, TOO_LARGE, CostSheetForm, MaterialForm, origin_choices
from udgam.flow.applications.forms.goods import ItemForm, cleaned_hs_code, currency_choices, unit_choices
from udgam.rules.origin import PROCESSES

GOODS = (
    "line",
    "description",
    "hs_code",
    "marks",
    "packages",
    "package_kind",
    "quantity",
    "unit",
    "gross_weight",
    "fob",
    "currency",
    "invoice",
    "net_weight",
)
MATERIALS = (
    "line",
    "description",
    "hs_code",
    "quantity",
    "unit",
    "unit_value",
    "basis",
    "origin",
    "weight_kg",
    "document_number",
    "document_date",
    "supplier_name",
    "supplier_address",
    "number",
    "part_of",
    "role",
    "processes",
)
GOODS_SHEET, MATERIALS_SHEET = "Goods", "Materials"
MOST_ROWS = 10_000
MOST_FAULTS = 300


class BulkUploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Table of goods"),
        help_text=gettext_lazy("XLSX or CSV after the template, at most 10,000 rows and 10 MB."),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].error_messages["required"] = _("Choose a file.")


@dataclass
class ReadRows:
    """What a table holds: rows as they can be kept, or what is wrong in which row."""

    goods: list[dict[str, Any]] = field(default_factory=list)
    materials: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    fault_count: int = 0

    def fault(self, text: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)


def count_rows(table: dict[str, list[list[str]]]) -> int:
    """How many rows there are to look at, the head lines not counted."""
    return sum(max(0, len(rows) - 1) for rows in table.values())


def read_rows(
    table: dict[str, list[list[str]]],
    *,
    lines: int,
    invoices: frozenset[str],
    today: date,
    progress: Callable[[int], None],
) -> ReadRows:
    """Hold every row against its fields. ``lines`` is how many lines of goods the application has already, for tables of materials
    alone. ``progress`` is told how many rows were looked at, every few hundred."""
    read = ReadRows()
    if count_rows(table) > MOST_ROWS:
        read.fault(
            _("The table has %(n)s rows; at most %(limit)s can be read.") % {"n": count_rows(table), "limit": MOST_ROWS}
        )
        return read
    done = 0
    for place, cells, kind in _rows_of(table, read):
        if kind == GOODS_SHEET:
            _take(read, read.goods, place, cells, _goods_fields())
        else:
            _take(read, read.materials, place, cells, _material_fields())
        done += 1
        if done % 250 == 0:
            progress(done)
    progress(done)
    _check_together(read, lines, invoices, today)
    return read


def _rows_of(table: dict[str, list[list[str]]], read: ReadRows) -> Iterator[tuple[str, dict[str, str], str]]:
    """Every filled row with its place, its cells by column, and whether it is goods or a material."""
    found = False
    for name, rows in table.items():
        head = [cell.strip().lower() for cell in rows[0]] if rows else []
        kind = GOODS_SHEET if set(GOODS) <= {*head, "invoice", "line", "net_weight"} else ""
        kind = MATERIALS_SHEET if not kind and {"unit_value", "origin"} <= set(head) else kind
        if not kind:
            continue
        found = True
        for number, row in enumerate(rows[1:], start=2):
            cells = {column: row[n].strip() for n, column in enumerate(head) if column and n < len(row)}
            if any(cells.values()):
                where = (
                    _("%(sheet)s, row %(n)s") % {"sheet": name, "n": number} if name else _("Row %(n)s") % {"n": number}
                )
                yield where, cells, kind
    if not found:
        read.fault(_("No sheet has the columns of the template. Download it and copy your rows into it."))


class ProcessCodes(forms.CharField):
    """Codes of processes in one cell, divided by commas or spaces."""

    def clean(self, value: Any) -> list[str]:
        codes = sorted({*super().clean(value).lower().replace(",", " ").split()})
        unknown = [code for code in codes if code not in PROCESSES]
        if unknown:
            raise ValidationError(
                _("There is no process “%(code)s”. The codes are: %(codes)s.")
                % {"code": unknown[0][:60], "codes": ", ".join(PROCESSES)},
                code="process",
            )
        return codes


_fields: dict[str, dict[str, forms.Field]] = {}


def _goods_fields() -> dict[str, forms.Field]:
    if GOODS_SHEET not in _fields:
        chosen = {name: ItemForm.base_fields[name] for name in GOODS if name in ItemForm.base_fields}
        chosen["unit"] = forms.ChoiceField(choices=unit_choices())
        chosen["currency"] = forms.ChoiceField(choices=currency_choices())
        chosen["net_weight"] = CostSheetForm.base_fields["net_weight_kg"]
        _fields[GOODS_SHEET] = chosen
    return _fields[GOODS_SHEET]


def _material_fields() -> dict[str, forms.Field]:
    if MATERIALS_SHEET not in _fields:
        own = {"part_of", "processes"}
        columns = [name for name in MATERIALS if name not in own and name in MaterialForm.base_fields]
        chosen = {name: MaterialForm.base_fields[name] for name in columns}
        chosen["unit"] = forms.ChoiceField(choices=unit_choices())
        chosen["origin"] = forms.ChoiceField(choices=origin_choices())
        chosen["number"] = forms.CharField(max_length=20, required=False)
        chosen["part_of"] = forms.CharField(max_length=20, required=False)
        chosen["processes"] = ProcessCodes(max_length=500, required=False)
        _fields[MATERIALS_SHEET] = chosen
    return _fields[MATERIALS_SHEET]


def _take(
    read: ReadRows, kept: list[dict[str, Any]], place: str, cells: dict[str, str], fields: dict[str, forms.Field]
) -> None:
    """Clean one row; it is kept only when all of it is right."""
    values: dict[str, Any] = {"place": place, "line": cells.get("line", ""), "invoice": cells.get("invoice", "")}
    is_right = True
    for name, cleaner in fields.items():
        typed = cells.get(name, "")
        try:
            value = cleaned_hs_code(typed) if name == "hs_code" and typed else cleaner.clean(typed)
        except ValidationError as error:
            is_right = False
            read.fault(
                _("%(place)s, %(column)s “%(typed)s”: %(fault)s")
                % {"place": place, "column": name, "typed": typed[:40], "fault": " ".join(error.messages)}
            )
        else:
            values[name] = _plain(value)
    if is_right:
        kept.append(values)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _check_together(read: ReadRows, lines: int, invoices: frozenset[str], today: date) -> None:
    """What only several rows together can show: line numbers that name nothing, invoices that are not entered, days to come."""
    numbered = {row["line"]: n for n, row in enumerate(read.goods, start=1) if row["line"]}
    has_goods = bool(read.goods)
    for row in read.goods:
        if row["invoice"] and row["invoice"].casefold() not in invoices:
            read.fault(
                _("%(place)s: invoice “%(number)s” is not in the list of invoices.")
                % {"place": row["place"], "number": row["invoice"][:60]}
            )
    for row in read.materials:
        line = row["line"]
        known = (
            line in numbered
            if has_goods
            else line.isascii() and line.isdigit() and len(line) <= 6 and 0 < int(line) <= lines
        )
        if not known:
            read.fault(
                _("%(place)s: there is no line of goods “%(line)s”.") % {"place": row["place"], "line": line[:20]}
            )
        elif has_goods:
            row["line"] = str(numbered[line])
        if row.get("document_date") and row["document_date"] > today.isoformat():
            read.fault(_("%(place)s: the day of the document is still to come.") % {"place": row["place"]})
        if Decimal(row["quantity"]) * Decimal(row["unit_value"]) >= LARGEST_VALUE:
            read.fault(f"{row['place']}: {TOO_LARGE}")
    _check_parts(read)


def _check_parts(read: ReadRows) -> None:
    """Numbers of materials are used once in a line, parts name one of them, and nothing is a part of itself."""
    numbered: dict[tuple[str, str], dict[str, Any]] = {}
    for row in read.materials:
        if not row["number"]:
            continue
        if (row["line"], row["number"]) in numbered:
            told = {"place": row["place"], "number": row["number"]}
            read.fault(_("%(place)s: the number “%(number)s” stands at another material of this line too.") % told)
        numbered[row["line"], row["number"]] = row
    for row in read.materials:
        seen: set[str] = set()
        above: dict[str, Any] | None = row
        while above is not None and above["part_of"]:
            name = above["part_of"]
            above = None if name in seen else numbered.get((row["line"], name))
            seen.add(name)
            if above is None or above is row:
                told = {"place": row["place"], "number": name}
                read.fault(
                    _("%(place)s: “%(number)s” is no other material of this line that it can be a part of.") % told
                )
                break
