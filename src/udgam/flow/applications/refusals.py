"""Every "no" of this room: its code, what happened, and what to do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.flow.registration.reasons import REASONS as REGISTRATION_REASONS
from udgam.rules.lints import replaced_certificate_is_named
from udgam.rules.reasons import all_reasons
from udgam.rules.refusals import Reason, Refused


class ApplicationRefused(Refused):
    """Something about an application was refused; nothing was changed."""

    reasons: ClassVar = {
        "application.edited_elsewhere": Reason(
            _("This application was changed in another window or by a colleague since you opened this page."),
            _("What you typed is still here. Compare it with the saved application, then save again."),
        ),
        "application.not_editable": Reason(
            _("This application can no longer be changed."),
            _("Look at its page: the officer may be examining it, or it was decided."),
        ),
        "application.moved_on": Reason(
            _("Somebody has acted on this application meanwhile."),
            _("Load the page again to see its present state."),
        ),
        # The words of the lint for a number that does not fit, so that nobody learns here which numbers of others exist.
        "application.replaced_unknown": replaced_certificate_is_named.LINT.reason,
        "application.incomplete": Reason(
            _("The application is not complete yet."),
            _("Finish the sections marked “To do”, then sign."),
        ),
        "application.has_findings": Reason(
            _("The check of the answers has found something that a certificate must not say."),
            _("Open “Check your answers”, correct what is named there, then sign."),
        ),
        "application.claim_needs_reason": Reason(
            _("The origin claim of line {line} is not what was computed, and no reason is given."),
            _("Claim what was computed, correct the cost sheet, or say why you claim otherwise."),
        ),
        "application.too_many_items": Reason(
            _("An application can have at most {limit} items."),
            _("Divide the consignment, or combine equal lines."),
        ),
        "application.upload_not_ready": Reason(
            _("This table was added already, or has errors."),
            _("Look at the goods, or upload the corrected table."),
        ),
        "application.too_many_materials": Reason(
            _("The cost sheets of an application can have at most {limit} materials together."),
            _("Combine equal materials into one row, or divide the consignment into two applications."),
        ),
        "application.value_too_large": Reason(
            _("Quantity times unit value is more than sixteen digits before the point."),
            _("Check both numbers, and that the value is the value of one unit."),
        ),
        "application.part_of_nothing": Reason(
            _("There is no material of that number of which this could be a part."),
            _("Look at the table of materials and choose another."),
        ),
        "application.part_of_itself": Reason(
            _("A material cannot be a part of itself or of its own parts."),
            _("Choose the material that it went into."),
        ),
        "application.too_many_invoices": Reason(
            _("An application can have at most {limit} invoices."),
            _("Divide the consignment."),
        ),
        "application.too_many_shipping_bills": Reason(
            _("An application can have at most {limit} shipping bills."),
            _("Divide the consignment."),
        ),
        "application.invoice_twice": Reason(
            _("Invoice {number} is in the list already."),
            _("Change the one that is there, or enter another number."),
        ),
        "application.agreement_fixed": Reason(
            _("The agreement of a signed application cannot be changed."),
            _("Withdraw it and apply anew under the other agreement."),
        ),
        "application.too_many_documents": Reason(
            _("An application can have at most {limit} documents."),
            _("Remove one before adding another."),
        ),
        "application.office_closed": Reason(
            _("This office does not issue this kind of certificate at present."),
            _("Choose another office."),
        ),
        "application.agency_fixed": Reason(
            _("The agency of a signed application cannot be changed."),
            _("Choose an office of the same agency, or withdraw it and apply anew."),
        ),
        "application.branch_not_ready": Reason(
            _("This branch has no GSTIN and is not marked as lying in an SEZ."),
            _("Add it under My IEC details, then choose the branch."),
        ),
        "application.signature_of_other_content": Reason(
            _("The signature belongs to an earlier state of the application."),
            _("Open the signing page again and sign what it shows now."),
        ),
        "application.signature_expected": Reason(
            _("There is nothing to be signed any more."),
            _("Open the signing page again."),
        ),
        "application.shown_too_long_ago": Reason(
            _("What you were shown for signing is more than an hour old, or from another day."),
            _("Open the signing page again. Rates, agreements and the record of your firm are then looked up anew."),
        ),
        "application.certificate_changed": Reason(
            _("The token that signed is not the one that was chosen."),
            _("Sign again with one token."),
        ),
        "application.conversation_unreadable": Reason(
            _("The answer of the signing agent could not be read."),
            _("Load the page again and sign once more. If it happens again, ask the help desk."),
        ),
        "book.known_already": Reason(
            _("The firm’s book has the same entry already."),
            _("Look for it in the list, and change it there if it is no longer right."),
        ),
        "book.full": Reason(
            _("The firm’s book can offer at most {limit} entries of one kind."),
            _("Take out those that are no longer needed."),
        ),
        "book.changed_elsewhere": Reason(
            _("This entry was changed in another window or by a colleague since you opened this page."),
            _("What you typed is still here. Compare it with the saved entry, then save again."),
        ),
        "application.no_discrepancy": Reason(
            _("There is no open question of the office."),
            _("Load the page again to see its present state."),
        ),
        "application.answer_missing": Reason(
            _("The question of the office has no answer yet."),
            _("Write the answer, then sign."),
        ),
    }


class FilingRefused(Refused):
    """The firm may not file at present, or this token may not sign for it. The reasons are those of registration and the rules."""

    reasons: ClassVar = {**REGISTRATION_REASONS, **all_reasons()}
