"""May the officer, and is it still the version that was read? Asked before every verb."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.flow.applications.models import Application
from udgam.flow.examination.policies import acts_open_to, may_decide
from udgam.parties.accounts.models import Person
from udgam.rules.reasons import all_reasons
from udgam.rules.refusals import Reason, Refused


class DecisionRefused(Refused):
    """The officer may not do this, or not now."""

    reasons: ClassVar = {
        "decision.not_open": Reason(
            _("This is not possible now: a colleague has taken the case up, or its state has changed."),
            _("Load the page again to see its present state."),
        ),
        "decision.other_version": Reason(
            _("The exporter has signed a newer version since you opened this page."),
            _("Read the new version, then decide."),
        ),
        "decision.origin_reason": Reason(
            _("By the computation of origin the claim does not hold, and you give no reason for approving it."),
            _("Read the section Origin, then ask the exporter, refuse, or say why you approve."),
        ),
        "decision.no_such_place": Reason(
            _("One of your questions is about something that the application does not contain."),
            _("Choose again what each question is about."),
        ),
        "decision.colleague_not_there": Reason(
            _("This colleague cannot take cases of this office today."), _("Choose another colleague.")
        ),
        "duty.no_post": Reason(_("You hold no post at present."), _("Ask the administrator of your agency.")),
        **{code: reason for code, reason in all_reasons().items() if code.startswith("duty.")},
    }


def require(
    *, person: Person, application: Application, act: str, now: datetime, seen_version: int | None = None
) -> None:
    """Raise `DecisionRefused` unless the person may carry out the act now, on the version that was read.

    A decision names that version: a page left open while the exporter signed a newer one decides nothing.
    """
    answer, _post = may_decide(person, application, now)
    if not answer.allowed:
        raise DecisionRefused(answer.reason or "duty.no_post", **answer.params)
    if act not in acts_open_to(person, application, now):
        raise DecisionRefused("decision.not_open")
    if seen_version is not None and seen_version != application.version:
        raise DecisionRefused("decision.other_version")
