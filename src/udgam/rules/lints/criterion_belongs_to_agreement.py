"""Every origin criterion printed is one of the agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    known = {criterion.code for criterion in agreement.criteria}
    for n, item in enumerate(content.items):
        if item.criterion not in known:
            yield Fault(f"items[{n}].criterion", {"criterion": item.criterion, "item": str(item.number)})


LINT = Lint(
    name="criterion_belongs_to_agreement",
    citation="Annexure-II to Appendix 2E, box 8",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The criterion {criterion} of item {item} does not exist under this agreement.",
        "Choose a criterion of the agreement.",
    ),
    check=check,
)
