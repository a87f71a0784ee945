"""Every statement that the certificate carries has words of the agreement's own, or a box of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    boxes = {box.fills for box in agreement.boxes}
    printed = {part for box in agreement.boxes for part in box.prints}
    for n, mark in enumerate(content.marks):
        own_place = mark == "third-party" and ("third-party" in boxes or "third-party" in printed)
        if agreement.wording(mark) is None and not own_place:
            yield Fault(f"marks[{n}]", {"mark": mark})


LINT = Lint(
    name="marks_have_the_agreements_words",
    citation="Operational procedures of each agreement: the endorsements and their spelling",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The agreement's words for the statement “{mark}” are not known, so it cannot be printed.",
        "Leave it out, or have the administrator confirm the agreement's wording.",
    ),
    check=check,
)
