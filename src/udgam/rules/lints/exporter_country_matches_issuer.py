"""The exporter's country is the country that issues."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    if content.exporter.country.code != "IN":
        yield Fault("exporter.country", {"country": content.exporter.country.name})


LINT = Lint(
    name="exporter_country_matches_issuer",
    citation="Handbook of Procedures, paragraph 2.93 (Public Notice 43/2024-25)",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The exporter's country is {country}, but this certificate is issued in India.",
        "Choose an office or branch of the exporter in India.",
    ),
    check=check,
)
