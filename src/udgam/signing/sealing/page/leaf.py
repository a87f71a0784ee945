"""A paper leaf of an issued certificate: the same pages, marked with the name of the leaf, and without what only a file can hold.

The electronic certificate is the original; a leaf is what an office prints and sends. It carries no electronic signature, so that
nobody takes the file of a leaf for the certificate, and its codes lead to the certificate as before.
"""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import typst

from udgam.signing.sealing.page.compiler import FONT_FOLDERS, PageRefused

TEMPLATE = Path(__file__).with_name("leaf.typ")
# The corner in which the page says that it is the electronic copy, in millimetres from the right and from the top.
MARK_LEFT, MARK_TOP, MARK_BOTTOM = 58.0, 9.0, 17.0
MM = 72 / 25.4
# What makes the file a signed one, or holds files: a print has none of it.
_ONLY_IN_A_FILE = ("/AcroForm", "/Perms", "/DSS", "/AF", "/Metadata", "/Names", "/Extensions")


def draw_leaf(certificate: bytes, *, name: str, note: str) -> bytes:
    """The pages of an issued ``certificate`` as the leaf ``name`` ("Original", "Duplicate"); ``note`` stands at the foot of each page.

    Raises:
        PageRefused: the file cannot be read, or a character of name or note cannot be printed.
    """
    try:
        with pikepdf.open(BytesIO(certificate)) as pdf, pikepdf.open(BytesIO(_overlay(name, note))) as over:
            for key in _ONLY_IN_A_FILE:
                if key in pdf.Root:
                    del pdf.Root[key]
            for number, page in enumerate(pdf.pages):
                _drop_fields(page)
                if number == 0:
                    _drop_mark(pdf, page)
                page.add_overlay(over.pages[min(number, 1)], None)
            pdf.docinfo["/Title"] = name
            out = BytesIO()
            pdf.save(out)
    except pikepdf.PdfError as error:
        raise PageRefused("page.not_drawn", detail="the file of the certificate cannot be read") from error
    return out.getvalue()


def _drop_fields(page: pikepdf.Page) -> None:
    """Fields of a form, the signatures among them, belong to the file; links stay."""
    if "/Annots" in page.obj:
        kept = [row for row in page.obj.Annots if row.get("/Subtype") != "/Widget"]
        page.obj.Annots = pikepdf.Array(kept)


def _drop_mark(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take "electronic copy" off the page, text and frame: covered alone, it would still be read by a program and read aloud."""
    _x, _y, right, top = (float(side) for side in page.mediabox.as_list())
    kept: list[Any] = []
    group: list[Any] = []
    depth = 0
    for row in pikepdf.parse_content_stream(page):
        operator = str(row.operator)
        depth += (operator in {"BDC", "BMC"}) - (operator == "EMC")
        group.append(row)
        if depth == 0:
            # What marks the beginning and the end stays, for the structure of the document counts on it.
            kept += [group[0], group[-1]] if len(group) > 1 and _is_mark(group, right, top) else group
            group = []
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept + group))


def _is_mark(group: list[Any], right: float, top: float) -> bool:
    """Whether a piece of the page is set within the corner where the page says what copy it is."""
    place = next((row.operands for row in group if str(row.operator) == "cm"), None)
    if place is None:
        return False
    x, y = float(place[4]), float(place[5])
    return right - MARK_LEFT * MM < x < right and top - MARK_BOTTOM * MM < y < top - MARK_TOP * MM


def _overlay(name: str, note: str) -> bytes:
    values = json.dumps({"name": name, "note": note}, ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=FONT_FOLDERS)
    try:
        drawn = typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"leaf": values},
        )
    except typst.TypstError as error:
        raise PageRefused("page.not_drawn", detail=" ".join(error.message.split())[:200]) from error
    assert isinstance(drawn, bytes)  # noqa: S101 - one PDF, not a list of pictures
    return drawn
