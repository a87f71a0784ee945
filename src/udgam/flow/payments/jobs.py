"""What happens without anybody waiting: refunds, questions to gateways, the end of unpaid orders."""

from __future__ import annotations

from django.utils import timezone

from udgam.flow.payments import gateways, services
from udgam.ground.audit.actors import SystemActor
from udgam.ground.tasks import task


@task("payments.send_refund")
def send_refund(*, refund: str) -> None:
    """Pay one refund back through its gateway; what fails is tried again by `payments.reconcile`."""
    gateways.send_refund(refund_id=refund, now=timezone.now())


@task("payments.reconcile", every="*/5 * * * *")
def reconcile() -> None:
    """Every five minutes: ask about trips and refunds of which nothing was heard."""
    now = timezone.now()
    gateways.follow_attempts(now=now)
    gateways.follow_refunds(now=now)


@task("payments.end_unpaid", every="7 * * * *")
def end_unpaid() -> None:
    """Every hour: remind of orders that end soon, and end those whose time is over."""
    now = timezone.now()
    services.remind(now=now)
    services.end_unpaid(actor=SystemActor("payments.end_unpaid"), now=now)
