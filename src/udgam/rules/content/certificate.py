"""What a certificate of origin says, format udgam.certificate/2 (and /1, which lacks what edition 2 brought)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from udgam.rules.content.editions import since
from udgam.rules.content.parts import Country, Invoice, Item, Party, RuleData, ShippingBill, Transport

CertificateFormat = Literal["udgam.certificate/1", "udgam.certificate/2"]
CERTIFICATE_FORMAT: CertificateFormat = "udgam.certificate/2"


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """The issuing agency and its office, as printed."""

    agency: str
    agency_name: str
    office: str
    office_name: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """The exporter's declaration as printed, and who made it.

    ``application_sha256`` is the hexadecimal digest of the canonical application that the exporter's token signed: it binds
    the certificate to that signature.
    """

    text: str
    place: str
    date: date
    name: str
    designation: str
    application_sha256: str


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """The officer who certifies: name, designation, SHA-256 of the signing certificate, and the period of authority.

    ``authorised_until`` is the last day, or None while no end is set.
    """

    name: str
    designation: str
    certificate_sha256: str
    authorised_from: date
    authorised_until: date | None


@dataclass(frozen=True, kw_only=True)
class Certification:
    """The certifying statement, with place and date of issue (the date in India)."""

    text: str
    place: str
    date: date
    signatory: Signatory


@dataclass(frozen=True, kw_only=True)
class CertificateContent:
    """Everything a certificate says. The canonical JSON of this is what the officer's token signs.

    ``agreement`` is the arrangement's code and ``scheme`` its three digits; ``title`` stands on the page. ``hs_edition`` is the
    year of the Harmonized System edition of the codes. ``replaces`` is the number of the certificate this one stands for.

    Edition 2: ``producer`` made the goods, ``third_party`` issued the invoice; ``marks`` are the codes of what is ticked or
    stamped ("retrospective", "back-to-back", "third-party", "cumulation", "exhibition", "true-copy", "in-lieu"), and
    ``retrospective`` is the recorded reason for issuing after the shipment. ``valid_until`` is the last day of validity, in
    India. ``rules`` names the data of the agreement that decided. ``status_index`` is the place in the status lists.
    ``salt`` is 128 random bits as 32 hexadecimal digits: with it the digest of the content can stand in a public log and tells
    nobody what the content says. ``exporter_iec`` stands only on forms that have a box for it; ``replaced_on`` is the date of issue of the
    certificate that ``replaces`` names.
    """

    format: CertificateFormat = CERTIFICATE_FORMAT
    number: str
    application_number: str
    agreement: str
    scheme: str
    title: str
    language: Literal["en"] = "en"
    issuer: Issuer
    exporter: Party
    consignee: Party
    destination: Country
    transport: Transport
    hs_edition: str
    invoices: tuple[Invoice, ...]
    items: tuple[Item, ...]
    remarks: tuple[str, ...]
    declaration: Declaration
    certification: Certification
    replaces: str | None = None
    producer: Party | None = since(2, None)
    third_party: Party | None = since(2, None)
    shipping_bills: tuple[ShippingBill, ...] = since(2, ())
    marks: tuple[str, ...] = since(2, ())
    retrospective: str | None = since(2, None)
    valid_until: date | None = since(2, None)
    rules: RuleData | None = since(2, None)
    status_index: int | None = since(2, None)
    salt: str | None = since(2, None)
    exporter_iec: str | None = since(2, None)
    replaced_on: date | None = since(2, None)

    @property
    def issued_on(self) -> date:
        """The date of issue, in India."""
        return self.certification.date
