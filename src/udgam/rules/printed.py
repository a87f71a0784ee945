"""What each box of a certificate says: from the frozen content and the agreement's data to lines of text.

The drawn page and the page on which a certificate is compared with its paper both ask here, so they say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from udgam.rules.agreements import Agreement, Box, MarkText
from udgam.rules.content import CertificateContent, Item, Party

NOT_STATED = "—"
# Units as people print them; a unit that is not in the table is printed as it was entered.
_UNITS = {
    "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "MTK": "m²", "MTQ": "m³", "LTR": "l", "H87": "pieces", "C62": "units",
    "NMB": "numbers", "PR": "pairs", "DZN": "dozen", "SET": "sets", "CTM": "carats",
}  # fmt: skip
_MODES = {
    "sea": "By sea", "air": "By air", "road": "By road", "rail": "By rail", "post": "By post", "multimodal": "By several means of transport",
}  # fmt: skip


@dataclass(frozen=True)
class Tick:
    """A square before its words, ticked or empty."""

    ticked: bool
    text: str


@dataclass(frozen=True)
class Statement:
    """A declaration or certification: its text, and who made it where and when, as pairs of name and value."""

    text: str
    rows: tuple[tuple[str, str], ...]


def head_lines(box: Box, content: CertificateContent, agreement: Agreement) -> tuple[str, ...]:
    """The lines of a box that stands above or below the goods, without its ticks and statement."""
    lines: list[str] = []
    for part in box.prints:
        if part in _HEAD:
            lines += _HEAD[part](box, content)
        elif part == "invoice" and box.number not in {column.box for column in agreement.layout.columns}:
            lines += [f"{one.number}, {day(one.date)}" for one in content.invoices]
    return (*lines, *_words(box, content, agreement))


def cell_lines(box: Box, item: Item, content: CertificateContent, agreement: Agreement) -> tuple[str, ...]:
    """The lines of one item in a column of the goods, in the order of the agreement's data.

    A box that holds several parts says what each of them is; a box for one alone prints just that.
    """
    lines: list[str] = []
    for part in box.prints:
        if part == "number" and len(box.prints) > 1:
            lines.append(f"Item {item.number}")
        elif part == "marks" and len(box.prints) > 1:
            lines += [f"Marks {line}" for line in _CELLS[part](item, content)]
        elif box.fills == "hs" and part in _HS_DIGITS:
            lines.append(_dotted(item.hs_code[: _HS_DIGITS[part]]))
        elif part in _CELLS:
            lines += [line for line in _CELLS[part](item, content) if line]
    return (*lines, *(f"{'[X]' if tick.ticked else '[  ]'} {tick.text}" for tick in ticks_of(box, content, agreement)))


def ticks_of(box: Box, content: CertificateContent, agreement: Agreement) -> tuple[Tick, ...]:
    """The squares of a box, all of them, ticked where the certificate says so."""
    if "ticks" not in box.prints:
        return ()
    rows = [row for row in agreement.marks if row.box == box.number and row.shown == "tick"]
    return tuple(Tick(carries(content, row.mark), row.text) for row in rows)


def statement_of(box: Box, content: CertificateContent) -> Statement | None:
    """The declaration or certification of a box; None for any other box."""
    if box.fills == "declaration":
        made = content.declaration
        rows = [
            ("Place and date", f"{made.place}, {day(made.date)}"),
            ("Signed electronically by", f"{made.name}, {made.designation}"),
            ("For the exporter", content.exporter.name),
        ]
        if content.retrospective and carries(content, "retrospective"):
            rows.append(("Reason for later issue", content.retrospective))
        return Statement(made.text, tuple(rows))
    if box.fills == "certification":
        certified, issuer = content.certification, content.issuer
        rows = [
            ("Place and date", f"{certified.place}, {day(certified.date)}"),
            ("Authorised signatory", f"{certified.signatory.name}, {certified.signatory.designation}"),
            ("Issuing office", f"{issuer.agency_name}, {issuer.office_name}"),
        ]
        rows += [("Export document", f"{bill.number}, {day(bill.date)}") for bill in content.shipping_bills]
        if content.valid_until:
            rows.append(("Valid until", day(content.valid_until)))
        return Statement(certified.text, tuple(rows))
    return None


def carries(content: CertificateContent, mark: str) -> bool:
    """Whether the certificate carries a statement, also where an older format says so in another field."""
    if mark == "third-party" and content.third_party is not None:
        return True
    if mark == "in-lieu" and content.replaces and "true-copy" not in content.marks:
        return True
    return mark in content.marks


def mark_text(row: MarkText, content: CertificateContent) -> str:
    """The statement's words with what they name: the number of the certificate replaced, the date of the original."""
    on = day(content.replaced_on) if content.replaced_on else NOT_STATED
    return row.text.replace("{number}", content.replaces or NOT_STATED).replace("{date}", on)


