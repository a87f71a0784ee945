"""The cost sheets of a case with the shares that the officer would otherwise work out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from udgam.flow.applications.models import CostMaterial
from udgam.flow.examination.queries import Case
from udgam.flow.examination.shown import country_name
from udgam.rules.content.application import CostSheet, MaterialRow
from udgam.rules.origin import PROCESSES

# What rounding of unit values may leave between the costs and the value of the line.
_SLACK = Decimal("0.01")


@dataclass(frozen=True)
class CostRow:
    """A material or another cost, with its share of the line's FOB value in percent. ``material`` is the row as it was signed."""

    what: str
    origin: str
    value: Decimal
    share: Decimal | None
    material: MaterialRow | None = None
    basis: str = ""
    # What it is to the goods, where that is not simply a material; and the number of the material that it is a part of.
    role: str = ""
    number: int | None = None
    part_of: int | None = None
    # By which it was made of its own parts, in words.
    processes: str = ""


@dataclass(frozen=True)
class ShownSheet:
    """A cost sheet: its rows, what is not of India, and whether everything adds up to ex-works price or FOB value."""

    item: int
    wholly_obtained: bool
    currency: str
    rows: tuple[CostRow, ...]
    foreign_share: Decimal | None
    adds_up: bool
    net_weight: Decimal | None


def cost_panel(case: Case, now: datetime) -> Mapping[str, Any] | None:
    """The panel of the case page; None for an application without cost sheets."""
    items = {item.number: item for item in case.content.items}
    sheets = [
        _shown(sheet, items[sheet.item].fob if items[sheet.item].currency == sheet.currency else None)
        for sheet in case.content.cost_sheets
        if sheet.item in items
    ]
    return {"title": _("Cost sheet"), "sheets": sheets} if sheets else None


def _shown(sheet: CostSheet, fob: Decimal | None) -> ShownSheet:
    def share(value: Decimal) -> Decimal | None:
        return value * 100 / fob if fob else None

    bases = dict(CostMaterial.Basis.choices)
    materials = [
        CostRow(
            row.description,
            _origin(row),
            row.value,
            share(row.value),
            row,
            str(bases[row.basis]),
            str(CostMaterial.Role(row.role).label) if row.role != "material" else "",
            number,
            row.part_of,
            ", ".join(_(PROCESSES[code]) for code in row.processes if code in PROCESSES),
        )
        for number, row in enumerate(sheet.materials, start=1)
    ]
    others = [
        CostRow(label, "", value, share(value))
        for label, value in (
            (_("Labour"), sheet.labour),
            (_("Overhead"), sheet.overhead),
            (_("Profit"), sheet.profit),
            (_("Other costs"), sheet.other),
        )
        if value
    ]
    total = sum((row.value for row in (*materials, *others) if row.part_of is None), Decimal())
    whole = sheet.ex_works if sheet.ex_works is not None else fob
    foreign = sum((row.value for row in sheet.of_the_goods if row.origin != "IN"), Decimal())
    adds_up = not others or whole is None or abs(total - whole) <= max(whole, Decimal(1)) * _SLACK
    return ShownSheet(
        item=sheet.item,
        wholly_obtained=sheet.wholly_obtained,
        currency=sheet.currency,
        rows=(*materials, *others),
        foreign_share=share(foreign),
        adds_up=adds_up,
        net_weight=sheet.net_weight_kg,
    )


def _origin(row: MaterialRow) -> str:
    return _("Not known") if row.origin == "unknown" else country_name(row.origin)
