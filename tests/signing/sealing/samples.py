"""Certificate contents of the fictional cast, for the tests of pages, signatures and proof."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from udgam.rules.agreements import load_agreement
from udgam.rules.content import (
    CertificateContent,
    Certification,
    Country,
    Declaration,
    Invoice,
    Issuer,
    Item,
    Party,
    Signatory,
    Transport,
)

AGREEMENT = load_agreement("NP")
STATUS_INDEX = 4711
NUMBER = "SEC/2026/016/0000001A/00000001"
INDIA = Country(code="IN", name="India")
VIET_NAM = Country(code="VN", name="Viet Nam")
GOODS = (
    ("Organic turmeric powder, food grade, lot 26-118", "09103030", "KGM"),
    ("Hand-woven cotton bed linen with printed border", "630221", "NMB"),
    ("Stainless steel kitchen utensils, assorted", "73239390", "KGM"),
)
HINDI_EXPORTER = Party(
    name="मलयगिरि निर्यात प्राइवेट लिमिटेड (Malaygiri Exports Private Limited)",
    address=("१४ शिवाजी मार्ग, शिवाजीनगर", "पुणे ४११००५, महाराष्ट्र"),
    country=INDIA,
)
EXPORTER = Party(
    name="Malaygiri Exports Private Limited",
    address=("14 Shivaji Road, Shivajinagar", "Pune 411005, Maharashtra"),
    country=INDIA,
)


def item(n: int, **changes: object) -> Item:
    """Line ``n`` of the goods."""
    description, hs_code, unit = GOODS[(n - 1) % len(GOODS)]
    values: dict[str, object] = {
        "number": n,
        "marks": f"MEPL/HCM/{n * 10 - 9}-{n * 10}",
        "packages": 10,
        "package_kind": "cartons",
        "description": description,
        "hs_code": hs_code,
        "criterion": "INDIAN",
        "quantity": Decimal("1200.00"),
        "unit": unit,
        "gross_weight": Decimal("1250.50"),
        "fob": Decimal("12600.00"),
        "currency": "USD",
        "invoice": "ME/26-27/0041",
    }
    return Item(**{**values, **changes})  # type: ignore[arg-type]


def content(
    *,
    items: int = 1,
    signatory_sha256: str = "ab" * 32,
    number: str = NUMBER,
    exporter: Party = EXPORTER,
    goods: tuple[Item, ...] | None = None,
    remarks: tuple[str, ...] = (),
) -> CertificateContent:
    """A certificate that breaks no rule."""
    return CertificateContent(
        number=number,
        application_number=number.rpartition("/")[0],
        agreement=AGREEMENT.code,
        scheme=AGREEMENT.scheme,
        title=AGREEMENT.title,
        issuer=Issuer(
            agency="SEC",
            agency_name="Sahyadri Export Council",
            office="SEC-PUNE",
            office_name="Regional Office Pune",
            place="Pune",
        ),
        exporter=exporter,
        consignee=Party(
            name="Saigon Spice Trading Co., Ltd.",
            address=("88 Nguyen Hue, District 1", "Ho Chi Minh City"),
            country=VIET_NAM,
        ),
        destination=VIET_NAM,
        transport=Transport(
            mode="sea",
            shipment="before",
            vessel="MV Konkan Star / 041E",
            departure=date(2026, 11, 25),
            port_of_loading="Nhava Sheva (INNSA), India",
            port_of_discharge="Cat Lai (VNCLI), Viet Nam",
            route=None,
        ),
        hs_edition="2022",
        invoices=(Invoice(number="ME/26-27/0041", date=date(2026, 11, 18)),),
        items=goods if goods is not None else tuple(item(n) for n in range(1, items + 1)),
        remarks=remarks,
        declaration=Declaration(
            text=AGREEMENT.declaration.format(destination=VIET_NAM.name),
            place="Pune",
            date=date(2026, 11, 21),
            name="Ravi Deshpande",
            designation="Director",
            application_sha256="cd" * 32,
        ),
        certification=Certification(
            text=AGREEMENT.certification,
            place="Pune",
            date=date(2026, 11, 22),
            signatory=Signatory(
                name="Meera Kulkarni",
                designation="Deputy Director",
                certificate_sha256=signatory_sha256,
                authorised_from=date(2026, 1, 1),
                authorised_until=None,
            ),
        ),
        status_index=STATUS_INDEX,
        salt="5f" * 16,
    )
