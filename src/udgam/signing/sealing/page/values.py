"""What is printed where: from the frozen content to the plain values the page template prints.

The boxes and their numbers are those of the arrangement's own form; this layout serves every form that is made of the same
twelve parts, and refuses others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography import x509

from udgam.rules.agreements import Agreement
from udgam.rules.content import CertificateContent, Item, Party, Transport
from udgam.signing.proof.names import TITLE_SEPARATOR
from udgam.signing.sealing.page.compiler import PageRefused
from udgam.signing.trust import fingerprint

PARTS = frozenset(
    [
        "exporter",
        "consignee",
        "transport",
        "official-use",
        "item-number",
        "marks",
        "goods",
        "criterion",
        "quantity",
        "invoices",
        "certification",
        "declaration",
    ]
)
INDIA = ZoneInfo("Asia/Kolkata")
# Joiners shape Devanagari conjuncts; every other invisible character could make a print differ from its content.
_JOINERS = "\u200c\u200d"
# Units as people print them; a unit that is not in the table is printed as it was entered.
_UNITS = {
    "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "MTK": "m²", "MTQ": "m³", "LTR": "l", "H87": "pieces", "C62": "units",
    "NMB": "numbers", "PR": "pairs", "DZN": "dozen", "SET": "sets", "CTM": "carats",
}  # fmt: skip
_MODES = {
    "sea": "By sea", "air": "By air", "road": "By road", "rail": "By rail", "post": "By post", "multimodal": "By several means of transport",
}  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """What a certified page prints beside the content: who signs, who seals, where it can be checked."""

    officer: x509.Certificate
    seal: x509.Certificate
    certified_at: datetime
    verify_url: str
    digest: str
    content: bytes
    certification: bytes
    qr: str


def page_values(
    content: CertificateContent, *, agreement: Agreement, proof: Proof | None, watermark: str | None
) -> dict[str, Any]:
    """The values of the page. ``proof`` is None for a preview.

    Raises:
        PageRefused: another layout is needed, or a text holds an invisible character.
    """
    if {box.fills for box in agreement.boxes} != PARTS:
        raise PageRefused("page.layout_unknown", code=agreement.code)
    title, _, subtitle = content.title.partition("(")
    issued = content.certification.date
    values: dict[str, Any] = {
        "document_title": f"{content.title}{TITLE_SEPARATOR}{content.number}",
        "document_description": f"{content.title}, issued in India by {content.issuer.agency_name} on {_day(issued)}",
        "keywords": ["certificate of origin", content.agreement, content.number],
        "date": {"year": issued.year, "month": issued.month, "day": issued.day, "hour": 0, "minute": 0, "second": 0},
        "title": title.strip(),
        "subtitle": subtitle.rstrip(") "),
        "copy_mark": "ELECTRONIC COPY" if proof else "PREVIEW",
        "number": content.number,
        "digest": proof.digest if proof else None,
        "agency": {
            "name": content.issuer.agency_name,
            "lines": [content.issuer.office_name, f"{content.issuer.place}, India"],
        },
        "issued_in": "INDIA",
        "issued_on": _day(issued),
        "agreement_name": f"{agreement.short_name} (scheme {content.scheme})",
        "boxes": {box.fills: {"number": str(box.number), "label": box.label} for box in agreement.boxes},
        "closing": [box.fills for box in agreement.boxes if box.fills in {"certification", "declaration"}],
        "exporter": _party(content.exporter),
        "consignee": _party(content.consignee),
        "transport": _transport(content.transport),
        "official": _official(content),
        "items": [_item(item, content) for item in content.items],
        "end_note": f"End of list · {len(content.items)} {'item' if len(content.items) == 1 else 'items'} · nothing follows",
        "certification": _certification(content),
        "declaration": _declaration(content),
        "watermark": watermark,
    }
    values.update(_proof_values(content, proof))
    _refuse_invisible(values, "page")
    if proof:
        # The attachments are bytes that were checked already, not text that is printed.
        values["content"] = proof.content.decode()
        values["content_signature"] = list(proof.certification)
        values["qr"] = proof.qr
    return values


def _proof_values(content: CertificateContent, proof: Proof | None) -> dict[str, Any]:
    empty = {"content": None, "content_signature": None, "qr": None, "qr_alt": "", "link": None, "link_shown": ""}
    if proof is None:
        return {
            **empty,
            "panel": {
                "heading": "Electronic signature and seal",
                "rows": [["Not issued", ["This page is a preview. Nobody has signed it."]]],
            },
            "stamp": [],
        }
    parts = urlsplit(proof.verify_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise PageRefused("page.link_unusable")
    signatory, issuer = content.certification.signatory, content.issuer
    return {
        **empty,
        "qr_alt": f"QR code with the link to the public page of certificate {content.number}",
        "link": proof.verify_url,
        "link_shown": f"{parts.scheme}://{parts.netloc}/verify/",
        "panel": {
            "heading": "Electronic signature and seal",
            "rows": [
                [
                    "Signed by",
                    [
                        f"{signatory.name}, {signatory.designation}, for {issuer.agency_name}",
                        f"Signing certificate of {_common_name(proof.officer.subject)}, issued by {_common_name(proof.officer.issuer)}",
                        f"SHA-256 {_grouped(fingerprint(proof.officer))}",
                        f"Content certified on {_moment(proof.certified_at)}",
                    ],
                ],
                [
                    "Sealed by",
                    [
                        f"{issuer.agency_name}, {issuer.office_name}: seal certificate of {_common_name(proof.seal.subject)}",
                        f"issued by {_common_name(proof.seal.issuer)} · SHA-256 {_grouped(fingerprint(proof.seal))}",
                    ],
                ],
            ],
        },
        "stamp": [
            issuer.agency_name,
            issuer.office_name,
            "ELECTRONIC SEAL",
            content.certification.date.strftime("%d.%m.%Y"),
        ],
    }


def _party(party: Party) -> list[str]:
    return [party.name, *(line for line in party.address if line.strip()), party.country.name.upper()]


def _transport(transport: Transport) -> list[str]:
    means = _MODES[transport.mode]
    lines = [f"{means} · {transport.vessel}" if transport.vessel else means]
    if transport.port_of_loading:
        lines.append(f"From {transport.port_of_loading}")
    if transport.port_of_discharge:
        lines.append(f"To {transport.port_of_discharge}")
    if transport.route:
        lines.append(transport.route)
    if transport.departure:
        lines.append(
            f"Departure on or about {_day(transport.departure)}"
            if transport.shipment == "before"
            else f"Departed on {_day(transport.departure)}"
        )
    return lines


def _official(content: CertificateContent) -> list[str]:
    replaced = [f"Issued in lieu of certificate {content.replaces}"] if content.replaces else []
    return [*replaced, *content.remarks]


def _item(item: Item, content: CertificateContent) -> dict[str, Any]:
    dates = {invoice.number: invoice.date for invoice in content.invoices}
    invoice = [item.invoice] + ([_day(dates[item.invoice])] if item.invoice in dates else [])
    weight = [f"Gross {_amount(item.gross_weight)} kg"] if item.gross_weight is not None else []
    return {
        "number": str(item.number),
        "marks": [line for line in item.marks.splitlines() if line.strip()] or ["No marks"],
        "title": item.description,
        "description": [f"{item.packages} {item.package_kind}", f"HS {_hs(item.hs_code)} (HS {content.hs_edition})"],
        "criterion": item.criterion_printed,
        "quantity": [*weight, f"{_amount(item.quantity)} {_UNITS.get(item.unit, item.unit)}"],
        "invoice": [*invoice, f"FOB {item.currency} {_amount(item.fob)}"],
    }


def _certification(content: CertificateContent) -> dict[str, Any]:
    made = content.certification
    return {
        "text": made.text,
        "rows": [
            ["Place and date", f"{made.place}, {_day(made.date)}"],
            ["Authorised signatory", f"{made.signatory.name}, {made.signatory.designation}"],
            ["Issuing office", f"{content.issuer.agency_name}, {content.issuer.office_name}"],
        ],
    }


def _declaration(content: CertificateContent) -> dict[str, Any]:
    made = content.declaration
    return {
        "text": made.text,
        "rows": [
            ["Place and date", f"{made.place}, {_day(made.date)}"],
            ["Signed electronically by", f"{made.name}, {made.designation}"],
            ["For the exporter", content.exporter.name],
        ],
    }


def _refuse_invisible(value: object, where: str) -> None:
    if isinstance(value, str):
        for character in value:
            category = unicodedata.category(character)
            if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and character not in _JOINERS:
                raise PageRefused(
                    "page.control_character", where=where.removeprefix("page."), codepoint=f"U+{ord(character):04X}"
                )
    elif isinstance(value, Mapping):
        for name, part in value.items():
            _refuse_invisible(part, f"{where}.{name}")
    elif isinstance(value, Sequence):
        for place, part in enumerate(value, 1):
            _refuse_invisible(part, f"{where}.{place}")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(moment: datetime) -> str:
    local = moment.astimezone(INDIA)
    return f"{_day(local.date())}, {local:%H:%M:%S} IST (UTC+05:30)"


def _amount(amount: Decimal) -> str:
    return f"{amount:,f}"


def _hs(code: str) -> str:
    return ".".join(part for part in (code[:4], code[4:6], code[6:]) if part)


def _grouped(digest: str) -> str:
    return " ".join(digest.upper()[start : start + 4] for start in range(0, 32, 4)) + " …"


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
