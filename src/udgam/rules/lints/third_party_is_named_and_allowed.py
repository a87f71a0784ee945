"""Where a third party invoices, the agreement allows it and the firm is named; a firm that is named is ticked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    said = "third-party" in content.marks
    if said and content.third_party is None:
        yield Fault("third_party", {"agreement": agreement.code})
    if (said or content.third_party is not None) and agreement.third_party_invoicing.allowed is False:
        yield Fault("marks", {"agreement": agreement.code})
    if content.third_party is not None and (not said or not content.third_party.name.strip()):
        yield Fault("third_party.name", {"agreement": agreement.code})


LINT = Lint(
    name="third_party_is_named_and_allowed",
    citation="Third-country invoicing article of each agreement; the boxes that name the firm",
    effective=date(2026, 11, 22),
    reason=Reason(
        "Invoicing by a third party needs its name and the tick, and the agreement {agreement} must allow it.",
        "Name the firm with its country and tick the statement, or remove both.",
    ),
    check=check,
)