def day(value: date) -> str:
    """A date as printed: 22 November 2026."""
    return f"{value.day} {value:%B %Y}"


def party_lines(party: Party) -> tuple[str, ...]:
    """Name, address and country of a trader."""
    return (party.name, *(line for line in party.address if line.strip()), party.country.name.upper())


def _words(box: Box, content: CertificateContent, agreement: Agreement) -> tuple[str, ...]:
    return tuple(
        mark_text(row, content)
        for row in agreement.marks
        if row.box == box.number and row.shown == "words" and carries(content, row.mark)
    )


def _party(box: Box, content: CertificateContent) -> tuple[str, ...]:
    party = {"exporter": content.exporter, "consignee": content.consignee, "producer": content.producer}[box.fills]
    return party_lines(party) if party else (NOT_STATED,)


def _transport(_box: Box, content: CertificateContent) -> tuple[str, ...]:
    transport = content.transport
    means = _MODES[transport.mode]
    lines = [f"{means} · {transport.vessel}" if transport.vessel else means]
    if transport.port_of_loading:
        lines.append(f"From {transport.port_of_loading}")
    if transport.port_of_discharge:
        lines.append(f"To {transport.port_of_discharge}")
    if transport.route:
        lines.append(transport.route)
    if transport.departure:
        before = transport.shipment == "before"
        lines.append(
            f"Departure on or about {day(transport.departure)}" if before else f"Departed on {day(transport.departure)}"
        )
    return tuple(lines)


def _third_party(_box: Box, content: CertificateContent) -> tuple[str, ...]:
    return party_lines(content.third_party) if content.third_party else ()


def _signatory(box: Box, content: CertificateContent) -> tuple[str, ...]:
    if box.fills == "signatory-reference":
        return (f"IEC {content.exporter_iec}",) if content.exporter_iec else (NOT_STATED,)
    made = content.declaration
    return (made.name, made.designation, f"for {content.exporter.name} (exporter)")


_HEAD: dict[str, Callable[[Box, CertificateContent], tuple[str, ...]]] = {
    "party": _party,
    "transport": _transport,
    "port-of-loading": lambda _box, content: (content.transport.port_of_loading or NOT_STATED,),
    "destination": lambda _box, content: (content.destination.name.upper(),),
    "remarks": lambda _box, content: content.remarks,
    "third-party": _third_party,
    "signatory": _signatory,
}


def _marks(item: Item, _content: CertificateContent) -> tuple[str, ...]:
    return tuple(line for line in item.marks.splitlines() if line.strip()) or ("No marks",)


def _gross(item: Item, _content: CertificateContent) -> tuple[str, ...]:
    return (f"Gross {_amount(item.gross_weight)} kg",) if item.gross_weight is not None else ()


def _invoice(item: Item, content: CertificateContent) -> tuple[str, ...]:
    return (item.invoice, *(day(one.date) for one in content.invoices if one.number == item.invoice))


_HS_DIGITS = {"hs-4": 4, "hs-6": 6, "hs-full": 8}


def _hs(digits: int) -> Callable[[Item, CertificateContent], tuple[str, ...]]:
    return lambda item, content: (f"HS {_dotted(item.hs_code[:digits])} (HS {content.hs_edition})",)


def _dotted(code: str) -> str:
    return ".".join(part for part in (code[:4], code[4:6], code[6:]) if part)


def _third_party_cell(_item: Item, content: CertificateContent) -> tuple[str, ...]:
    firm = content.third_party
    return (f"Invoiced by {firm.name}, {firm.country.name}",) if firm else ()


_CELLS: dict[str, Callable[[Item, CertificateContent], tuple[str, ...]]] = {
    "number": lambda item, _content: (str(item.number),),
    "marks": _marks,
    "packages": lambda item, _content: (f"{item.packages} {item.package_kind}",),
    "description": lambda item, _content: (item.description,),
    "hs-4": _hs(4),
    "hs-6": _hs(6),
    "hs-full": _hs(8),
    "criterion": lambda item, _content: () if item.criterion == "blank" else (item.criterion_printed,),
    "gross-weight": _gross,
    "quantity": lambda item, _content: (f"{_amount(item.quantity)} {_UNITS.get(item.unit, item.unit)}",),
    "fob": lambda item, _content: (f"FOB {item.currency} {_amount(item.fob)}",),
    "invoice": _invoice,
    "third-party": _third_party_cell,
}


def _amount(amount: Decimal) -> str:
    return f"{amount:,f}"
