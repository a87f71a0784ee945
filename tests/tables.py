"""Tables that tests leave for the end of the run: a test records its lines, and they are printed below the results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

PROPERTY = "table"


def leave_table(record: Callable[[str, Any], None], title: str, rows: Iterable[Sequence[object]]) -> None:
    """Record a table through the fixture ``record_property``."""
    lines = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    body = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    record(PROPERTY, "\n".join([title, *body]))


def print_tables(reporter: Any) -> None:
    """Print what tests recorded."""
    for report in reporter.stats.get("passed", []) + reporter.stats.get("failed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == PROPERTY:
                reporter.write_line("")
                reporter.write_line(str(value))
