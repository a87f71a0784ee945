"""Questions about cost sheets: what a line is made of, in order, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext

from udgam.flow.applications.models import ApplicationItem, CostMaterial, CostSheet
from udgam.rules.origin import PROCESSES


def cost_sheet_of(item: ApplicationItem) -> CostSheet | None:
    """The cost sheet of a line, if one was begun."""
    return getattr(item, "cost_sheet", None)


@dataclass(frozen=True)
class SheetTotals:
    """The sums of a cost sheet, in the line's currency. ``difference`` is what the FOB value has more than the sheet explains."""

    originating: Decimal
    non_originating: Decimal
    costs: Decimal
    total: Decimal
    fob: Decimal

    @property
    def difference(self) -> Decimal:
        return self.fob - self.total

    @property
    def share_non_originating(self) -> Decimal | None:
        """Non-originating materials in per cent of the FOB value, to two places, down; None without a value."""
        if self.fob <= 0:
            return None
        return (self.non_originating * 100 / self.fob).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


@dataclass(frozen=True)
class MaterialLine:
    """A material in the order of the bill of materials. ``whole`` is the number of what it is a part of, ``level`` how deep it lies."""

    row: CostMaterial
    level: int
    whole: int | None

    @property
    def may_have_parts(self) -> bool:
        """Parts are asked for where the origin of the material itself is worked out from them."""
        return self.row.origin in ("IN", "unknown")

    @property
    def processes(self) -> str:
        """The processes by which it was made here, in words."""
        return ", ".join(gettext(PROCESSES[code]) for code in self.row.processes if code in PROCESSES)


def material_lines(sheet: CostSheet | None) -> list[MaterialLine]:
    """The materials of a sheet, each followed by its parts."""
    rows = list(sheet.materials.all()) if sheet else []
    positions = {row.id: row.position for row in rows}
    parts: dict[int | None, list[CostMaterial]] = {}
    for row in rows:
        parts.setdefault(row.part_of_id, []).append(row)
    lines: list[MaterialLine] = []
    waiting = [(row, 0) for row in reversed(parts.get(None, []))]
    while waiting:
        row, level = waiting.pop()
        lines.append(MaterialLine(row, level, positions[row.part_of_id] if row.part_of_id else None))
        waiting += [(part, level + 1) for part in reversed(parts.get(row.id, []))]
    return lines


def sheet_totals(item: ApplicationItem) -> SheetTotals:
    """Add up a line's cost sheet. Materials of India and of partners that cumulate count as originating."""
    sheet = cost_sheet_of(item)
    own = {"IN", *(sheet.cumulate_with if sheet else ())}
    originating = foreign = Decimal(0)
    for row in sheet.materials.all() if sheet else ():
        if row.part_of_id:
            # It is contained in the value of the material that it went into.
            continue
        if row.origin in own:
            originating += row.value
        else:
            foreign += row.value
    costs = sheet.labour + sheet.overhead + sheet.other + sheet.profit if sheet else Decimal(0)
    return SheetTotals(originating, foreign, costs, originating + foreign + costs, item.fob)
