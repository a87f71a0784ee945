"""A retrospective certificate is allowed, within the agreement's months from the shipment, and its reason is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.days import months_later
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    if "retrospective" not in content.marks:
        return
    allowed, departed = agreement.retrospective, content.transport.departure
    params = {"months": str(allowed.months or "—"), "departure": departed.isoformat() if departed else "—"}
    if allowed.allowed is False:
        yield Fault("marks", params)
    if departed is None or content.transport.shipment != "after":
        yield Fault("transport.departure", params)
    elif allowed.months is not None and content.issued_on > months_later(departed, allowed.months):
        yield Fault("certification.date", params)
    if not (content.retrospective or "").strip():
        yield Fault("retrospective", params)


LINT = Lint(
    name="retrospective_within_its_window",
    citation="ECTA article 4.16: within 12 months, reasons in writing; Notification 14/2018-Customs (N.T.) for Japan",
    effective=date(2026, 11, 22),
    reason=Reason(
        "A retrospective certificate needs goods that have left (here: {departure}), a reason, and issue within the agreement's {months} months.",
        "Correct date and reason; if the time is over, only a certificate without preference is left.",
    ),
    check=check,
)
