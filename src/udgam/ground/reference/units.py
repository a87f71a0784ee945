"""Units of measure (UN/ECE Recommendation 20) and kinds of package (Recommendation 21): those that trade documents use."""

from __future__ import annotations

from dataclasses import dataclass

from udgam.ground.reference.names import read_list, which


@dataclass(frozen=True)
class Unit:
    """A unit of measure; `symbol` is what stands behind a number, the same in both languages, or empty."""

    code: str
    name: str
    symbol: str


@dataclass(frozen=True)
class Package:
    """A kind of package."""

    code: str
    name: str


def units(language: str = "en") -> tuple[Unit, ...]:
    """The units in the order in which a form offers them: mass, volume, length, area, count, energy."""
    name = which(language)
    return tuple(Unit(row["code"], row[name], row["symbol"]) for row in read_list("units"))


def unit(code: str, language: str = "en") -> Unit | None:
    """The unit with this code, in either case; None when it is not in the list."""
    return {entry.code: entry for entry in units(language)}.get(code.strip().upper())


def packages(language: str = "en") -> tuple[Package, ...]:
    """The kinds of package, the frequent ones first."""
    name = which(language)
    return tuple(Package(row["code"], row[name]) for row in read_list("packages"))


def package(code: str, language: str = "en") -> Package | None:
    """The kind of package with this code, in either case; None when it is not in the list."""
    return {entry.code: entry for entry in packages(language)}.get(code.strip().upper())
