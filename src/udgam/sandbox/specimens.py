"""Specimens: what a certificate of the fictional cast says under each arrangement, to draw its form and to try the rules on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from udgam.rules.agreements import Agreement
from udgam.rules.content import (
    CertificateContent,
    Certification,
    Country,
    Declaration,
    Invoice,
    Issuer,
    Item,
    Party,
    ShippingBill,
    Signatory,
    Transport,
)
from udgam.rules.lints import validity_end

INDIA = Country(code="IN", name="India")
ISSUED_ON = date(2026, 11, 22)
# Where the consignee of a specimen sits, for arrangements with several partners.
_PLACES = {
    "*": ("KE", "Kenya", "Mombasa"), "VN": ("VN", "Viet Nam", "Cat Lai"), "KR": ("KR", "South Korea", "Busan"), "JP": ("JP", "Japan", "Yokohama"),
    "MY": ("MY", "Malaysia", "Port Klang"), "SG": ("SG", "Singapore", "Singapore"), "TH": ("TH", "Thailand", "Laem Chabang"),
    "LK": ("LK", "Sri Lanka", "Colombo"), "BD": ("BD", "Bangladesh", "Chattogram"), "AF": ("AF", "Afghanistan", "Kabul"),
    "CL": ("CL", "Chile", "Valparaíso"), "BR": ("BR", "Brazil", "Santos"), "EG": ("EG", "Egypt", "Alexandria"), "JP*": ("JP", "Japan", "Yokohama"),
    "MU": ("MU", "Mauritius", "Port Louis"), "AE": ("AE", "United Arab Emirates", "Jebel Ali"), "AU": ("AU", "Australia", "Melbourne"),
    "CH": ("CH", "Switzerland", "Basel"), "GB": ("GB", "United Kingdom", "Felixstowe"), "OM": ("OM", "Oman", "Sohar"),
    "NP": ("NP", "Nepal", "Kathmandu"), "RU": ("RU", "Russia", "Novorossiysk"), "CN": ("CN", "China", "Shanghai"),
}  # fmt: skip
_GOODS = (
    ("Organic turmeric powder, food grade, lot 26-118", "09103030", "KGM"),
    ("Hand-woven cotton bed linen with printed border", "630221", "NMB"),
    ("Stainless steel kitchen utensils, assorted", "73239390", "KGM"),
)


def destination_of(agreement: Agreement) -> tuple[Country, str]:
    """A partner of the arrangement and one of its ports."""
    for code in (*_PLACES, "*"):
        if code in agreement.partners or (code == "*" and agreement.partners in ((), ("*",))):
            found, name, port = _PLACES[code]
            return Country(code=found, name=name), port
    code = agreement.partners[0]
    return Country(code=code, name=code), code


def specimen(agreement: Agreement, *, items: int = 3, marks: Sequence[str] = ()) -> CertificateContent:
    """A certificate under the arrangement that breaks none of its rules, with as many items as asked for."""
    country, port = destination_of(agreement)
    number = f"SEC/2026/{agreement.scheme}/0000081A"
    third = Party(name="Levant Trading FZE", address=("Office 7, Free Zone",), country=Country(code="QA", name="Qatar"))
    return CertificateContent(
        number=f"{number}/00000002",
        application_number=number,
        agreement=agreement.code,
        scheme=agreement.scheme,
        title=agreement.title,
        issuer=Issuer(
            agency="SEC",
            agency_name="Sahyadri Export Council",
            office="SEC-PUNE",
            office_name="Regional Office Pune",
            place="Pune",
        ),
        exporter=Party(
            name="Malaygiri Exports Private Limited",
            address=("14 Shivaji Road, Shivajinagar", "Pune 411005, Maharashtra"),
            country=INDIA,
        ),
        consignee=Party(name="Blue Harbour Trading Company", address=("88 Quay Street", port), country=country),
        destination=country,
        transport=Transport(
            mode="sea",
            shipment="before",
            vessel="MV Konkan Star / 041E",
            departure=date(2026, 11, 25),
            port_of_loading="Nhava Sheva (INNSA), India",
            port_of_discharge=f"{port}, {country.name}",
            route=None,
        ),
        hs_edition="2022",
        invoices=(Invoice(number="ME/26-27/0041", date=date(2026, 11, 18)),),
        items=tuple(_item(n, agreement) for n in range(1, items + 1)),
        remarks=(),
        declaration=Declaration(
            text=agreement.declaration.format(destination=country.name),
            place="Pune",
            date=date(2026, 11, 21),
            name="Ravi Deshpande",
            designation="Director",
            application_sha256="cd" * 32,
        ),
        certification=Certification(
            text=agreement.certification,
            place="Pune",
            date=ISSUED_ON,
            signatory=Signatory(
                name="Meera Kulkarni",
                designation="Deputy Director",
                certificate_sha256="ab" * 32,
                authorised_from=date(2026, 1, 1),
                authorised_until=None,
            ),
        ),
        producer=Party(
            name="Malaygiri Mills", address=("Plot 12, Industrial Area", "Kolhapur 416001, Maharashtra"), country=INDIA
        ),
        third_party=third if "third-party" in marks else None,
        shipping_bills=(ShippingBill(number="7104412", date=date(2026, 11, 20), port="INNSA1"),),
        marks=tuple(marks),
        valid_until=validity_end(agreement, ISSUED_ON),
        exporter_iec="ZZZCM0104E" if any(box.fills == "signatory-reference" for box in agreement.boxes) else None,
    )


def _item(n: int, agreement: Agreement) -> Item:
    description, hs_code, unit = _GOODS[(n - 1) % len(_GOODS)]
    criterion, text = _criterion(n, agreement)
    return Item(
        number=n,
        marks=f"MEPL/{n * 10 - 9}-{n * 10}",
        packages=10,
        package_kind="cartons",
        description=description,
        hs_code=hs_code,
        criterion=criterion,
        criterion_text=text,
        quantity=Decimal("1200.00"),
        unit=unit,
        gross_weight=Decimal("1250.50"),
        fob=Decimal("12600.00"),
        currency="USD",
        invoice="ME/26-27/0041",
    )


def _criterion(n: int, agreement: Agreement) -> tuple[str, str]:
    """Turn about the wholly obtained and the general or product's own criterion, with figures that pass."""
    rows = [row for row in agreement.origin.criteria if row.when != "least-developed"] if agreement.origin else []
    if not rows:
        return (agreement.criteria[0].code, "") if agreement.criteria else ("—", "")
    row = rows[0] if n % 2 else next((one for one in rows if one.when in {"general", "product-specific"}), rows[0])
    percent = "30" if row.percent_of == "non-originating" else "79.73" if "[" in row.box else "62"
    text = row.box.format(
        percent=percent,
        threshold="35",
        shift="CTH",
        value="RVC",
        method="build up",
        heading=_GOODS[(n - 1) % 3][1][:4],
        chapter="09",
    )
    return row.code, text
