"""The destination is another country, and a country code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    country = content.destination
    well_formed = (
        len(country.code) == 2 and country.code.isascii() and country.code.isalpha() and country.code.isupper()
    )
    if country.code == "IN" or not well_formed or not country.name.strip():
        yield Fault("destination", {"country": country.name or country.code})


LINT = Lint(
    name="goods_leave_india",
    citation="Handbook of Procedures, paragraph 2.93 (Public Notice 43/2024-25)",
    effective=date(2025, 1, 27),
    reason=Reason(
        "{country} cannot be the destination of an export from India.",
        "Enter the country to which the goods are exported.",
    ),
    check=check,
)
