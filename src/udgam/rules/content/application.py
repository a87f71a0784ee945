"""What an exporter applies for and signs, format udgam.application/4 (and /1 to /3, which lack what later editions brought)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from udgam.rules.content.editions import since
from udgam.rules.content.parts import Country, Invoice, Item, Party, RuleData, ShippingBill, Transport

ApplicationFormat = Literal["udgam.application/1", "udgam.application/2", "udgam.application/3", "udgam.application/4"]
APPLICATION_FORMAT: ApplicationFormat = "udgam.application/4"
# What a material is to the goods, in the words of the engine.
MaterialRole = Literal["material", "accessory", "retail-packing", "transport-packing", "indirect"]


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """The exporter: firm and the branch or registered office from which the goods go.

    ``branch`` is the register's branch code, or None for the registered office. Either ``gstin`` or ``sez_state`` (the GST code
    of the State) is given.
    """

    iec: str
    registration_number: str
    name: str
    address: tuple[str, ...]
    country: Country
    branch: str | None
    gstin: str | None
    sez_state: str | None


@dataclass(frozen=True, kw_only=True)
class AttachedDocument:
    """An uploaded document, bound to the application by the SHA-256 of its bytes (hexadecimal)."""

    kind: str
    title: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ApplicationDeclaration:
    """What the exporter declares. ``version`` names the wording; ``goods_at`` says where the goods can be seen now, ``grounds``
    why they meet the origin requirements."""

    version: str
    text: str
    goods_at: str
    grounds: str
    place: str
    date: date
    name: str
    designation: str


@dataclass(frozen=True, kw_only=True)
class MaterialRow:
    """A material used in a product, for one unit of account of the cost sheet.

    ``hs_code`` is six or eight digits; ``quantity`` counts ``unit``; ``value`` is quantity times ``unit_value``, in the sheet's
    currency, on the ``basis`` "CIF" or "price-paid". ``origin`` is an ISO 3166 code, "IN", or "unknown". The document is the
    bill of entry or invoice under which it was bought. Edition 3: ``role`` says what it is to the goods; ``part_of`` is the number (from 1)
    of the row for the intermediate material that it went into, or None when it went into the goods themselves. Edition 4:
    ``processes`` are the codes of what was carried out in India to make it, where it is such an intermediate material.
    """

    description: str
    hs_code: str
    quantity: Decimal
    unit: str
    unit_value: Decimal
    value: Decimal
    basis: Literal["CIF", "price-paid"]
    origin: str
    weight_kg: Decimal | None
    document_number: str
    document_date: date | None
    supplier_name: str
    supplier_address: str
    role: MaterialRole = since(3, "material")
    part_of: int | None = since(3, None)
    processes: tuple[str, ...] = since(4, ())


@dataclass(frozen=True, kw_only=True)
class CostSheet:
    """What one item is made of and what it cost. Amounts are in ``currency`` (ISO 4217); ``item`` is the item's number.

    ``cumulate_with`` are ISO 3166 codes of partners whose materials count as originating; ``processes`` the codes of processes
    that the exporter states. Edition 3: ``net_weight_kg`` is what the goods of the line weigh without packing, for tolerances by weight.
    """

    item: int
    wholly_obtained: bool
    currency: str
    ex_works: Decimal | None
    labour: Decimal
    overhead: Decimal
    profit: Decimal
    other: Decimal
    cumulate_with: tuple[str, ...]
    processes: tuple[str, ...]
    materials: tuple[MaterialRow, ...]
    net_weight_kg: Decimal | None = since(3, None)

    @property
    def of_the_goods(self) -> tuple[MaterialRow, ...]:
        """The materials that went into the goods themselves: parts are contained in the value of what they went into."""
        return tuple(row for row in self.materials if row.part_of is None)


@dataclass(frozen=True, kw_only=True)
class OriginClaim:
    """What the exporter claims for one item, and on which finding it rests.

    ``finding_sha256`` is the hexadecimal digest of the finding as it was shown, None where nothing could be calculated;
    ``reason`` is the exporter's own where the claim contradicts the finding, else empty.
    """

    item: int
    criterion: str
    text: str
    finding_sha256: str | None
    qualifies: bool | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeclaredRupees:
    """The value of an item in Indian rupees that the exporter declares in place of the table's rate, and why."""

    item: int
    value: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class RuleTables:
    """The tables that decided beside the agreement's data, by hexadecimal SHA-256, None where there was none.

    ``product_rules`` is over the file in the format udgam.product-rules/1 as CSV, ``correlation`` over the canonical JSON of the
    table's edition and rows.
    """

    product_rules: str | None
    correlation: str | None


@dataclass(frozen=True, kw_only=True)
class ApplicationContent:
    """Everything an application says. The canonical JSON of this is what the exporter's token signs.

    ``version`` counts the submissions of one application: 1, and one more with every answer to a discrepancy; ``answer`` is that
    answer. ``agency`` and ``office`` are the codes of the chosen agency and its office.

    Edition 2: ``kind`` of certificate; ``producer`` and ``third_party`` as on the certificate; ``cost_sheets`` and ``claims``
    item by item; ``rules`` the agreement's data by which the findings were made; ``marks`` what the exporter asks to be ticked;
    ``retrospective`` the reason for applying after the shipment; ``in_lieu_of`` the number of the certificate to be replaced;
    ``rupees`` the values in rupees that the exporter declares instead of those by the table of rates. Edition 4: ``tables`` are
    those by which the findings were made; None where no rule of origin decides.
    """

    format: ApplicationFormat = APPLICATION_FORMAT
    number: str
    version: int
    agreement: str
    scheme: str
    agency: str
    agency_name: str
    office: str
    office_name: str
    exporter: Applicant
    consignee: Party
    destination: Country
    transport: Transport
    postal_delivery: bool
    hs_edition: str
    invoices: tuple[Invoice, ...]
    items: tuple[Item, ...]
    documents: tuple[AttachedDocument, ...]
    comments: str
    answer: str | None
    declaration: ApplicationDeclaration
    kind: Literal["preferential", "non-preferential"] = since(2, "non-preferential")
    producer: Party | None = since(2, None)
    third_party: Party | None = since(2, None)
    shipping_bills: tuple[ShippingBill, ...] = since(2, ())
    cost_sheets: tuple[CostSheet, ...] = since(2, ())
    claims: tuple[OriginClaim, ...] = since(2, ())
    rules: RuleData | None = since(2, None)
    marks: tuple[str, ...] = since(2, ())
    retrospective: str | None = since(2, None)
    in_lieu_of: str | None = since(2, None)
    rupees: tuple[DeclaredRupees, ...] = since(2, ())
    tables: RuleTables | None = since(4, None)
