"""A certificate in place of another names it, comes from the same agency and is not its own predecessor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.numbers import NumberRefused, parse_certificate_number
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    standing_for = {"in-lieu", "true-copy"} & set(content.marks)
    if standing_for and not content.replaces:
        yield Fault("replaces", {"number": "—"})
    if content.replaces:
        try:
            replaced = parse_certificate_number(content.replaces)
        except NumberRefused:
            yield Fault("replaces", {"number": content.replaces[:80]})
            return
        if content.replaces == content.number or replaced.application.agency != content.issuer.agency:
            yield Fault("replaces", {"number": content.replaces})


LINT = Lint(
    name="replaced_certificate_is_named",
    citation="Handbook of Procedures 2.93(d): only the agency that issued the first one",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The certificate that this one stands for ({number}) is not named rightly or was issued by another agency.",
        "Enter the number of the first certificate; only its agency can replace it.",
    ),
    check=check,
)
