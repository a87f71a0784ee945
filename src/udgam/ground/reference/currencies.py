"""Currencies: ISO 4217 (pycountry) with CLDR's names (Babel); money that invoices are written in, no metals and no funds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale
from babel.numbers import get_currency_precision

from udgam.ground.reference.names import Language, which

# ISO 4217 lists these too: precious metals, units of account, funds, codes for tests and for "no currency".
_NOT_MONEY = frozenset(
    [
        "XAU",
        "XAG",
        "XPT",
        "XPD",
        "XBA",
        "XBB",
        "XBC",
        "XBD",
        "XDR",
        "XSU",
        "XUA",
        "XTS",
        "XXX",
        "XAD",
        "BOV",
        "CHE",
        "CHW",
        "CLF",
        "COU",
        "MXV",
        "USN",
        "UYI",
        "UYW",
    ]
)
# CLDR lacks the two youngest, and writes three Hindi names partly in Latin letters.
_NAMES: dict[tuple[str, Language], str] = {
    ("XCG", "en"): "Caribbean Guilder",
    ("XCG", "hi"): "कैरिबियाई गिल्डर",
    ("ZWG", "en"): "Zimbabwe Gold",
    ("ZWG", "hi"): "ज़िम्बाब्वे गोल्ड",
    ("SVC", "hi"): "अल सल्वाडोर कोलोन",
    ("VED", "hi"): "वेनेज़ुएला डिजिटल बोलिवार",
    ("XAF", "hi"): "केंद्रीय अफ़्रीकी सीएफ़ए फ़्रैंक",
    ("XOF", "hi"): "पश्चिमी अफ़्रीकी सीएफ़ए फ़्रैंक",
    ("XPF", "hi"): "सीएफ़पी फ़्रैंक",
}


@dataclass(frozen=True)
class Currency:
    """A currency: its code, its name, and how many digits stand after the decimal point."""

    code: str
    name: str
    digits: int


def currencies(language: str = "en") -> tuple[Currency, ...]:
    """All currencies, sorted by code."""
    return _all(which(language))


def currency(code: str, language: str = "en") -> Currency | None:
    """The currency with this code, in either case; None when there is none."""
    return {entry.code: entry for entry in _all(which(language))}.get(code.strip().upper())


@cache
def _all(language: Language) -> tuple[Currency, ...]:
    names = Locale(language).currencies
    codes = sorted({entry.alpha_3 for entry in pycountry.currencies} - _NOT_MONEY)
    return tuple(
        Currency(code, _NAMES.get((code, language)) or names.get(code, code), get_currency_precision(code))
        for code in codes
    )
