"""The parts that applications and certificates share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Mode = Literal["sea", "air", "road", "rail", "post", "multimodal"]


@dataclass(frozen=True, kw_only=True)
class Country:
    """A country: its ISO 3166-1 alpha-2 code and the English name that is printed."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Party:
    """A trader as printed: name, lines of the address without the country, country."""

    name: str
    address: tuple[str, ...]
    country: Country


@dataclass(frozen=True, kw_only=True)
class Transport:
    """Means of transport and route, as far as known.

    ``shipment`` says whether the application was made before or after the shipment. ``vessel`` is the ship's name or the
    number of the flight or vehicle; ``departure`` the date of leaving India.
    """

    mode: Mode
    shipment: Literal["before", "after"]
    vessel: str | None
    departure: date | None
    port_of_loading: str | None
    port_of_discharge: str | None
    route: str | None


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """A commercial invoice: number as on the shipping bill, and date."""

    number: str
    date: date


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of goods.

    ``hs_code`` is six or eight digits without dots. ``quantity`` counts ``unit`` (UN/ECE Recommendation 20 code or the unit's
    name as printed), ``gross_weight`` is in kilograms or None, ``fob`` in ``currency`` (ISO 4217). ``invoice`` is the number of
    the invoice that lists this line. ``criterion`` is a code of the agreement.
    """

    number: int
    marks: str
    packages: int
    package_kind: str
    description: str
    hs_code: str
    criterion: str
    quantity: Decimal
    unit: str
    gross_weight: Decimal | None
    fob: Decimal
    currency: str
    invoice: str
