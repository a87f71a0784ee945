"""What an exporter applies for and signs, format udgam.application/1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from udgam.rules.content.parts import Country, Invoice, Item, Party, Transport

APPLICATION_FORMAT: Literal["udgam.application/1"] = "udgam.application/1"


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
class ApplicationContent:
    """Everything an application says. The canonical JSON of this is what the exporter's token signs.

    ``version`` counts the submissions of one application: 1, and one more with every answer to a discrepancy; ``answer`` is that
    answer. ``agency`` and ``office`` are the codes of the chosen agency and its office.
    """

    format: Literal["udgam.application/1"] = APPLICATION_FORMAT
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
