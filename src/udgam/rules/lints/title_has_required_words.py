"""The title carries the words the agreement demands, and is the agreement's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if content.title != agreement.title or agreement.required_words.casefold() not in content.title.casefold():
        yield Fault("title", {"words": agreement.required_words})


LINT = Lint(
    name="title_has_required_words",
    citation="DGFT Trade Notice to Appendix 2E agencies: the words Non-Preferential must stand on the certificate",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The title lacks the words “{words}”.",
        "Prepare the certificate again with the agreement's own title.",
    ),
    check=check,
)
