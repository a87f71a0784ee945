"""Sample records of the fictional cast, for the tests of the rules."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from udgam.rules.agreements import load_agreement
from udgam.rules.binding import CLASS_3, CertificateFacts, IecFinding
from udgam.rules.content import (
    Applicant,
    ApplicationContent,
    ApplicationDeclaration,
    AttachedDocument,
    CertificateContent,
    Country,
    Invoice,
    Item,
    Party,
    Signatory,
    Transport,
    certificate_from_application,
)
from udgam.rules.firm import Address, Branch, FirmPerson, FirmRecord

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
SPICES_IEC = "0305900017"
MANGO_IEC = "ZZZPD0101A"
KOCHI = Address(line1="Pepper House", line2="Bazaar Road", city="Kochi", state="Kerala", pin="682002")
NHAVA_SHEVA = Address(line1="Warehouse 7", city="Uran", state="Maharashtra", pin="400707")


def pan_hash(pan: str) -> str:
    return hashlib.sha256(pan.encode()).hexdigest()


def spices(**changes: Any) -> FirmRecord:
    """A company with an old numeric IEC and two directors without PANs."""
    firm = FirmRecord(
        iec=SPICES_IEC,
        name="Malabar Monsoon Spices Private Limited",
        name_as_per_pan="MALABAR MONSOON SPICES PRIVATE LIMITED",
        pan="ZZZCM0102B",
        status="active",
        constitution="company",
        registered_office=KOCHI,
        email="exports@malabar-monsoon.example",
        mobile="9000000102",
        people=(
            FirmPerson(name="Ravi Menon", role="managing_director", address=KOCHI, mobile="9000000201"),
            FirmPerson(name="Lakshmi Pillai", role="director", address=KOCHI),
        ),
        branches=(Branch(code="1", address=KOCHI), Branch(code="2", address=NHAVA_SHEVA)),
        fetched_at=NOW,
        source="api",
    )
    return replace(firm, **changes)


def mango(**changes: Any) -> FirmRecord:
    """A proprietorship whose IEC is its PAN."""
    firm = FirmRecord(
        iec=MANGO_IEC,
        name="Konkan Mango House",
        name_as_per_pan="ANITA DESHMUKH",
        pan="ZZZPD0101A",
        status="active",
        constitution="proprietorship",
        registered_office=Address(line1="12 Alphonso Lane", city="Ratnagiri", state="Maharashtra", pin="415612"),
        email="anita@konkan-mango.example",
        mobile="9000000101",
        people=(FirmPerson(name="Anita Deshmukh", role="proprietor"),),
        branches=(),
        fetched_at=NOW,
        source="import",
    )
    return replace(firm, **changes)


def facts(**changes: Any) -> CertificateFacts:
    """The organisation token of a director of the spice company, without an IEC inside."""
    known = CertificateFacts(
        holder="RAVI MENON",
        organisation="MALABAR MONSOON SPICES PRIVATE LIMITED",
        serial_number_attr=pan_hash("ZZZPM0201A").upper(),
        policies=(CLASS_3, "2.16.356.100.2.2"),
        key_usage=frozenset({"digitalSignature", "nonRepudiation"}),
        public_key="RSA-2048",
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2028, 1, 1, tzinfo=UTC),
        issuer="CN=Sandbox sub-CA for Class 3,O=Sandbox Licensed CA,C=IN",
        sha256="ab" * 32,
        serial_number="0102",
        country="IN",
    )
    return replace(known, **changes)


def iec_inside(iec: str = SPICES_IEC, **changes: Any) -> CertificateFacts:
    """A token that carries an IEC."""
    return facts(iec_findings=(IecFinding(iec, "marked", "subject.OU"),), **changes)


def individual(pan: str, holder: str, **changes: Any) -> CertificateFacts:
    """A personal token bound to a PAN."""
    return facts(holder=holder, organisation="Personal", serial_number_attr=pan_hash(pan), **changes)


INDIA = Country(code="IN", name="India")
KENYA = Country(code="KE", name="Kenya")


def application(**changes: Any) -> ApplicationContent:
    """The spice company applies for a non-preferential certificate for pepper and cardamom to Kenya."""
    agreement = load_agreement("NP")
    content = ApplicationContent(
        number="SEC/2026/016/0000081A",
        version=1,
        agreement="NP",
        scheme="016",
        agency="SEC",
        agency_name="Sahyadri Export Council",
        office="MUM",
        office_name="Mumbai Regional Office",
        exporter=Applicant(
            iec=SPICES_IEC,
            registration_number="EIC/2026/0001",
            name="Malabar Monsoon Spices Private Limited",
            address=KOCHI.lines,
            country=INDIA,
            branch="1",
            gstin="32ZZZCM0102B1ZA",
            sez_state=None,
        ),
        consignee=Party(name="Savanna Foods Limited", address=("Harbour Road 14", "Mombasa"), country=KENYA),
        destination=KENYA,
        transport=Transport(
            mode="sea",
            shipment="before",
            vessel="MV Example Star",
            departure=date(2026, 11, 25),
            port_of_loading="Kochi",
            port_of_discharge="Mombasa",
            route=None,
        ),
        postal_delivery=False,
        hs_edition="2022",
        invoices=(Invoice(number="MMS/26-27/114", date=date(2026, 11, 18)),),
        items=(
            Item(
                number=1,
                marks="MMS 1-40",
                packages=40,
                package_kind="bags",
                description="Black pepper, garbled",
                hs_code="09041130",
                criterion="INDIAN",
                quantity=Decimal("2000.000"),
                unit="KGS",
                gross_weight=Decimal("2040.500"),
                fob=Decimal("12600.00"),
                currency="USD",
                invoice="MMS/26-27/114",
            ),
            Item(
                number=2,
                marks="MMS 41-50",
                packages=10,
                package_kind="cartons",
                description="Cardamom, green",
                hs_code="090831",
                criterion="INDIAN",
                quantity=Decimal("100.000"),
                unit="KGS",
                gross_weight=Decimal("110.000"),
                fob=Decimal("3400.00"),
                currency="USD",
                invoice="MMS/26-27/114",
            ),
        ),
        documents=(
            AttachedDocument(
                kind="invoice",
                title="Commercial invoice",
                media_type="application/pdf",
                size=48211,
                sha256=hashlib.sha256(b"invoice").hexdigest(),
            ),
            AttachedDocument(
                kind="packing-list",
                title="Packing list",
                media_type="application/pdf",
                size=20144,
                sha256=hashlib.sha256(b"packing list").hexdigest(),
            ),
        ),
        comments="",
        answer=None,
        declaration=ApplicationDeclaration(
            version="NP/1",
            text=agreement.declaration.format(destination="Kenya"),
            goods_at="Pepper House, Kochi",
            grounds="Grown, cleaned and packed in Kerala.",
            place="Kochi",
            date=date(2026, 11, 21),
            name="Ravi Menon",
            designation="Managing director",
        ),
    )
    return replace(content, **changes)


def certificate(**changes: Any) -> CertificateContent:
    """The certificate issued on that application."""
    content = certificate_from_application(
        application(),
        agreement=load_agreement("NP"),
        number="SEC/2026/016/0000081A/00000002",
        place="Mumbai",
        issued_on=date(2026, 11, 22),
        signatory=Signatory(
            name="Meera Kulkarni",
            designation="Joint Director",
            certificate_sha256="cd" * 32,
            authorised_from=date(2026, 1, 1),
            authorised_until=date(2026, 12, 31),
        ),
    )
    return replace(content, **changes)
