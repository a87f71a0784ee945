"""The officer's name, designation and signature certificate are stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason

_SHA256 = re.compile(r"[0-9a-f]{64}")


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    officer = content.certification.signatory
    if not officer.name.strip() or not officer.designation.strip():
        yield Fault("certification.signatory")
    if not _SHA256.fullmatch(officer.certificate_sha256):
        yield Fault("certification.signatory.certificate_sha256")


LINT = Lint(
    name="signatory_is_identified",
    citation="Annexure-II to Appendix 2E, box 11",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The signatory's name, designation or certificate is missing.",
        "Complete the officer's details in the agency's records.",
    ),
    check=check,
)
