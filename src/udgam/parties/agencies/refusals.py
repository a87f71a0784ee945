"""Every "no" of this room: its code, what happened, and what to do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.rules.reasons import all_reasons
from udgam.rules.refusals import Reason, Refused


class AgencyRefused(Refused):
    """Something about an agency, an office, a post or an officer's token was refused."""

    reasons: ClassVar = {
        "agency.code_taken": Reason(_("Another agency has this code."), _("Choose another code.")),
        "office.code_taken": Reason(_("Another office has this code."), _("Choose another code.")),
        "officer.ended_already": Reason(_("This post has already ended."), _("Load the page again.")),
        "officer.no_post": Reason(
            _("No post is recorded for this user name."), _("Ask the administrator of your agency to appoint you.")
        ),
        "token.decided_already": Reason(_("Somebody has already decided about this token."), _("Load the page again.")),
        "token.known_already": Reason(_("This token is enrolled already."), _("Sign in at the officers’ door.")),
        **{
            code: reason
            for code, reason in all_reasons().items()
            if code.startswith(("officer.", "certificate.", "binding."))
        },
    }
