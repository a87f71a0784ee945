"""A signed code in the drawing that we make of it: our own form of SVG and no other, read without an XML parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# The largest QR code has 177 modules, and four free ones on each side.
_WIDEST = 177 + 8
_LONGEST = 1_000_000
_POINTS_A_MODULE = 4
_BAR = r"M(\d{1,3}) (\d{1,3})h(\d{1,3})v(\d{1,3})h-(\d{1,3})[zZ]"
_BARS = rf'<path d="(?P<bars>(?:{_BAR})+)"/>'
_SVG = r'xmlns="http://www\.w3\.org/2000/svg"'
_FORMS = (
    re.compile(
        rf'<svg {_SVG} width="(?P<width>\d{{2,3}})" height="(?P=width)" viewBox="0 0 (?P=width) (?P=width)">\s*'
        r'<path fill="#fff" d="M0 0h(?P=width)v(?P=width)h-(?P=width)z"/>\s*'
        rf"{_BARS}\s*</svg>\s*"
    ),
    # What the code library writes by itself, as drawings were made at first.
    re.compile(
        r"(?:<\?xml [^<>]*\?>\s*)?(?:<!DOCTYPE svg [^<>]*>\s*)?"
        rf'<svg width="(?P<width>\d{{2,3}})" height="(?P=width)" version="1\.1" {_SVG}>\s*'
        r'<desc>[^<>]*</desc>\s*<g id="barcode" fill="#000000">\s*'
        r'<rect x="0" y="0" width="(?P=width)" height="(?P=width)" fill="#FFFFFF"/>\s*'
        rf"{_BARS}\s*</g>\s*</svg>\s*"
    ),
)


def drawn_code(text: str) -> Image | None:
    """The drawing as a picture in grey; None when it is not one that `udgam.signing.sealing.code.draw_code` could have made."""
    if len(text) > _LONGEST:
        return None
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None or int(found["width"]) > _WIDEST:
        return None
    width = int(found["width"])
    bars = [tuple(map(int, bar)) for bar in re.findall(_BAR, found["bars"])]
    whole = all(
        back == across > 0 < down and x + across <= width and y + down <= width for x, y, across, down, back in bars
    )
    # Bars never overlap in a drawing of ours: what other programs would draw otherwise is not read, and neither is more ink than paper.
    inked = sum(across * down for _, _, across, down, _ in bars) if whole else width * width + 1
    if inked > width * width or len(_cells(bars)) != inked:
        return None
    return _painted(width, bars)


def _cells(bars: list[tuple[int, ...]]) -> set[tuple[int, int]]:
    return {
        (column, row) for x, y, across, down, _ in bars for column in range(x, x + across) for row in range(y, y + down)
    }


def _painted(width: int, bars: list[tuple[int, ...]]) -> Image:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (width * _POINTS_A_MODULE,) * 2, 255)
    pen = ImageDraw.Draw(picture)
    for x, y, across, down, _back in bars:
        left, top, right, bottom = (side * _POINTS_A_MODULE for side in (x, y, x + across, y + down))
        pen.rectangle((left, top, right - 1, bottom - 1), fill=0)
    return picture
