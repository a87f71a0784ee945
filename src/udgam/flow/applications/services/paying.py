"""The fee of an application: asked for when it is signed, submitted when it is paid, ended when it is not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.applications.arrangements import is_preferential
from udgam.flow.applications.models import Application
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.moving import due_at, move, refuse_to_undo, subject_of
from udgam.flow.applications.services.telling import tell_of_submission
from udgam.flow.payments.models import Order
from udgam.flow.payments.queries import order_for_subject
from udgam.flow.payments.services import cancel_order, open_order
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person


def open_fee_order(*, application: Application, actor: Actor, now: datetime) -> Order:
    """Open the order for the fee, in the transaction of the signature. Raises `PaymentRefused` or `FeeRefused`."""
    office, branch = application.office, application.branch
    if office is None or branch is None:
        raise ApplicationRefused("application.incomplete")
    return open_order(
        subject=subject_of(application),
        about=application.number or "",
        fee_code="preferential" if is_preferential(application) else "non-preferential",
        exporter=application.exporter,
        branch=branch,
        agency=office.agency,
        settled_task="applications.paid",
        expired_task="applications.unpaid",
        return_to=f"/applications/{application.public_id}/",
        actor=actor,
        now=now,
    )


@transaction.atomic
def record_payment(*, application: Application, actor: Actor, now: datetime) -> bool:
    """The fee is paid: the office gets the application. False when that was recorded before, or it is no longer waited for."""
    row = Application.objects.select_for_update().get(id=application.id)
    if row.state != "awaiting_payment":
        return False
    move(
        application=row,
        act="record_payment",
        audit_act="application.paid",
        actor=actor,
        now=now,
        submitted_at=now,
        due_at=due_at(application=application, now=now),
    )
    row.refresh_from_db()
    tell_of_submission(application=row, now=now)
    return True


@transaction.atomic
def end_unpaid(*, application: Application, actor: Actor, now: datetime) -> bool:
    """The order ended unpaid, and so does the application; the firm keeps it and can copy it. False when it was not waiting."""
    row = Application.objects.select_for_update().get(id=application.id)
    if row.state != "awaiting_payment":
        return False
    order = order_for_subject(subject_of(row))
    if order is not None and order.state in {"open", "paid"}:
        return False
    move(application=row, act="expire", audit_act="application.expired", actor=actor, now=now)
    return True


@transaction.atomic
def take_back(*, application: Application, person: Person, actor: Actor, now: datetime) -> None:
    """Correct what was signed, before anybody examines it.

    Unpaid, it becomes a draft again and its order is cancelled. Paid, it can be corrected and signed anew without a second fee.
    Raises `ApplicationRefused` or `TransitionRefused`; `FilingRefused` for somebody who may not sign; `PaymentRefused` when it was
    paid in the same moment.
    """
    refuse_to_undo(application=application, person=person)
    if application.state == "awaiting_payment":
        order = order_for_subject(subject_of(application))
        if order is not None:
            cancel_order(order=order, reason="taken back for changes", actor=actor, now=now)
        move(application=application, act="reopen", audit_act="application.reopened", actor=actor, now=now)
    else:
        move(application=application, act="correct", audit_act="application.taken_back", actor=actor, now=now)
