"""Which agencies issue under an arrangement: the room of agencies stands above and says so when the apps are ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Issuer:
    """An office that may issue: agency and office by their names in both languages, and the office's town or address."""

    agency: str
    agency_hindi: str
    office: str
    office_hindi: str


IssuerReader = Callable[[str, date], tuple[Issuer, ...]]
_readers: list[IssuerReader] = []


def register_issuer_reader(reader: IssuerReader) -> None:
    """Tell this room how to learn who may issue under a code on a day. The last one counts."""
    _readers.append(reader)


def issuers_of(code: str, day: date) -> tuple[Issuer, ...]:
    """The offices that may issue under an arrangement on a day; none as long as no room has said."""
    return _readers[-1](code, day) if _readers else ()
