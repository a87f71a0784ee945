"""The same rules, asked while the exporter can still correct what they find."""

from __future__ import annotations

from datetime import date

from udgam.rules.agreements import Agreement, load_agreement
from udgam.rules.content.application import ApplicationContent
from udgam.rules.content.certificate import Signatory
from udgam.rules.content.derive import certificate_from_application
from udgam.rules.lints.lint import Finding
from udgam.rules.lints.registry import run_lints

# What the issuer adds is not the exporter's to correct.
_OF_THE_ISSUER = frozenset({"number_has_platform_form", "signatory_is_identified", "signatory_within_authorisation"})


def lint_application(
    application: ApplicationContent, *, on: date, agreement: Agreement | None = None
) -> tuple[Finding, ...]:
    """All findings that a certificate made of ``application`` would have if it were issued on that day in India.

    ``agreement`` is the arrangement's data in force, None for the built-in data. Meant for the page on which the exporter checks the answers and for the examiner. The number need not be reserved yet.
    Raises ``AgreementRefused`` when the agreement is unknown, ``ValueError`` when its scheme is another.
    """
    nobody = Signatory(name="—", designation="—", certificate_sha256="0" * 64, authorised_from=on, authorised_until=on)
    known = agreement or load_agreement(application.agreement, on)
    provisional = certificate_from_application(
        application,
        agreement=known,
        number=application.number,
        place=application.office_name,
        issued_on=on,
        signatory=nobody,
    )
    return tuple(finding for finding in run_lints(provisional, known) if finding.lint not in _OF_THE_ISSUER)
