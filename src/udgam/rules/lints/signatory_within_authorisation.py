"""The officer is authorised on the date of issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    officer, day = content.certification.signatory, content.issued_on
    ended = officer.authorised_until is not None and day > officer.authorised_until
    if day < officer.authorised_from or ended:
        yield Fault("certification.signatory", {"name": officer.name, "date": day.isoformat()})


LINT = Lint(
    name="signatory_within_authorisation",
    citation="Appendix 2E: agencies certify through their authorised signatories",
    effective=date(2025, 1, 27),
    reason=Reason(
        "{name} is not authorised to sign on {date}.",
        "Let an officer sign whose authority covers that day.",
    ),
    check=check,
)
