"""Charts as drawings that the server makes: bars with their values written beside them, readable in print and without colour.

A chart never stands alone: the page shows the table with the same figures under it, and the drawing says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# So narrow that a telephone shows it nearly life-size: each label stands above its bar, each value behind it.
WIDTH = 340
_VALUE = 90
_ROW = 42
_BAR = 14
_LONGEST_LABEL = 40


@dataclass(frozen=True)
class Bar:
    """One bar with its place in the drawing."""

    label: str
    shown: str
    label_y: int
    y: int
    value_y: int
    width: int
    value_x: int


@dataclass(frozen=True)
class Chart:
    """A drawing of bars: what it shows in words, its size, its bars."""

    title: str
    summary: str
    height: int
    bars: tuple[Bar, ...]
    bar_height: int = _BAR
    width: int = WIDTH


def bars(title: str, rows: Sequence[tuple[str, int | Decimal, str]]) -> Chart:
    """A chart of horizontal bars from label, value and the value as it is written. Values are not negative."""
    largest = max((value for _label, value, _shown in rows), default=0) or 1
    room = WIDTH - _VALUE
    drawn = []
    for number, (label, value, shown) in enumerate(rows):
        width = int(room * value / largest)
        short = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
        top = number * _ROW
        drawn.append(Bar(short, shown, top + 13, top + 19, top + 31, max(width, 1 if value else 0), width + 6))
    summary = "; ".join(f"{label}: {shown}" for label, _value, shown in rows)
    return Chart(title, summary, len(rows) * _ROW + 8, tuple(drawn))
