"""The items are numbered 1, 2, 3 and so on, and there is at least one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    if not content.items:
        yield Fault("items")
    for n, item in enumerate(content.items):
        if item.number != n + 1:
            yield Fault(f"items[{n}].number")


LINT = Lint(
    name="items_numbered_consecutively",
    citation="Annexure-II to Appendix 2E, box 5",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The items are not numbered one after the other from 1.",
        "Number the items again in their order.",
    ),
    check=check,
)
