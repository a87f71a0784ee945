"""What an arrangement consists of, as far as issuing and showing its certificates needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

# How surely a field of the data is known: seen in a copy of the form or rule, inferred from one, or our own choice.
Evidence = Literal["seen", "inferred", "own"]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A numbered box of the form. ``fills`` names what is printed in it; ``label`` is printed above."""

    number: int
    label: str
    fills: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """An origin criterion: the code printed in the criterion box and what it means."""

    code: str
    meaning: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What the agency charges for one certificate, without tax."""

    amount: Decimal
    currency: str
    effective: date
    citation: str


@dataclass(frozen=True, kw_only=True)
class RequiredDocument:
    """A document without which nobody can apply."""

    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Copies:
    """How many leaves exist beside the electronic one."""

    electronic: bool
    original: int
    further: int
    citation: str


@dataclass(frozen=True, kw_only=True)
class PublicViews:
    """What the public sees, closed by default: a field that is not listed is not shown, an empty list opens nothing.

    ``by_number`` names the fields shown to whoever types a number, ``comparable`` those that can be compared with a paper,
    ``full`` the ways to open the whole content ("key": the key in the QR code; "document": the PDF itself; "invoice-and-country":
    number, invoice number and the consignee's country).
    """

    by_number: tuple[str, ...]
    comparable: tuple[str, ...]
    full: tuple[Literal["key", "document", "invoice-and-country"], ...]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """An arrangement. ``scheme`` is its three digits in application numbers; ``partners`` holds country codes or "*" for all.

    ``declaration`` may hold the placeholder {destination}. ``required_words`` must stand in the title of every certificate.
    """

    format: Literal["udgam.agreement/1"]
    code: str
    scheme: str
    name: str
    short_name: str
    title: str
    required_words: str
    legal_basis: str
    effective: date
    partners: tuple[str, ...]
    boxes: tuple[Box, ...]
    criteria: tuple[Criterion, ...]
    declaration: str
    certification: str
    fee: Fee
    documents: tuple[RequiredDocument, ...]
    copies: Copies
    public: PublicViews
    hs_digits: tuple[int, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]

    def box(self, fills: str) -> Box:
        """The box that prints ``fills``. Raises ``KeyError`` when the form has none."""
        for box in self.boxes:
            if box.fills == fills:
                return box
        raise KeyError(fills)

    def admits(self, country_code: str) -> bool:
        """Whether certificates under this arrangement are issued for that country of destination."""
        return country_code != "IN" and ("*" in self.partners or country_code in self.partners)
