"""The officer's verbs. Each asks whether the officer may, then lets the application change once.

A decision names the version that the officer read: a page left open while the exporter signed a newer one decides nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.examination.policies import acts_open_to, may_decide
from udgam.ground.audit.actors import Actor
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
        "duty.no_post": Reason(_("You hold no post at present."), _("Ask the administrator of your agency.")),
        **{code: reason for code, reason in all_reasons().items() if code.startswith("duty.")},
    }


def _require(
    person: Person, application: Application, act: str, now: datetime, *, seen_version: int | None = None
) -> None:
    answer, _post = may_decide(person, application, now)
    if not answer.allowed:
        raise DecisionRefused(answer.reason or "duty.no_post", **answer.params)
    if act not in acts_open_to(person, application):
        raise DecisionRefused("decision.not_open")
    if seen_version is not None and seen_version != application.version:
        raise DecisionRefused("decision.other_version")


def take_up(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Begin to examine."""
    _require(person, application, "take_up", now)
    applications.take_up(application=application, person=person, actor=actor, now=now)


def put_back(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Give the case back to the queue; also for a colleague who is on leave."""
    _require(person, application, "put_back", now)
    applications.put_back(application=application, actor=actor, now=now)


def raise_discrepancy(
    *,
    application: Application,
    seen_version: int,
    subject: str,
    question: str,
    person: Person,
    actor: Actor,
    now: datetime,
) -> None:
    """Ask the exporter about the version that was read."""
    _require(person, application, "raise_discrepancy", now, seen_version=seen_version)
    applications.raise_discrepancy(
        application=application, subject=subject, question=question, person=person, actor=actor, now=now
    )


def approve(*, application: Application, seen_version: int, person: Person, actor: Actor, now: datetime) -> None:
    """Find the version that was read right, so that a signatory can certify it."""
    _require(person, application, "approve", now, seen_version=seen_version)
    applications.approve(application=application, person=person, actor=actor, now=now)


def send_back(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Take an approval back before anything was signed."""
    _require(person, application, "send_back", now)
    applications.send_back(application=application, actor=actor, now=now)


def refuse(
    *, application: Application, seen_version: int, reason: str, person: Person, actor: Actor, now: datetime
) -> None:
    """Say no to the version that was read, with the reason the exporter reads."""
    _require(person, application, "refuse", now, seen_version=seen_version)
    applications.refuse(application=application, reason=reason, person=person, actor=actor, now=now)
