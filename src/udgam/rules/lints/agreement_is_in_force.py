"""The agreement is in force on the day of issue, and bodies in India issue under it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    begun = agreement.effective is None or agreement.effective <= content.issued_on
    ended = agreement.expires is not None and content.issued_on > agreement.expires
    if not agreement.issued or not begun or ended:
        yield Fault("agreement", {"agreement": agreement.code, "date": content.issued_on.isoformat()})


LINT = Lint(
    name="agreement_is_in_force",
    citation="Customs notification of each agreement, commencement; DGFT Appendices 2B to 2E",
    effective=date(2019, 1, 1),
    reason=Reason(
        "Nothing is issued under the agreement {agreement} on {date}.",
        "Choose another agreement, or the non-preferential certificate.",
    ),
    check=check,
)
