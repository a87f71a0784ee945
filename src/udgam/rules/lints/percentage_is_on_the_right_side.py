"""A percentage in the criterion box passes its threshold: originating content is not below, non-originating share not above it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.criterion_figures import read
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    for n, item in enumerate(content.items):
        figure = read(item, agreement)
        if figure is None or figure.percent is None:
            continue
        params = {"percent": str(figure.percent), "item": str(item.number)}
        if not 0 <= figure.percent <= 100:
            yield Fault(f"items[{n}].criterion_text", params | {"threshold": "0–100"})
        elif figure.threshold is not None and not figure.passes:
            yield Fault(f"items[{n}].criterion_text", params | {"threshold": str(figure.threshold)})


LINT = Lint(
    name="percentage_is_on_the_right_side",
    citation="General rule of each agreement; overleaf notes: B states the non-originating, C the originating share",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The percentage {percent} of item {item} is on the wrong side of {threshold}.",
        "Look which share the criterion states: with B it is the non-originating one, elsewhere the originating one.",
    ),
    check=check,
)
