"""The list of all lints, in the order in which their findings are shown."""

from __future__ import annotations

from collections.abc import Mapping

from udgam.rules.agreements import Agreement, load_agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.agreement_is_in_force import LINT as AGREEMENT_IS_IN_FORCE
from udgam.rules.lints.back_to_back_is_allowed import LINT as BACK_TO_BACK_IS_ALLOWED
from udgam.rules.lints.criterion_belongs_to_agreement import LINT as CRITERION_BELONGS_TO_AGREEMENT
from udgam.rules.lints.criterion_text_is_the_agreements_own import LINT as CRITERION_TEXT_IS_THE_AGREEMENTS_OWN
from udgam.rules.lints.declaration_not_after_issue import LINT as DECLARATION_NOT_AFTER_ISSUE
from udgam.rules.lints.departure_agrees_with_shipment import LINT as DEPARTURE_AGREES_WITH_SHIPMENT
from udgam.rules.lints.destination_is_a_partner import LINT as DESTINATION_IS_A_PARTNER
from udgam.rules.lints.every_item_has_its_invoice import LINT as EVERY_ITEM_HAS_ITS_INVOICE
from udgam.rules.lints.exporter_country_matches_issuer import LINT as EXPORTER_COUNTRY_MATCHES_ISSUER
from udgam.rules.lints.goods_leave_india import LINT as GOODS_LEAVE_INDIA
from udgam.rules.lints.hs_code_digits import LINT as HS_CODE_DIGITS
from udgam.rules.lints.invoice_date_not_after_issue import LINT as INVOICE_DATE_NOT_AFTER_ISSUE
from udgam.rules.lints.items_numbered_consecutively import LINT as ITEMS_NUMBERED_CONSECUTIVELY
from udgam.rules.lints.late_issue_is_marked import LINT as LATE_ISSUE_IS_MARKED
from udgam.rules.lints.lint import Finding, Lint, finding
from udgam.rules.lints.marks_have_the_agreements_words import LINT as MARKS_HAVE_THE_AGREEMENTS_WORDS
from udgam.rules.lints.number_has_platform_form import LINT as NUMBER_HAS_PLATFORM_FORM
from udgam.rules.lints.one_currency_for_each_invoice import LINT as ONE_CURRENCY_FOR_EACH_INVOICE
from udgam.rules.lints.percentage_is_on_the_right_side import LINT as PERCENTAGE_IS_ON_THE_RIGHT_SIDE
from udgam.rules.lints.quantities_positive import LINT as QUANTITIES_POSITIVE
from udgam.rules.lints.replaced_certificate_is_named import LINT as REPLACED_CERTIFICATE_IS_NAMED
from udgam.rules.lints.retrospective_within_its_window import LINT as RETROSPECTIVE_WITHIN_ITS_WINDOW
from udgam.rules.lints.shipping_bills_fit_the_consignment import LINT as SHIPPING_BILLS_FIT_THE_CONSIGNMENT
from udgam.rules.lints.signatory_is_identified import LINT as SIGNATORY_IS_IDENTIFIED
from udgam.rules.lints.signatory_within_authorisation import LINT as SIGNATORY_WITHIN_AUTHORISATION
from udgam.rules.lints.statements_are_the_agreements_own import LINT as STATEMENTS_ARE_THE_AGREEMENTS_OWN
from udgam.rules.lints.texts_are_printable import LINT as TEXTS_ARE_PRINTABLE
from udgam.rules.lints.third_party_is_named_and_allowed import LINT as THIRD_PARTY_IS_NAMED_AND_ALLOWED
from udgam.rules.lints.title_has_required_words import LINT as TITLE_HAS_REQUIRED_WORDS
from udgam.rules.lints.validity_is_the_agreements_own import LINT as VALIDITY_IS_THE_AGREEMENTS_OWN
from udgam.rules.refusals import Reason

LINTS: tuple[Lint, ...] = (
    TITLE_HAS_REQUIRED_WORDS,
    NUMBER_HAS_PLATFORM_FORM,
    EXPORTER_COUNTRY_MATCHES_ISSUER,
    GOODS_LEAVE_INDIA,
    DEPARTURE_AGREES_WITH_SHIPMENT,
    ITEMS_NUMBERED_CONSECUTIVELY,
    HS_CODE_DIGITS,
    AGREEMENT_IS_IN_FORCE,
    DESTINATION_IS_A_PARTNER,
    CRITERION_BELONGS_TO_AGREEMENT,
    CRITERION_TEXT_IS_THE_AGREEMENTS_OWN,
    PERCENTAGE_IS_ON_THE_RIGHT_SIDE,
    QUANTITIES_POSITIVE,
    EVERY_ITEM_HAS_ITS_INVOICE,
    ONE_CURRENCY_FOR_EACH_INVOICE,
    INVOICE_DATE_NOT_AFTER_ISSUE,
    DECLARATION_NOT_AFTER_ISSUE,
    SHIPPING_BILLS_FIT_THE_CONSIGNMENT,
    LATE_ISSUE_IS_MARKED,
    RETROSPECTIVE_WITHIN_ITS_WINDOW,
    VALIDITY_IS_THE_AGREEMENTS_OWN,
    MARKS_HAVE_THE_AGREEMENTS_WORDS,
    THIRD_PARTY_IS_NAMED_AND_ALLOWED,
    BACK_TO_BACK_IS_ALLOWED,
    REPLACED_CERTIFICATE_IS_NAMED,
    STATEMENTS_ARE_THE_AGREEMENTS_OWN,
    SIGNATORY_IS_IDENTIFIED,
    SIGNATORY_WITHIN_AUTHORISATION,
    TEXTS_ARE_PRINTABLE,
)

REASONS: Mapping[str, Reason] = {lint.code: lint.reason for lint in LINTS}


def run_lints(content: CertificateContent, agreement: Agreement | None = None) -> tuple[Finding, ...]:
    """All findings about ``content``; none means that it may be signed.

    ``agreement`` is the arrangement's data that the operator has in force, None for the built-in data of the day of issue. A lint
    applies when it was in effect on that day. Raises ``AgreementRefused`` when the agreement is unknown, ``ValueError`` when
    ``agreement`` is another than the content's.
    """
    known = agreement or load_agreement(content.agreement, content.issued_on)
    if known.code != content.agreement:
        raise ValueError("the content was made under another agreement")
    return tuple(
        finding(lint, fault)
        for lint in LINTS
        if lint.effective <= content.issued_on
        for fault in lint.check(content, known)
    )
