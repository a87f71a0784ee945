"""The certificate's number is made of its application's number and names agency, scheme and year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.numbers import NumberRefused, parse_certificate_number
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    try:
        number = parse_certificate_number(content.number)
    except NumberRefused:
        yield Fault("number", {"number": content.number})
        return
    fits = (
        str(number) == content.number
        and str(number.application) == content.application_number
        and number.application.scheme == content.scheme == agreement.scheme
        and number.application.agency == content.issuer.agency
        and number.application.year <= content.issued_on.year
    )
    if not fits:
        yield Fault("number", {"number": content.number})


LINT = Lint(
    name="number_has_platform_form",
    citation="docs/glossary.md, certificate number",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The number {number} does not fit the application, the agency or the agreement.",
        "Prepare the certificate again; its number is voided.",
    ),
    check=check,
)
