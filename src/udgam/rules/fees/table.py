"""The fee table: what a certificate costs on a day, and the rate of tax, each with the notice that says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from udgam.rules.fees.money import paise_of
from udgam.rules.refusals import Reason, Refused

REASONS = {
    "fee.unknown": Reason(
        "The fee table has no fee “{code}” for {day}.", "Choose another service, or ask the help desk."
    ),
    "fee.form": Reason("The fee table cannot be used: {detail}.", "Correct the data file."),
}


class FeeRefused(Refused):
    """No such fee on that day, or a table that does not hold together."""

    reasons: ClassVar = REASONS


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What one service costs without tax, from a day until a day (both included, Indian dates)."""

    code: str
    name: str
    amount_paise: int
    valid_from: date
    valid_until: date | None
    source: str


@dataclass(frozen=True, kw_only=True)
class TaxRate:
    """A rate of tax in hundredths of a per cent (18 % is 1800), and the service accounting code it is charged under."""

    name: str
    basis_points: int
    sac: str
    valid_from: date
    valid_until: date | None
    source: str


@dataclass(frozen=True, kw_only=True)
class FeeTable:
    """All fees and rates that were ever in force."""

    version: str
    fees: tuple[Fee, ...]
    taxes: tuple[TaxRate, ...]

    def fee(self, code: str, on: date) -> Fee:
        """The fee in force on that day in India. Raises ``FeeRefused``."""
        for fee in self.fees:
            if fee.code == code and _covers(fee, on):
                return fee
        raise FeeRefused("fee.unknown", code=code[:40], day=on.isoformat())

    def tax(self, on: date) -> TaxRate:
        """The rate of GST in force on that day in India. Raises ``FeeRefused`` for a day before GST."""
        for tax in self.taxes:
            if _covers(tax, on):
                return tax
        raise FeeRefused("fee.unknown", code="GST", day=on.isoformat())

    def in_force(self, on: date) -> tuple[Fee, ...]:
        """The fees in force on that day, in the order of the table."""
        return tuple(fee for fee in self.fees if _covers(fee, on))


def _covers(row: Fee | TaxRate, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or on <= row.valid_until)


@cache
def load_fees() -> FeeTable:
    """The platform's fee table."""
    return read_fees(resources.files(__package__).joinpath("fees.json").read_bytes())


def read_fees(data: bytes) -> FeeTable:
    """Read a fee table. Raises ``FeeRefused``: two rows for one fee and day, an amount that is none, a row without a source."""
    try:
        plain = json.loads(data)
        table = FeeTable(
            version=str(plain["version"]),
            fees=tuple(_fee(row) for row in plain["fees"]),
            taxes=tuple(_tax(row) for row in plain["taxes"]),
        )
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as fault:
        raise FeeRefused("fee.form", detail=f"a row does not fit ({type(fault).__name__})") from fault
    _check(table)
    return table


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _fee(row: Mapping[str, Any]) -> Fee:
    return Fee(
        code=row["code"],
        name=row["name"],
        amount_paise=paise_of(Decimal(row["amount"])),
        valid_from=date.fromisoformat(row["from"]),
        valid_until=_day(row["until"]),
        source=row["source"],
    )


def _tax(row: Mapping[str, Any]) -> TaxRate:
    basis_points = Decimal(row["rate_percent"]) * 100
    if basis_points != int(basis_points):
        raise ValueError("a rate has at most two places")
    return TaxRate(
        name=row["name"],
        basis_points=int(basis_points),
        sac=row["sac"],
        valid_from=date.fromisoformat(row["from"]),
        valid_until=_day(row["until"]),
        source=row["source"],
    )


def _check(table: FeeTable) -> None:
    rows: list[tuple[str, Fee | TaxRate]] = [(fee.code, fee) for fee in table.fees]
    rows += [("GST", tax) for tax in table.taxes]
    seen: dict[str, list[Fee | TaxRate]] = {}
    for code, row in rows:
        if not row.source.strip():
            raise FeeRefused("fee.form", detail=f"{code} names no source")
        if isinstance(row, Fee) and row.amount_paise <= 0:
            raise FeeRefused("fee.form", detail=f"{code} costs nothing")
        if row.valid_until is not None and row.valid_until < row.valid_from:
            raise FeeRefused("fee.form", detail=f"{code} ends before it begins")
        if any(_covers(other, row.valid_from) or _covers(row, other.valid_from) for other in seen.get(code, [])):
            raise FeeRefused("fee.form", detail=f"{code} has two rows for one day")
        seen.setdefault(code, []).append(row)
