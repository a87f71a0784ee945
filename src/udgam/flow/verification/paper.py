"""The whole content in the boxes of the paper, so that a person can hold one beside the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from udgam.rules.agreements import Agreement
from udgam.rules.content import CertificateContent, Item

# The boxes that are columns of the goods; the others stand above or below them.
COLUMNS = ("item-number", "marks", "goods", "criterion", "quantity", "invoices")
FOOT = ("certification", "declaration")


@dataclass(frozen=True)
class PaperBox:
    """A box with its number, label and lines."""

    number: int
    label: str
    lines: tuple[str, ...]
    wide: bool


@dataclass(frozen=True)
class Paper:
    """The certificate as it is printed, in the language of the certificate."""

    title: str
    number: str
    boxes: tuple[PaperBox, ...]
    heads: tuple[str, ...]
    goods: tuple[tuple[str, ...], ...]
    foot: tuple[PaperBox, ...]


def paper_of(content: CertificateContent, agreement: Agreement) -> Paper:
    """Lay the content into the agreement's boxes, in their order."""
    columns = [box for box in agreement.boxes if box.fills in COLUMNS]
    others = [box for box in agreement.boxes if box.fills not in COLUMNS]
    laid = {
        box.fills: PaperBox(
            box.number, box.label, _LINES[box.fills](content), box.fills in {"transport", "official-use"}
        )
        for box in others
    }
    heads = [f"{box.number}. {box.label}" for box in columns]
    return Paper(
        title=content.title,
        number=content.number,
        boxes=tuple(laid[box.fills] for box in others if box.fills not in FOOT),
        heads=(*heads, "HS code", "FOB value"),
        goods=tuple(
            (*(_CELLS[box.fills](item, content) for box in columns), item.hs_code, f"{item.currency} {item.fob:,}")
            for item in content.items
        ),
        foot=tuple(laid[box.fills] for box in others if box.fills in FOOT),
    )


def _exporter(content: CertificateContent) -> tuple[str, ...]:
    return (content.exporter.name, *content.exporter.address, content.exporter.country.name)


def _consignee(content: CertificateContent) -> tuple[str, ...]:
    return (content.consignee.name, *content.consignee.address, content.consignee.country.name)


def _transport(content: CertificateContent) -> tuple[str, ...]:
    transport = content.transport
    ports = " – ".join(port for port in (transport.port_of_loading, transport.port_of_discharge) if port)
    sailing = ", ".join(
        part for part in (transport.vessel, f"{transport.departure:%d-%m-%Y}" if transport.departure else None) if part
    )
    return tuple(line for line in (f"By {transport.mode}", sailing, ports, transport.route) if line)


def _certification(content: CertificateContent) -> tuple[str, ...]:
    certification = content.certification
    signatory = certification.signatory
    return (
        certification.text,
        f"{certification.place}, {certification.date:%d-%m-%Y}",
        f"{signatory.name}, {signatory.designation}",
        f"{content.issuer.agency_name}, {content.issuer.office_name}",
    )


def _declaration(content: CertificateContent) -> tuple[str, ...]:
    declared = content.declaration
    return (
        declared.text,
        f"{declared.place}, {declared.date:%d-%m-%Y}",
        f"{declared.name}, {declared.designation}",
    )


_LINES: dict[str, Callable[[CertificateContent], tuple[str, ...]]] = {
    "exporter": _exporter,
    "consignee": _consignee,
    "transport": _transport,
    "official-use": lambda content: content.remarks,
    "certification": _certification,
    "declaration": _declaration,
}


def _quantity(item: Item, _content: CertificateContent) -> str:
    weight = f"{item.gross_weight:,} kg gross; " if item.gross_weight is not None else ""
    return f"{weight}{item.quantity:,} {item.unit}"


def _invoices(item: Item, content: CertificateContent) -> str:
    return "; ".join(f"{one.number}, {one.date:%d-%m-%Y}" for one in content.invoices if one.number == item.invoice)


_CELLS: dict[str, Callable[[Item, CertificateContent], str]] = {
    "item-number": lambda item, _content: str(item.number),
    "marks": lambda item, _content: item.marks,
    "goods": lambda item, _content: f"{item.packages} {item.package_kind}, {item.description}",
    "criterion": lambda item, _content: item.criterion_printed,
    "quantity": _quantity,
    "invoices": _invoices,
}
