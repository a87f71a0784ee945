"""Draw the form of every agreement whose form is known, and one sheet that shows them all.

Usage: python tools/draw_forms.py [--code CODE ...] [--items N] [--out FOLDER]

Writes ``forms.png``, the contact sheet, into ``docs/pictures``; with ``--out`` each form's pages too, large enough to be compared
with the boxes of the original.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from udgam.rules.agreements import Agreement, agreement_codes, load_agreement
from udgam.sandbox.specimens import specimen
from udgam.signing.sealing.page import draw_pictures

ROOT = Path(__file__).resolve().parent.parent
SHEET = ROOT / "docs" / "pictures" / "forms.png"
ACROSS = 4
THUMB, GAP, CAPTION = 400, 24, 46
INK, SOFT, PAPER = (20, 33, 61), (74, 85, 107), (244, 246, 250)


def known_forms(codes: list[str]) -> list[Agreement]:
    """The agreements whose form may be printed, in the order of the list."""
    wanted = [load_agreement(code) for code in codes or agreement_codes()]
    return [agreement for agreement in wanted if agreement.issued and agreement.is_printable]


def pages_of(agreement: Agreement, items: int, ppi: int) -> tuple[bytes, ...]:
    """The specimen of a form, page by page."""
    return draw_pictures(specimen(agreement, items=items), agreement=agreement, watermark="SPECIMEN", ppi=ppi)


def contact_sheet(agreements: list[Agreement], items: int) -> Image.Image:
    """All first pages beside each other with their names; those that are not printed are named below."""
    pictures = [Image.open(io.BytesIO(pages_of(one, items, 96)[0])).convert("RGB") for one in agreements]
    height = THUMB * pictures[0].height // pictures[0].width
    rows = -(-len(pictures) // ACROSS)
    unknown = [one.code for one in map(load_agreement, agreement_codes()) if one.issued and not one.is_printable]
    size = (ACROSS * (THUMB + GAP) + GAP, rows * (height + CAPTION + GAP) + GAP + CAPTION)
    sheet = Image.new("RGB", size, PAPER)
    pen, font, small = ImageDraw.Draw(sheet), ImageFont.load_default(20), ImageFont.load_default(15)
    for n, (agreement, picture) in enumerate(zip(agreements, pictures, strict=True)):
        left, top = GAP + n % ACROSS * (THUMB + GAP), GAP + n // ACROSS * (height + CAPTION + GAP)
        pen.text((left, top), agreement.code, fill=INK, font=font)
        pen.text((left, top + 24), f"{agreement.form_name}, {len(agreement.boxes)} boxes"[:52], fill=SOFT, font=small)
        sheet.paste(picture.resize((THUMB, height), Image.Resampling.LANCZOS), (left, top + CAPTION))
        pen.rectangle((left - 1, top + CAPTION - 1, left + THUMB, top + CAPTION + height), outline=SOFT)
    pen.text((GAP, size[1] - CAPTION), f"Not seen, so not printed: {', '.join(unknown)}", fill=INK, font=font)
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--code", action="append", default=[], help="only this agreement")
    parser.add_argument("--items", type=int, default=3)
    parser.add_argument("--out", type=Path, help="also write each page of each form here")
    asked = parser.parse_args()
    forms = known_forms(asked.code)
    if not forms:
        sys.exit("There is no form to draw.")
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        for agreement in forms:
            for n, page in enumerate(pages_of(agreement, asked.items, 110), start=1):
                (asked.out / f"{agreement.code.lower()}-{n}.png").write_bytes(page)
    if not asked.code:
        contact_sheet(forms, asked.items).quantize(64).save(SHEET, optimize=True)
        print(f"{len(forms)} forms: {SHEET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
