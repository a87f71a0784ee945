"""What is said of the shipment, before or after, agrees with the date of departure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, _agreement: Agreement) -> Iterator[Fault]:
    transport, declared = content.transport, content.declaration.date
    departure = transport.departure
    if transport.shipment == "before" and departure is not None and departure < declared:
        yield Fault("transport.departure", {"shipment": "before", "date": departure.isoformat()})
    if transport.shipment == "after" and (departure is None or departure > declared):
        day = "an unknown day" if departure is None else departure.isoformat()
        yield Fault("transport.departure", {"shipment": "after", "date": day})


LINT = Lint(
    name="departure_agrees_with_shipment",
    citation="Annexure-II to Appendix 2E, box 3",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The application was made {shipment} shipment, which does not agree with the departure on {date}.",
        "Correct the date of departure, or whether the goods were shipped already.",
    ),
    check=check,
)
