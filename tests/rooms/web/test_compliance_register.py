"""The compliance register is whole and true: every check has one row, and every test and page it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[3]
REGISTER = ROOT / "docs" / "compliance.md"
STATES = {"met", "operator", "later", "not us"}
WCAG = [
    "1.1.1",
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.2.4",
    "1.2.5",
    "1.3.1",
    "1.3.2",
    "1.3.3",
    "1.3.4",
    "1.3.5",
    "1.4.1",
    "1.4.2",
    "1.4.3",
    "1.4.4",
    "1.4.5",
    "1.4.10",
    "1.4.11",
    "1.4.12",
    "1.4.13",
    "2.1.1",
    "2.1.2",
    "2.1.4",
    "2.2.1",
    "2.2.2",
    "2.3.1",
    "2.4.1",
    "2.4.2",
    "2.4.3",
    "2.4.4",
    "2.4.5",
    "2.4.6",
    "2.4.7",
    "2.5.1",
    "2.5.2",
    "2.5.3",
    "2.5.4",
    "3.1.1",
    "3.1.2",
    "3.2.1",
    "3.2.2",
    "3.2.3",
    "3.2.4",
    "3.3.1",
    "3.3.2",
    "3.3.3",
    "3.3.4",
    "4.1.1",
    "4.1.2",
    "4.1.3",
]
IDS = [
    *(f"Q{number}" for number in range(1, 26)),
    *(f"W{criterion}" for criterion in WCAG),
    *(f"S{number}" for number in range(1, 4)),
    *(f"L{number}" for number in range(1, 11)),
    *(f"D{number}" for number in range(1, 27)),
    *(f"O{number}" for number in range(1, 5)),
    *(f"P{number}" for number in range(1, 15)),
]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of the register's tables."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"[QWSLDOP][\d.]+", cells[0]):
            found.append(cells)
    return found


def untrue(named: str) -> str:
    """Why what a row names does not exist; empty if it does."""
    if named.startswith("page:"):
        reverse(named.removeprefix("page:"))
        return ""
    path, _, test = named.partition("::")
    if not (ROOT / path).exists():
        return f"{path} does not exist"
    if test and not re.search(rf"^def {re.escape(test)}\(", (ROOT / path).read_text(), re.MULTILINE):
        return f"{path} has no test {test}"
    return ""


def test_the_list_of_checks_is_that_of_the_guidelines() -> None:
    assert len(WCAG) == 50
    assert len([name for name in IDS if name[0] in "QWSL"]) == 88


def test_every_check_has_exactly_one_row() -> None:
    assert [cells[0] for cells in rows(REGISTER.read_text())] == IDS


def test_every_row_has_a_state_and_its_evidence_or_its_reason() -> None:
    for name, holds, state, evidence, remark in rows(REGISTER.read_text()):
        assert state in STATES, name
        assert holds, name
        if state == "met":
            assert "`" in evidence, f"{name} names no test or page"
        elif name != "L2":
            assert len(remark) > 6 or "`" in evidence, f"{name} gives no reason"


def test_every_test_and_page_that_is_named_exists() -> None:
    named = [(cells[0], name) for cells in rows(REGISTER.read_text()) for name in re.findall(r"`([^`]+)`", cells[3])]
    assert len(named) > 100
    assert [f"{row}: {why}" for row, name in named if (why := untrue(name))] == []


@pytest.mark.parametrize(
    "named", ["tests/rooms/web/test_nothing.py::test_x", "tests/rooms/web/test_notices.py::test_x"]
)
def test_a_name_that_leads_nowhere_is_noticed(named: str) -> None:
    assert untrue(named)
