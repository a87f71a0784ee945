"""The whole content in the boxes of the paper, so that a person can hold one beside the other."""

from __future__ import annotations

from dataclasses import dataclass

from udgam.rules.agreements import Agreement, Box
from udgam.rules.content import CertificateContent
from udgam.rules.printed import cell_lines, head_lines, statement_of, ticks_of


@dataclass(frozen=True)
class PaperBox:
    """A box with its number, label and lines."""

    number: str
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
    boxes = {box.number: box for box in agreement.boxes}
    columns = [boxes[column.box] for column in agreement.layout.columns]
    prints_hs = any(part.startswith("hs-") for box in columns for part in box.prints)
    prints_fob = any("fob" in box.prints for box in columns)
    more = [*([] if prints_hs else ["HS code"]), *([] if prints_fob else ["FOB value"])]
    return Paper(
        title=content.title,
        number=content.number,
        boxes=_area(agreement.layout.head, boxes, content, agreement),
        heads=(*(f"{box.number}. {box.label}" for box in columns), *more),
        goods=tuple(
            (
                *("; ".join(cell_lines(box, item, content, agreement)) for box in columns),
                *([] if prints_hs else [item.hs_code]),
                *([] if prints_fob else [f"{item.currency} {item.fob:,}"]),
            )
            for item in content.items
        ),
        foot=_area(agreement.layout.foot, boxes, content, agreement),
    )


def _area(
    rows: tuple[tuple[str, ...], ...], boxes: dict[str, Box], content: CertificateContent, agreement: Agreement
) -> tuple[PaperBox, ...]:
    """The boxes of an area in the order of their numbers on the form."""
    named = {name for row in rows for name in row}
    return tuple(
        PaperBox(number, box.label, _lines(box, content, agreement), "party" not in box.prints)
        for number, box in boxes.items()
        if number in named
    )


def _lines(box: Box, content: CertificateContent, agreement: Agreement) -> tuple[str, ...]:
    statement = statement_of(box, content)
    said = (statement.text, *(f"{name}: {value}" for name, value in statement.rows)) if statement else ()
    ticks = tuple(f"{'[X]' if tick.ticked else '[ ]'} {tick.text}" for tick in ticks_of(box, content, agreement))
    return (*said, *head_lines(box, content, agreement), *ticks)
