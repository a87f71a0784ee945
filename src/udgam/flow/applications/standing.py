"""How a state and an act are shown to the exporter: in words, with a colour, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import TAB_STATES, subject_of
from udgam.ground.audit.queries import acts_of
from udgam.rules.lifecycle import APPLICATION

COLOURS: Mapping[str, str] = {
    "draft": "grey",
    "awaiting_payment": "yellow",
    "submitted": "blue",
    "correcting": "orange",
    "under_examination": "purple",
    "discrepancy": "orange",
    "verification": "yellow",
    "approved": "turquoise",
    "issued": "green",
    "refused": "red",
    "withdrawn": "grey",
    "expired": "grey",
}
TURNS: Mapping[str, str | Promise] = {
    "exporter": gettext_lazy("your turn"),
    "office": gettext_lazy("the office’s turn"),
    "signatory": gettext_lazy("the signing officer’s turn"),
    "platform": gettext_lazy("being processed"),
    "nobody": "",
}
ACTS: Mapping[str, str | Promise] = {
    "application.started": gettext_lazy("Draft begun"),
    "application.signed": gettext_lazy("Signed; the fee is to be paid"),
    "application.paid": gettext_lazy("Paid and submitted"),
    "application.expired": gettext_lazy("Ended because it was not paid in time"),
    "application.reopened": gettext_lazy("Reopened for changes"),
    "application.taken_back": gettext_lazy("Taken back for a correction"),
    "application.submitted": gettext_lazy("Signed and submitted"),
    "application.withdrawn": gettext_lazy("Withdrawn"),
    "application.taken_up": gettext_lazy("Taken up by an officer"),
    "application.put_back": gettext_lazy("Put back into the office’s queue"),
    "application.reassigned": gettext_lazy("Given to another officer"),
    "application.taken_over": gettext_lazy("Taken over by another officer"),
    "application.moved_to_office": gettext_lazy("Moved to another office of the agency"),
    "application.verification_asked": gettext_lazy("Physical verification asked for"),
    "application.verification_reported": gettext_lazy("Physical verification reported"),
    "application.discrepancy_raised": gettext_lazy("Question raised by the office"),
    "application.approved": gettext_lazy("Approved"),
    "application.sent_back": gettext_lazy("Sent back to examination"),
    "application.refused": gettext_lazy("Refused"),
    "application.issued": gettext_lazy("Certificate issued"),
    "application.dispatched": gettext_lazy("Print sent by post"),
}


TABS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    "drafts": (gettext_lazy("Drafts"), TAB_STATES["drafts"]),
    "awaiting-payment": (gettext_lazy("Awaiting payment"), TAB_STATES["awaiting-payment"]),
    "submitted": (gettext_lazy("At the office"), TAB_STATES["submitted"]),
    "discrepancy": (gettext_lazy("Questions"), TAB_STATES["discrepancy"]),
    "issued": (gettext_lazy("Issued"), TAB_STATES["issued"]),
    "refused": (gettext_lazy("Refused"), TAB_STATES["refused"]),
    "ended": (gettext_lazy("Withdrawn or ended"), TAB_STATES["ended"]),
}


@dataclass(frozen=True)
class ShownState:
    """A state for a tag."""

    label: str
    colour: str
    turn: str


@dataclass(frozen=True)
class Step:
    """A line of the timeline. `who` is a colleague's name, or empty when the office or the platform acted."""

    at: datetime
    label: str
    who: str
    by_office: bool


def shown_state(application: Application) -> ShownState:
    """The state in the reader's language."""
    state = application.state
    return ShownState(
        label=_(APPLICATION.label(state)), colour=COLOURS[state], turn=str(TURNS[APPLICATION.turn(state)])
    )


def timeline(application: Application) -> list[Step]:
    """What happened, newest first. Officers are not named: the office acts, and the certificate names who signed."""
    steps = []
    for line in acts_of(subject_of(application), newest_first=True, limit=100):
        label = ACTS.get(line.act)
        if label is None:
            continue
        is_firm = line.role == "exporter"
        steps.append(
            Step(
                at=line.at,
                label=_with_article(str(label), line.details),
                who=(line.actor_name or "") if is_firm else "",
                by_office=line.role == "officer",
            )
        )
    return steps


def _with_article(label: str, details: Mapping[str, Any]) -> str:
    """The number under which a print travels belongs to what happened."""
    return f"{label}: {details['carrier']} {details['article']}" if "article" in details else label
