"""Every "no" of this room: its code, what happened, and what to do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.rules.reasons import all_reasons
from udgam.rules.refusals import Reason, Refused

_RELOAD = _("Load the page again to see how it stands.")


class AgencyRefused(Refused):
    """Something about an agency, an office, a post or an officer's token was refused; nothing was changed."""

    reasons: ClassVar = {
        "agency.code_taken": Reason(_("Another agency has the code {code}."), _("Choose another code.")),
        "agency.account_not_own": Reason(
            _("The installation has no payment account of this name for the agency."),
            _("Choose one from the list, or ask the operator of the platform to enter the agency’s account."),
        ),
        "agency.fee_account_unchanged": Reason(
            _("The agency’s fees go there already."), _("Nothing needs to be done.")
        ),
        "agency.fee_account_decided": Reason(_("This change of the fee account does not wait any more."), _RELOAD),
        "agency.fee_account_own": Reason(
            _("Nobody confirms a change that they proposed themselves."),
            _("Ask another administrator of the platform."),
        ),
        "agency.gstin_not_compared": Reason(
            _("No confirmed PAN says that this GSTIN is the agency’s own."),
            _("Compare it with the agency’s certificate of registration, then say that you did."),
        ),
        "agency.suspended_already": Reason(_("This agency is suspended already."), _RELOAD),
        "agency.active_already": Reason(_("This agency is not suspended."), _RELOAD),
        "agency.exception_known": Reason(
            _("This name is accepted already for the agency."), _("Nothing needs to be done.")
        ),
        "agency.request_decided": Reason(_("Somebody has already decided about this request."), _RELOAD),
        "leave.in_the_past": Reason(_("This leave is over already."), _("Enter a last day that is still to come.")),
        "leave.overlaps": Reason(
            _("The officer has another leave in these days."), _("Cancel that one first, or choose other days.")
        ),
        "leave.over": Reason(_("This leave was cancelled already."), _RELOAD),
        "leave.stand_in_unfit": Reason(
            _("This colleague cannot stand in during these days."),
            _("Only a signing officer stands in for a signing officer; choose somebody of the agency who is there."),
        ),
        "office.authorisation_ended": Reason(_("The office may not issue under this agreement any more."), _RELOAD),
        "office.suspended_already": Reason(_("This office is suspended already."), _RELOAD),
        "office.active_already": Reason(_("This office is not suspended."), _RELOAD),
        "office.region_unfit": Reason(
            _("This office cannot be the regional office."),
            _(
                "Choose another office of the same agency that belongs to no regional office itself. An office to which others "
                "belong stays a regional office until they have moved."
            ),
        ),
        "agency.hindi_unchanged": Reason(
            _("The agency is called so in Hindi already."), _("Nothing needs to be done.")
        ),
        "office.hindi_unchanged": Reason(
            _("The office is called so in Hindi already."), _("Nothing needs to be done.")
        ),
        "office.region_unchanged": Reason(_("The office belongs there already."), _("Nothing needs to be done.")),
        "office.cannot_take_over": Reason(
            _("This office cannot take the work over."), _("Choose an open office of the same agency.")
        ),
        "office.series_exists": Reason(
            _("The office has a series of its own for this already."), _("Its numbers go on by themselves.")
        ),
        "officer.suspended_already": Reason(_("This post is suspended already."), _RELOAD),
        "officer.active_already": Reason(_("This post is not suspended."), _RELOAD),
        "office.code_taken": Reason(_("Another office has the code {code}."), _("Choose another code.")),
        "office.closed_already": Reason(_("This office is closed already."), _RELOAD),
        "office.open_already": Reason(_("This office is open already."), _RELOAD),
        "office.seal_unchanged": Reason(_("This key seals for the office already."), _("Nothing needs to be done.")),
        "officer.ended_already": Reason(_("This post has already ended."), _RELOAD),
        "officer.last_administrator": Reason(
            _("This is the last administrator of the agency."), _("Appoint another administrator first.")
        ),
        "officer.no_post": Reason(
            _("No post is recorded for this user name."), _("Ask the administrator of your agency to appoint you.")
        ),
        "token.decided_already": Reason(_("Somebody has already decided about this token."), _RELOAD),
        "token.own": Reason(
            _("Nobody confirms a token of their own."),
            _("Ask another administrator of the agency, or of the platform."),
        ),
        "token.known_already": Reason(_("This token is enrolled already."), _("Sign in at the officers’ door.")),
        **{
            code: reason
            for code, reason in all_reasons().items()
            if code.startswith(("officer.", "certificate.", "binding."))
        },
    }
