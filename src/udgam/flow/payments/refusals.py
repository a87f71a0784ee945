"""Every "no" of this room: its code, what happened, and what to do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.rules.reasons import all_reasons
from udgam.rules.refusals import Reason, Refused

_RELOAD = _("Load the page again to see how it stands.")


class PaymentRefused(Refused):
    """Something about a payment was refused; no money was moved."""

    reasons: ClassVar = {
        "payment.agency_not_ready": Reason(
            _("This agency cannot be paid through the platform yet: it has not said where its fees go."),
            _("Ask the agency to complete its fee account, or choose another one."),
        ),
        "payment.place_unknown": Reason(
            _("The State to which the service is supplied is not known."),
            _("Add the branch’s GSTIN or the State of its SEZ under My IEC details."),
        ),
        "payment.not_open": Reason(_("This order is not waiting for payment any more."), _RELOAD),
        "payment.not_paid": Reason(_("Only an order that was paid can be refunded."), _RELOAD),
        "payment.refunded_already": Reason(
            _("This order was refunded already; a refund is not refunded again."), _RELOAD
        ),
        "payment.wallet_too_small": Reason(
            _("The wallet holds ₹ {balance}, which is less than the ₹ {total} to be paid."),
            _("Add money to the wallet, or pay online."),
        ),
        "payment.payout_not_signatory": Reason(
            _("Only somebody who signs for the firm can have its money paid out."),
            _("Ask a signatory of the firm."),
        ),
        "payment.payout_amount": Reason(
            _("Between one paisa and the ₹ {balance} that the wallet holds can be paid out."),
            _("Enter an amount within these limits."),
        ),
        "payment.payout_no_source": Reason(
            _("Only ₹ {available} of this can go back by the way it came."),
            _("Have that much paid out, and ask the agency for the rest."),
        ),
        "payment.deposit_amount": Reason(
            _("A deposit is at least ₹ {least} and at most ₹ {most}."), _("Enter an amount within these limits.")
        ),
        "payment.gateway_unavailable": Reason(
            _("The payment service does not answer at the moment. Nothing was charged."),
            _("Try again in a few minutes, or pay from the wallet."),
        ),
        "payment.message_forged": Reason(_("The message is not signed by the gateway."), _("Nothing was changed.")),
        "payment.message_stale": Reason(
            _("The message was signed too long ago or in the future."), _("Sign it again and send it again.")
        ),
        "payment.message_unreadable": Reason(_("The message cannot be read."), _("Send it in the documented shape.")),
        "payment.message_unknown": Reason(
            _("The message is about a payment that was not begun here."), _("Nothing was changed.")
        ),
        **{code: reason for code, reason in all_reasons().items() if code.startswith(("fee.", "gstin.", "pan."))},
    }
