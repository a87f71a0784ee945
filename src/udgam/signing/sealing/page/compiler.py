"""Typst, held so that it always draws the same: our fonts by absolute path, no font of the machine, one compiler per thread."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import fontpkg_noto_sans
import fontpkg_noto_sans_devanagari
import typst

from udgam.rules.refusals import Reason, Refused

FONT_FOLDERS = [str(package.ROOT / "files") for package in (fontpkg_noto_sans, fontpkg_noto_sans_devanagari)]
TEMPLATES = Path(__file__).parent
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# A certificate with two hundred lines of goods is below 200 kB of values; this is a bound on work, not on trade.
MAX_VALUES = 1_000_000

# As many lines of goods usually leave room for the closing on the same sheet.
ITEMS_ON_ONE_SHEET = 6
# What the template says when they did not.
NOT_ON_ONE_SHEET = "not on one sheet"

_THREAD = threading.local()
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_GLYPH = re.compile(r'the text `"((?:\\u\{[0-9a-fA-F]+\}|[^`])+)"` could not be displayed')


class PageRefused(Refused):
    """The page cannot be drawn from these values."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "page.glyph_missing": Reason(
            "The character {character} ({codepoint}) cannot be printed: the fonts of the certificate have Latin and Devanagari letters.",
            "Write the text in Latin or Devanagari letters.",
        ),
        "page.control_character": Reason(
            "The field {where} holds the invisible character {codepoint}, which could make the print say something else.",
            "Type the text again instead of pasting it.",
        ),
        "page.too_long": Reason(
            "The content is too long to be printed.", "Divide the consignment into several certificates."
        ),
        "page.layout_unknown": Reason(
            "There is no page layout for the arrangement {code}.",
            "Add a layout whose boxes are those of the arrangement.",
        ),
        "page.link_unusable": Reason(
            "The public link is not an http or https address.", "Correct the address of the site in the settings."
        ),
        "page.not_drawn": Reason(
            "The page could not be drawn: {detail}.", "Keep the content for the help desk; nothing was issued."
        ),
    }


def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=FONT_FOLDERS)


def _compiler() -> typst.Compiler:
    # A compiler that two threads share raises "Already borrowed".
    compiler = getattr(_THREAD, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(root=str(TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True)
        _THREAD.compiler = compiler
    return compiler


def compile_page(values: Mapping[str, Any]) -> bytes:
    """Draw one document from plain JSON values: PDF/A-3a and PDF/UA-1 in one file.

    Raises:
        PageRefused: a character has no glyph, the values are too long, or Typst refuses the document.
    """
    pdf = _compile(values, format="pdf", pdf_standards=STANDARDS)
    assert isinstance(pdf, bytes)  # noqa: S101 - one PDF, not a list of pictures
    return pdf


def compile_pictures(values: Mapping[str, Any], *, ppi: int) -> tuple[bytes, ...]:
    """Draw the same document as pictures, one PNG for each page. Raises `PageRefused` as above."""
    pages = _compile(values, format="png", ppi=ppi)
    drawn = pages if isinstance(pages, list) else [pages]
    return tuple(page for page in drawn if page is not None)


def _compile(values: Mapping[str, Any], **options: Any) -> Any:
    """Compile once where one sheet is expected and it is one, which is nearly always; else again by the way that measures first.

    Both ways draw the same file, byte for byte, where both can.
    """
    text = json.dumps(values, ensure_ascii=False)
    if len(text) > MAX_VALUES:
        raise PageRefused("page.too_long")
    for one_sheet in (True, False) if len(values["items"]) <= ITEMS_ON_ONE_SHEET else (False,):
        hints = {"one_sheet": one_sheet, "has_devanagari": _DEVANAGARI.search(text) is not None}
        try:
            return _compiler().compile(input=_document(text, json.dumps(hints)), **options)
        except typst.TypstError as error:
            if not (one_sheet and NOT_ON_ONE_SHEET in error.message):
                raise _refusal(error) from error
    raise AssertionError("the way that measures first either draws or refuses")


def _document(values: str, hints: str) -> bytes:
    """The document to compile: the template applied to two JSON texts, which stand in it as string literals.

    A JSON text holds no control character, and what JSON escapes of it to make it a JSON string, quotation marks and backslashes,
    is what a Typst string escapes. As `sys.inputs` the values would belong to the library, on which all depends that Typst keeps.
    """
    page, hint = (f"json(bytes({json.dumps(text, ensure_ascii=False)}))" for text in (values, hints))
    return f'#import "/certificate.typ": certificate\n#certificate({page}, {hint})\n'.encode()


def _refusal(error: typst.TypstError) -> PageRefused:
    found = _GLYPH.search(error.message)
    if found is None:
        return PageRefused("page.not_drawn", detail=" ".join(error.message.split())[:200])
    character = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda hit: chr(int(hit.group(1), 16)), found.group(1))
    codepoints = " ".join(f"U+{ord(one):04X}" for one in character[:4])
    return PageRefused("page.glyph_missing", character=character[:4], codepoint=codepoints)
