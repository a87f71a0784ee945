"""What follows from a payment, or from none."""

from __future__ import annotations

from django.utils import timezone

from udgam.flow.applications import queries, services
from udgam.ground.audit.actors import SystemActor
from udgam.ground.tasks import task


@task("applications.paid")
def paid(*, subject: str) -> None:
    """The fee is paid: the office gets the application. Safe to repeat."""
    application = queries.application_of_subject(subject)
    if application is not None:
        services.record_payment(application=application, actor=SystemActor("applications.paid"), now=timezone.now())


@task("applications.unpaid")
def unpaid(*, subject: str) -> None:
    """The fee was not paid in time: the application ends. Safe to repeat."""
    application = queries.application_of_subject(subject)
    if application is not None:
        services.end_unpaid(application=application, actor=SystemActor("applications.unpaid"), now=timezone.now())
