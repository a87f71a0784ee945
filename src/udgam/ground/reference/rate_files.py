"""Reading a file of currency rates, strictly: every line is looked at before anything is kept."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from udgam.ground.reference.currencies import currency

COLUMNS = ("currency", "units", "rupees", "valid_from")
LARGEST = 1024 * 1024
MOST_LINES = 5_000
_MOST_RUPEES = Decimal(10_000_000)


@dataclass(frozen=True)
class ReadRate:
    """One line that can be kept."""

    currency: str
    units: int
    rupees: Decimal
    valid_from: date


@dataclass(frozen=True)
class RateFile:
    """What a file holds. ``problems`` name line and fault; with any of them nothing of the file is to be kept."""

    rates: tuple[ReadRate, ...]
    problems: tuple[str, ...]


def read_rate_file(content: bytes) -> RateFile:
    """Read CSV in UTF-8 with the columns currency, units, rupees, valid_from (2026-11-19), in any order, with a head line."""
    if len(content) > LARGEST:
        return RateFile((), (_("The file is larger than one megabyte."),))
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))[: MOST_LINES + 1]
    except (UnicodeDecodeError, csv.Error, ValueError):
        return RateFile((), (_("The file is not CSV text in UTF-8."),))
    head = set(lines[0]) if lines else set()
    if not head >= set(COLUMNS):
        return RateFile((), (_("The first line must name the columns: %(names)s.") % {"names": ", ".join(COLUMNS)},))
    if len(lines) > MOST_LINES:
        return RateFile((), (_("The file has more than %(n)s lines.") % {"n": MOST_LINES},))
    return _read_lines(lines)


def _read_lines(lines: list[dict[str, str]]) -> RateFile:
    rates: dict[tuple[str, date], ReadRate] = {}
    problems = []
    for number, line in enumerate(lines, start=2):
        read = _read_line(line)
        if isinstance(read, str):
            problems.append(_("Line %(n)s: %(fault)s") % {"n": number, "fault": read})
        elif (read.currency, read.valid_from) in rates:
            problems.append(
                _("Line %(n)s: %(fault)s") % {"n": number, "fault": _("this currency and day stand twice.")}
            )
        else:
            rates[read.currency, read.valid_from] = read
    return RateFile(tuple(rates.values()), tuple(problems))


def _read_line(line: dict[str, str]) -> ReadRate | str:
    if None in line or any(line.get(name) is None for name in COLUMNS):
        return _("the number of columns is wrong.")
    code, units, rupees, day = (line[name].strip() for name in COLUMNS)
    found = currency(code)
    if found is None or found.code == "INR":
        return _("the currency is not known.")
    if units not in {"1", "10", "100", "1000"}:
        return _("units must be 1, 10, 100 or 1000.")
    try:
        amount = Decimal(rupees)
    except InvalidOperation:
        return _("the rupees are not a number.")
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or not 0 < amount < _MOST_RUPEES or not isinstance(exponent, int) or exponent < -6:
        return _("the rupees are not a number.")
    try:
        valid_from = date.fromisoformat(day)
    except ValueError:
        return _("the day is not written like 2026-11-19.")
    if not 2000 <= valid_from.year <= 2100:
        return _("check the year of this day.")
    return ReadRate(found.code, int(units), amount, valid_from)
