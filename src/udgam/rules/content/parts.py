"""The parts that applications and certificates share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from udgam.rules.content.editions import since

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
    number of the flight or vehicle; ``departure`` the date of leaving India. Edition 2: ``document_kind`` and
    ``document_number`` name the transport document ("bill-of-lading", "air-waybill" and others), the port codes are UN/LOCODE.
    """

    mode: Mode
    shipment: Literal["before", "after"]
    vessel: str | None
    departure: date | None
    port_of_loading: str | None
    port_of_discharge: str | None
    route: str | None
    document_kind: str | None = since(2, None)
    document_number: str | None = since(2, None)
    port_of_loading_code: str | None = since(2, None)
    port_of_discharge_code: str | None = since(2, None)


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """A commercial invoice: number as on the shipping bill, and date. Edition 2: who issued it."""

    number: str
    date: date
    issuer: Literal["exporter", "third-party"] = since(2, "exporter")


@dataclass(frozen=True, kw_only=True)
class ShippingBill:
    """A shipping bill of the consignment: number, date and the code of the customs port where it was filed.

    ``invoice`` is the number of the invoice as the bill states it; applications say it, so that the two are compared.
    """

    number: str
    date: date
    port: str
    invoice: str | None = since(3, None)


@dataclass(frozen=True, kw_only=True)
class RuleData:
    """The agreement's data under which something was decided: its version, and the hexadecimal SHA-256 of its file."""

    version: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of goods.

    ``hs_code`` is six or eight digits without dots. ``quantity`` counts ``unit`` (UN/ECE Recommendation 20 code or the unit's
    name as printed), ``gross_weight`` is in kilograms or None, ``fob`` in ``currency`` (ISO 4217). ``invoice`` is the number of
    the invoice that lists this line. ``criterion`` is a code of the agreement. Edition 2: ``criterion_text`` is what stands
    in the criterion box, word for word (empty: the code itself); ``finding_sha256`` the hexadecimal digest of the finding of
    origin on which it rests, or None where no rule was calculated.
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
    criterion_text: str = since(2, "")
    finding_sha256: str | None = since(2, None)

    @property
    def criterion_printed(self) -> str:
        """What stands in the criterion box."""
        return self.criterion_text or self.criterion
