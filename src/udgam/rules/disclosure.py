"""What each public view shows of a certificate, and how a paper is compared with it.

Numbers are sequential and the content is somebody's trade. So a number alone opens only what the agreement's data lists;
nothing is shown because it was forgotten. The comparison answers field by field whether the typed value agrees, and never
tells what the right value would be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from udgam.rules.agreements import Agreement
from udgam.rules.content import CertificateContent
from udgam.rules.public_fields import COMPARABLE, SHOWABLE

Outcome = Literal["agrees", "differs", "not-stated"]


@dataclass(frozen=True)
class Shown:
    """A field of a public view, its English label and its value. Dates are written YYYY-MM-DD."""

    field: str
    label: str
    value: str


@dataclass(frozen=True)
class Comparison:
    """Whether what was typed for a field agrees. "not-stated": the certificate says nothing about it."""

    field: str
    label: str
    outcome: Outcome


def shown_by_number(content: CertificateContent, agreement: Agreement, *, status: str) -> tuple[Shown, ...]:
    """What whoever types the number sees, in the order of the agreement's data."""
    values: dict[str, str] = {
        "status": status,
        "agency": content.issuer.agency_name,
        "office": content.issuer.office_name,
        "issued_on": content.issued_on.isoformat(),
        "agreement": agreement.name,
        "exporter_name": content.exporter.name,
        "destination": content.destination.name,
        "item_count": str(len(content.items)),
    }
    return tuple(Shown(name, SHOWABLE[name], values[name]) for name in agreement.public.by_number)


def compare(content: CertificateContent, agreement: Agreement, typed: Mapping[str, str]) -> tuple[Comparison, ...]:
    """Compare what was typed with the certificate. Fields left empty or not comparable are left out of the answer."""
    outcomes = []
    for name in agreement.public.comparable:
        text = typed.get(name, "")
        if text.strip():
            outcomes.append(Comparison(name, COMPARABLE[name], _COMPARE[name](content, text)))
    return tuple(outcomes)


def opens_full_content(
    content: CertificateContent, agreement: Agreement, *, invoice_number: str, consignee_country: str
) -> bool:
    """Whether invoice number and the consignee's country, typed together with the number, open the whole content."""
    if "invoice-and-country" not in agreement.public.full:
        return False
    return (
        _invoice_number(content, invoice_number) == "agrees"
        and _country(content.consignee.country.code, content.consignee.country.name, consignee_country) == "agrees"
    )


def _outcome(agrees: bool) -> Outcome:
    return "agrees" if agrees else "differs"


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN")


def _same_text(a: str, b: str) -> bool:
    return bool(_fold(a)) and _fold(a) == _fold(b)


def _country(code: str, name: str, typed: str) -> Outcome:
    return _outcome(typed.strip().upper() == code or _same_text(typed, name))


def _invoice_number(content: CertificateContent, typed: str) -> Outcome:
    # Invoice numbers differ by their signs ("1/23" is not "12/3"), so only case and spaces are folded.
    def tidy(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split()).casefold()

    return _outcome(bool(tidy(typed)) and any(tidy(invoice.number) == tidy(typed) for invoice in content.invoices))


# A number as it is printed: in groups of two or three digits or in none, a currency in front, a unit behind. A comma is never a
# decimal point, and nothing stands between the digits, so that "12,50" is not taken for 1250.
_NUMBER = re.compile(
    r"(?:[A-Za-z₹$€]{1,5}\.?)? ?(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}|[0-9]{1,3}(?: [0-9]{2,3})* [0-9]{3})"
    r"(?P<rest>\.[0-9]+)? ?[A-Za-z₹$€]{0,20}"
)


def _number(text: str) -> Decimal | None:
    tidy = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _NUMBER.fullmatch(tidy) if len(tidy) <= 60 else None
    if found is None:
        return None
    digits = re.sub(r"[ ,]", "", found["digits"])
    return Decimal(digits + (found["rest"] or "")) if len(digits) <= 40 else None


def _total(stated: list[Decimal], typed: str) -> Outcome:
    if not stated:
        return "not-stated"
    number = _number(typed)
    return _outcome(number is not None and number == sum(stated, Decimal(0)))


def _gross_weight(content: CertificateContent, typed: str) -> Outcome:
    return _total([item.gross_weight for item in content.items if item.gross_weight is not None], typed)


def _date(dates: list[str], typed: str) -> Outcome:
    tidy = typed.strip()
    # Dates are typed as on the paper (22-11-2026) or in the ISO form.
    match = re.fullmatch(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{4})", tidy)
    if match:
        tidy = f"{match.group(3)}-{int(match.group(2)):02d}-{int(match.group(1)):02d}"
    return _outcome(tidy in dates)


def _hs_code(content: CertificateContent, typed: str) -> Outcome:
    digits = re.sub(r"[\s.]", "", typed)
    return _outcome(
        len(digits) >= 6
        and digits.isascii()
        and digits.isdigit()
        and any(item.hs_code.startswith(digits) for item in content.items)
    )


def _fob(content: CertificateContent, typed: str) -> Outcome:
    # A total over several currencies means nothing, so the certificate states none.
    if len({item.currency for item in content.items}) != 1:
        return "not-stated"
    return _total([item.fob for item in content.items], typed)


_COMPARE: dict[str, Callable[[CertificateContent, str], Outcome]] = {
    "issued_on": lambda content, typed: _date([content.issued_on.isoformat()], typed),
    "exporter_name": lambda content, typed: _outcome(_same_text(content.exporter.name, typed)),
    "consignee_name": lambda content, typed: _outcome(_same_text(content.consignee.name, typed)),
    "consignee_country": lambda content, typed: _country(
        content.consignee.country.code, content.consignee.country.name, typed
    ),
    "destination": lambda content, typed: _country(content.destination.code, content.destination.name, typed),
    "invoice_number": _invoice_number,
    "invoice_date": lambda content, typed: _date([invoice.date.isoformat() for invoice in content.invoices], typed),
    "hs_code": _hs_code,
    "gross_weight": _gross_weight,
    "packages": lambda content, typed: _total([Decimal(item.packages) for item in content.items], typed),
    "fob": _fob,
}
