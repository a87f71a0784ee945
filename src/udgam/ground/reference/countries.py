"""Countries: ISO 3166-1 (pycountry) with the short names of the Unicode CLDR (Babel) in English and Hindi."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale

from udgam.ground.reference.names import Language, which


@dataclass(frozen=True)
class Country:
    """A country: its two-letter and three-letter code and its name in the language asked for."""

    code: str
    alpha3: str
    name: str


def countries(language: str = "en") -> tuple[Country, ...]:
    """All countries, sorted by name."""
    return _all(which(language))


def country(code: str, language: str = "en") -> Country | None:
    """The country with this two-letter code, in either case; None when there is none."""
    return _by_code(which(language)).get(code.strip().upper())


@cache
def _all(language: Language) -> tuple[Country, ...]:
    names = Locale(language).territories
    found = [
        Country(entry.alpha_2, entry.alpha_3, names.get(entry.alpha_2, entry.name)) for entry in pycountry.countries
    ]
    return tuple(sorted(found, key=lambda country: country.name.casefold()))


@cache
def _by_code(language: Language) -> dict[str, Country]:
    return {entry.code: entry for entry in _all(language)}
