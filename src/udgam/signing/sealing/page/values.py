"""What is printed where: from the frozen content to the plain values the page template prints.

The boxes, their numbers, their order and their places are those of the arrangement's data; what each of them says is decided in
`rules.printed`. A form that is not known well enough to be printed is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography import x509

from udgam.rules.agreements import Agreement, Box
from udgam.rules.content import CertificateContent
from udgam.rules.printed import cell_lines, day, head_lines, statement_of, ticks_of
from udgam.signing.proof.names import TITLE_SEPARATOR
from udgam.signing.sealing.page.codes import Proofs, code_values
from udgam.signing.sealing.page.compiler import PageRefused
from udgam.signing.trust import fingerprint

INDIA = ZoneInfo("Asia/Kolkata")
# Joiners shape Devanagari conjuncts; every other invisible character could make a print differ from its content.
_JOINERS = "\u200c\u200d"


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
    proofs: Proofs | None = None


def page_values(
    content: CertificateContent, *, agreement: Agreement, proof: Proof | None, watermark: str | None
) -> dict[str, Any]:
    """The values of the page. ``proof`` is None for a preview.

    Raises:
        PageRefused: another layout is needed, or a text holds an invisible character.
    """
    if not agreement.is_printable:
        raise PageRefused("page.layout_unknown", code=agreement.code)
    title, _, subtitle = content.title.partition("(")
    issued = content.certification.date
    values: dict[str, Any] = {
        "document_title": f"{content.title}{TITLE_SEPARATOR}{content.number}",
        "document_description": f"{content.title}, issued in India by {content.issuer.agency_name} on {day(issued)}",
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
        "issued_on": day(issued),
        "agreement_name": f"{agreement.short_name} (scheme {content.scheme})",
        "form_name": agreement.form_name.upper() if agreement.code != "NP" else "",
        "boxes": {box.number: _box(box, content, agreement) for box in agreement.boxes},
        "head": _grid(agreement.layout.head),
        "foot": _grid(agreement.layout.foot),
        "columns": [{"box": one.box, "width": one.width} for one in agreement.layout.columns],
        "items": _items(content, agreement),
        "end_note": f"End of list · {len(content.items)} {'item' if len(content.items) == 1 else 'items'} · nothing follows",
        "watermark": watermark,
    }
    values.update(_proof_values(content, proof))
    _refuse_invisible(values, "page")
    values |= code_values(proof.proofs if proof else None, number=content.number)
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


def _box(box: Box, content: CertificateContent, agreement: Agreement) -> dict[str, Any]:
    statement = statement_of(box, content)
    return {
        "number": box.number,
        "label": box.label,
        "is_party": "party" in box.prints,
        "lines": list(head_lines(box, content, agreement)),
        "ticks": [[tick.ticked, tick.text] for tick in ticks_of(box, content, agreement)],
        "statement": statement.text if statement else None,
        "rows": [list(row) for row in statement.rows] if statement else [],
    }


def _grid(rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Where each box of an area stands and how far it reaches. A row that names fewer boxes lets its last one reach to the edge."""
    width = max((len(row) for row in rows), default=1)
    full = [[*row, *([row[-1]] * (width - len(row)))] for row in rows]
    places: dict[str, list[tuple[int, int]]] = {}
    for y, row in enumerate(full):
        for x, name in enumerate(row):
            places.setdefault(name, []).append((x, y))
    cells = [
        {
            "box": name,
            "x": min(x for x, _ in found),
            "y": min(y for _, y in found),
            "w": len({x for x, _ in found}),
            "h": len({y for _, y in found}),
        }
        for name, found in places.items()
    ]
    return {"columns": width, "cells": cells}


# An item stands whole on one sheet, unless its text is so long that it could fill one.
_LONG_ITEM = 600


def _items(content: CertificateContent, agreement: Agreement) -> list[dict[str, Any]]:
    boxes = {box.number: box for box in agreement.boxes}
    items = []
    for item in content.items:
        cells = [
            {"lines": list(cell_lines(boxes[column.box], item, content, agreement)), "strong": item.description}
            for column in agreement.layout.columns
        ]
        is_long = any(sum(len(line) for line in cell["lines"]) > _LONG_ITEM for cell in cells)
        items.append({"cells": cells, "is_long": is_long})
    return items


def _refuse_invisible(value: object, where: str) -> None:
    # Where it stands is asked only when there is something: nearly never.
    if not _is_visible(value):
        _refuse_first_invisible(value, where)


def _is_visible(value: object) -> bool:
    """Whether no text in it holds anything that Python counts as not printable, which all that is refused is."""
    if isinstance(value, str):
        return value.isprintable()
    if isinstance(value, Mapping):
        return all(map(_is_visible, value.values()))
    return not isinstance(value, Sequence) or all(map(_is_visible, value))


def _refuse_first_invisible(value: object, where: str) -> None:
    if isinstance(value, str):
        for character in value:
            category = unicodedata.category(character)
            if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and character not in _JOINERS:
                raise PageRefused(
                    "page.control_character", where=where.removeprefix("page."), codepoint=f"U+{ord(character):04X}"
                )
    elif isinstance(value, Mapping):
        for name, part in value.items():
            _refuse_first_invisible(part, f"{where}.{name}")
    elif isinstance(value, Sequence):
        for place, part in enumerate(value, 1):
            _refuse_first_invisible(part, f"{where}.{place}")


def _moment(moment: datetime) -> str:
    local = moment.astimezone(INDIA)
    return f"{day(local.date())}, {local:%H:%M:%S} IST (UTC+05:30)"


def _grouped(digest: str) -> str:
    return " ".join(digest.upper()[start : start + 4] for start in range(0, 32, 4)) + " …"


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
