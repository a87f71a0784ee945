"""Taking an application back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.applications.models import Application
from udgam.flow.applications.services.moving import move, refuse_to_undo, subject_of
from udgam.flow.payments.services import give_back
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.rules.lifecycle import fee_is_returned


@transaction.atomic
def withdraw(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Withdraw an application that is not being examined. The office sees no more of it; the firm keeps it.

    The fee goes back by rule: an unpaid order is cancelled, a paid one refunded unless the office has examined already.
    Raises `FilingRefused` when the application was signed and the person may not sign for the firm.
    """
    refuse_to_undo(application=application, person=person)
    if fee_is_returned(application.state, "withdraw"):
        give_back(subject=subject_of(application), reason="withdrawn", actor=actor, now=now)
    move(application=application, act="withdraw", audit_act="application.withdrawn", actor=actor, now=now)
    application.discrepancies.filter(answered_at__isnull=True).update(answered_at=now)
