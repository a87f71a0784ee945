"""The last day of validity is the agreement's own, or none is stated where none is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.days import validity_end
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if content.valid_until is not None and content.valid_until != validity_end(agreement, content.issued_on):
        yield Fault("valid_until", {"date": content.valid_until.isoformat()})


LINT = Lint(
    name="validity_is_the_agreements_own",
    citation="Validity article of each agreement: 12 months in most",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The certificate would be valid until {date}, which is not the agreement's period.",
        "Prepare the certificate again; the day is calculated.",
    ),
    check=check,
)
