"""The country of destination is a partner of the agreement on the day of issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if not agreement.admits(content.destination.code):
        yield Fault("destination", {"country": content.destination.name, "agreement": agreement.code})


LINT = Lint(
    name="destination_is_a_partner",
    citation="Customs notification of each agreement, definition of the Parties",
    effective=date(2019, 1, 1),
    reason=Reason(
        "{country} takes no part in the agreement {agreement}.",
        "Choose the agreement that fits the destination.",
    ),
    check=check,
)
