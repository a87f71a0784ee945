"""Every no of this room, with what to do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.rules.refusals import Reason, Refused

REASONS = {
    "agreements.on_already": Reason(_("The agreement is switched on already."), _("Open its page to see since when.")),
    "agreements.off_already": Reason(
        _("The agreement is switched off already."), _("Open its page to see since when.")
    ),
    "agreements.not_ready": Reason(
        _("The agreement cannot be switched on: what is printed or decided under it is not known ({wants})."),
        _("Compare the open fields with the original and confirm them first."),
    ),
    "agreements.not_issued": Reason(
        _("Bodies in India do not issue under this agreement."), _("Choose another agreement.")
    ),
    "agreements.other_code": Reason(
        _("The file is about {given}, not about {code}."), _("Upload the file of this agreement.")
    ),
    "agreements.known_already": Reason(
        _("Exactly this data is recorded already."), _("Change it, or leave it as it stands.")
    ),
    "agreements.too_large": Reason(_("The file is larger than {limit} MB."), _("Upload a smaller file.")),
    "agreements.version_taken": Reason(
        _("The version {version} exists already with other data."), _("Give the file a new version.")
    ),
}


class AgreementsRefused(Refused):
    """A decision about agreements that cannot be taken so."""

    reasons: ClassVar = REASONS
