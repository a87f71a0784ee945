"""A back-to-back certificate is issued only where the agreement knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if "back-to-back" in content.marks and agreement.back_to_back.allowed is not True:
        yield Fault("marks", {"agreement": agreement.code})


LINT = Lint(
    name="back_to_back_is_allowed",
    citation="AIFTA operational procedures; Handbook of Procedures 2.93(f)",
    effective=date(2026, 11, 22),
    reason=Reason(
        "The agreement {agreement} is not known to allow back-to-back certificates.",
        "Apply for a certificate without that statement.",
    ),
    check=check,
)
