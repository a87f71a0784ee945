"""Receipts and credit notes on paper: one A4 page, PDF/A and PDF/UA, drawn from plain values that never become markup."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_devanagari
import typst
from django.utils import translation
from django.utils.translation import gettext as _

from udgam.flow.payments.models import Paper
from udgam.flow.payments.shown import shown_paper
from udgam.rules.fees import written

TEMPLATE = Path(__file__).with_name("receipt.typ")
_THREAD = threading.local()


def draw_paper(paper: Paper, language: str) -> bytes:
    """The paper as a PDF in that language. A character without a glyph is drawn as a question mark rather than keeping the paper back."""
    with translation.override(language):
        shown = shown_paper(paper)
        values = {
            "language": "hi" if language == "hi" else "en",
            "title": shown.title,
            "number": paper.number,
            "author": paper.content["supplier"]["name"],
            "date": [paper.issued_at.year, paper.issued_at.month, paper.issued_at.day],
            "parties": shown.parties,
            "facts": shown.facts,
            "heading": [_("What"), _("Amount")],
            "amounts": [[label, f"₹ {written(paise)}"] for label, paise in shown.amounts],
            "total": [_("Total"), f"₹ {written(shown.total_paise)}"],
            "note": _("Issued by machine; valid without a signature."),
        }
    text = json.dumps(values, ensure_ascii=False)
    try:
        return _compile(text)
    except typst.TypstError:
        return _compile("".join(sign if _is_drawn(sign) else "?" for sign in text))


def _is_drawn(sign: str) -> bool:
    return sign.isascii() or "\u00a0" <= sign <= "\u024f" or "\u0900" <= sign <= "\u097f" or sign in "₹–—‘’“”•…·"


def _compile(text: str) -> bytes:
    # A compiler that two threads share raises "Already borrowed".
    compiler = getattr(_THREAD, "compiler", None)
    if compiler is None:
        folders = [str(package.ROOT / "files") for package in (fontpkg_noto_sans, fontpkg_noto_sans_devanagari)]
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts, ignore_system_fonts=True)
        _THREAD.compiler = compiler
    pdf = compiler.compile(format="pdf", sys_inputs={"paper": text}, pdf_standards=["a-3a", "ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("one PDF, not a list of pictures")
    return pdf
