"""Put today's content formats into the archive: `python -m tests.archive.make_content`.

Done once for each format, before anything is issued in it. What is in the archive is never made again after a release.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.rules.samples import application, certificate
from udgam.rules.content import (
    ApplicationContent,
    CertificateContent,
    CostSheet,
    Country,
    DeclaredRupees,
    MaterialRow,
    OriginClaim,
    Party,
    RuleData,
    RuleTables,
    ShippingBill,
    content_bytes,
)

FOLDER = Path(__file__).parent / "content"
PRODUCER = Party(
    name="Idukki Pepper Growers", address=("Kumily", "Kerala 685509"), country=Country(code="IN", name="India")
)
TRADER = Party(
    name="Straits Trading House", address=("12 Keppel Road", "Singapore"), country=Country(code="SG", name="Singapore")
)
RULES = RuleData(version="2026-11", sha256="12" * 32)
BILLS = (ShippingBill(number="1234567", date=date(2026, 11, 20), port="INCOK1", invoice="MMS/26-27/114"),)


def full_application() -> ApplicationContent:
    """An application that states everything the format can state."""
    content = application()
    material = MaterialRow(
        description="Jute bags",
        hs_code="630510",
        quantity=Decimal("40"),
        unit="NMB",
        unit_value=Decimal("1.25"),
        value=Decimal("50.00"),
        basis="CIF",
        origin="BD",
        weight_kg=Decimal("40.500"),
        document_number="BE 7712345",
        document_date=date(2026, 9, 3),
        supplier_name="Buriganga Jute Works",
        supplier_address="Dhaka",
        role="transport-packing",
        processes=("weaving",),
    )
    part = replace(
        material,
        description="Jute yarn",
        hs_code="530710",
        value=Decimal("20.00"),
        role="material",
        part_of=1,
        processes=(),
    )
    sheet = CostSheet(
        item=1,
        wholly_obtained=False,
        currency="USD",
        ex_works=Decimal("12000.00"),
        labour=Decimal("800.00"),
        overhead=Decimal("400.00"),
        profit=Decimal("600.00"),
        other=Decimal("0.00"),
        cumulate_with=("MY",),
        processes=("blending",),
        materials=(material, part),
        net_weight_kg=Decimal("4980.500"),
    )
    claim = OriginClaim(
        item=1,
        criterion="INDIAN",
        text="INDIAN",
        finding_sha256="34" * 32,
        qualifies=True,
        reason="",
    )
    return replace(
        content,
        kind="non-preferential",
        producer=PRODUCER,
        third_party=TRADER,
        shipping_bills=BILLS,
        cost_sheets=(sheet,),
        claims=(claim,),
        rules=RULES,
        tables=RuleTables(product_rules="78" * 32, correlation=None),
        marks=("third-party",),
        rupees=(
            DeclaredRupees(item=1, value=Decimal("120000.00"), reason="Forward cover of the bank, 83.10 a dollar"),
        ),
        retrospective="The vessel sailed before the office opened.",
        in_lieu_of="SEC/2026/016/0000080A/00000001",
        transport=replace(
            content.transport,
            document_kind="bill-of-lading",
            document_number="MAEU 123456789",
            port_of_loading_code="INCOK",
            port_of_discharge_code="KEMBA",
        ),
        invoices=(replace(content.invoices[0], issuer="third-party"),),
        items=tuple(
            replace(item, criterion_text="INDIAN", finding_sha256="34" * 32 if item.number == 1 else None)
            for item in content.items
        ),
    )


def full_certificate() -> CertificateContent:
    """A certificate that states everything the format can state."""
    asked = full_application()
    return replace(
        certificate(),
        producer=asked.producer,
        third_party=asked.third_party,
        shipping_bills=tuple(replace(bill, invoice=None) for bill in asked.shipping_bills),
        marks=("retrospective", "third-party"),
        retrospective=asked.retrospective,
        valid_until=date(2027, 11, 21),
        rules=RULES,
        status_index=4711,
        salt="56" * 16,
        replaces=asked.in_lieu_of,
        transport=asked.transport,
        invoices=asked.invoices,
        items=asked.items,
    )


def main() -> None:
    """Write the samples that are not there yet, with their digests."""
    for content in (full_certificate(), full_application()):
        data = content_bytes(content)
        name = content.format.replace("/", "-")
        if (FOLDER / f"{name}.json").exists():
            continue
        (FOLDER / f"{name}.json").write_bytes(data)
        (FOLDER / f"{name}.sha256").write_text(hashlib.sha256(data).hexdigest() + "\n", "ascii")


if __name__ == "__main__":
    main()
