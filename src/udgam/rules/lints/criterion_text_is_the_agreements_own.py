"""What stands in the criterion box is one of the agreement's own texts for that criterion, with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.criterion_figures import has_texts, read
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if content.format == "udgam.certificate/1":
        return
    for n, item in enumerate(content.items):
        if has_texts(item, agreement) and read(item, agreement) is None:
            yield Fault(f"items[{n}].criterion_text", {"text": item.criterion_printed, "item": str(item.number)})


LINT = Lint(
    name="criterion_text_is_the_agreements_own",
    citation="Overleaf notes of each form: how the criterion is written",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The text “{text}” for the criterion of item {item} is not one of the agreement's own.",
        "Take the text that the finding proposes.",
    ),
    check=check,
)
