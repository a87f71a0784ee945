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
        "agency.suspended_already": Reason(_("This agency is suspended already."), _RELOAD),
        "agency.active_already": Reason(_("This agency is not suspended."), _RELOAD),
        "agency.exception_known": Reason(
            _("This name is accepted already for the agency."), _("Nothing needs to be done.")
        ),
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
