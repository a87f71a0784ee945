"""Declaration and certification are printed in the agreement's own words, naming the destination."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if content.declaration.text != agreement.declaration.format(destination=content.destination.name):
        yield Fault("declaration.text", {"statement": "declaration"})
    if content.certification.text != agreement.certification:
        yield Fault("certification.text", {"statement": "certification"})


LINT = Lint(
    name="statements_are_the_agreements_own",
    citation="Annexure-II to Appendix 2E, boxes 11 and 12",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The wording of the {statement} is not the agreement's own.",
        "Prepare the certificate again; the wording is never typed.",
    ),
    check=check,
)
