"""Finding Latin words on a Hindi page, as a reader would meet them: text, and the attributes that are read out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pycountry

from udgam.rules.agreements import agreement_codes

# Codes, formats and names that stay in Latin letters (codes and values are never written in another script), and the
# fixed examples of numbers. Everything else on a Hindi page must be Hindi.
ALLOWED = {
    "PDF",
    "JPEG",
    "PNG",
    "XLSX",
    "ZIP",
    "JSON",
    "UTF",
    "KB",
    "MB",
    "GB",
    "TB",
    "UN",
    "LOCODE",
    "SHA",
    "GSTIN",
    "PAdES",
    "WCAG",
    "IS",
    "AA",
    "FOB",
    # What agreements call their shares and shifts: codes, in any script the same.
    "RVC",
    "QVC",
    "LVC",
    "DVA",
    "VA",
    "CC",
    "CTH",
    "CTSH",
    "CIF",
    "CERT",
    "In",
    "EIC",
    "SEC",
    "MPEDA",
    "Apache",
    "License",
    "QR",
    "UUID",
    "IPv",
    "URL",
    "ABCDE",
    "F",
    "Z",
    "O",
    "udgam",
    "verify",
    "naam",
    "example",
    "in",
    "INNSA",
    "Nhava",
    "Sheva",
    "MV",
    "Neela",
    "Sagar",
    "voyage",
    "via",
    "Colombo",
    "cartons",
    "bags",
    "drums",
    "No",
    "marks",
    "Director",
    "Partner",
    "Pune",
    "TCS",
    "TDS",
    "AEO",
    "meera",
    "kulkarni",
    "OTP",
    "RFC",
    # The name of a payment account in the settings.
    "sandbox",
    "kg",
    "CSV",
    "HS",
    # The beginning of a credential, as one recognises it.
    "eyJ",
    # Codes of agreements: they are typed and printed as they are.
    *(part for code in agreement_codes() for part in re.findall("[A-Za-z]+", code)),
    # Codes of countries, as the facts of a case name them.
    *(country.alpha_2 for country in pycountry.countries),
    # Codes of currencies, as they stand on invoices.
    *(currency.alpha_3 for currency in pycountry.currencies),
}
READ_OUT = {"alt", "aria-label", "title", "placeholder", "data-one", "data-many", "data-copied"}
SILENT = {"script", "style", "code", "svg"}
VOID = {"meta", "link", "input", "img", "br", "hr", "source", "wbr", "path", "circle"}


class _Reader(HTMLParser):
    """Collect what a Hindi reader meets; parts marked as another language or as code are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.stack: list[bool] = [True]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        heard = self.stack[-1] and tag not in SILENT and not (held.get("lang") or "hi").startswith("en")
        if heard:
            self.words += [value or "" for name, value in attrs if name in READ_OUT]
            if tag == "meta" and held.get("name") in ("description", "keywords"):
                self.words.append(held.get("content") or "")
        if tag not in VOID:
            self.stack.append(heard)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.stack) > 1:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.stack[-1]:
            self.words.append(data)


def heard(page: str) -> str:
    """The words of a page that a Hindi reader meets, without parts that are marked as another language."""
    reader = _Reader()
    reader.feed(page)
    return " ".join(" ".join(reader.words).split())


def latin_words(page: str, *values: str) -> set[str]:
    """Latin words of a page outside the allow-list. ``values`` are data, not wording."""
    text = heard(page)
    # Addresses first, so that a name inside one does not take it apart.
    text = re.sub(r"https?://\S+|[\w.+•…*-]+@[\w.-]+", " ", text)
    # A fingerprint in groups of four: one of its groups may happen to have letters only.
    text = re.sub(r"\b[0-9A-Fa-f]{4}(?: [0-9A-Fa-f]{4}){3,}\b", " ", text)
    for value in sorted(values, key=len, reverse=True):
        if value and value in text:
            text = re.sub(rf"(?<![A-Za-z]){re.escape(value)}(?![A-Za-z])", " ", text)
    # Codes of customs locations among the others.
    text = re.sub(
        r"\bIN[A-Z]{3}[A-Z0-9]\b|[A-Z]{2,8}/\d{4}/[\w/]+|\b\w*\d\w*\b|\{\w+\}|%n\b|\budgam_agent\S*", " ", text
    )
    return {word for word in re.findall(r"[A-Za-z]+", text) if word not in ALLOWED and len(word) > 1}
