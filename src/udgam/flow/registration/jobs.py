"""The tasks of this room."""

from __future__ import annotations

from django.utils import timezone

from udgam.flow.registration import services
from udgam.ground.audit.actors import SystemActor
from udgam.ground.tasks import task


@task("registration.forget_abandoned", every="50 21 * * *")
def forget_abandoned() -> None:
    """Every night: erase attempts that nobody finished and whose year is over."""
    services.forget_abandoned(actor=SystemActor("registration.forget_abandoned"), now=timezone.now())
