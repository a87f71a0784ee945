"""What the platform does by itself: complete what is signed, void what was not, publish."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from udgam.flow.issuance import cycle, services
from udgam.flow.issuance.queries import waiting_for_platform
from udgam.flow.issuance.register import publishing
from udgam.flow.issuance.trust import issuers_list
from udgam.flow.issuance.upkeep import recheck, stamping
from udgam.ground.audit.actors import SystemActor
from udgam.ground.tasks import Retry, task

# So many are completed in one go; those that were never tried come first, so that none waits behind one that fails again and again.
MOST_AT_ONCE = 200


def resume(*, patience: timedelta = services.COMPLETION_TIME) -> int:
    """Complete every certificate that carries the officer's signatures and that nobody is at; answers how many were issued."""
    issued = 0
    for certificate in waiting_for_platform(tried_before=timezone.now() - patience, limit=MOST_AT_ONCE):
        issued += cycle.complete(certificate=certificate, now=timezone.now(), patience=patience)
    return issued


@task("issuance.resume_unfinished", every="* * * * *")
def resume_unfinished() -> None:
    """Every minute: go on where a process died or a service did not answer."""
    resume()


@task("issuance.void_stale", every="*/10 * * * *")
def void_stale() -> None:
    """Every ten minutes: void what was prepared for a day that is over in India."""
    services.void_stale(actor=SystemActor("issuance.void_stale"), now=timezone.now())


@task("issuance.publish", retry=Retry(attempts=8, wait_seconds=10))
def publish(*, certificate: str) -> None:
    """After an issue or an ending: bring the register's files up to what the rows say."""
    publish_register()


@task("issuance.publish_register", every="*/5 * * * *")
def publish_register() -> None:
    """Every five minutes: publish what waits; an officer may have come or gone, or a list have grown a day old."""
    publish_issuers()
    publishing.publish(now=timezone.now())


@task("issuance.keep_stamped", every="* * * * *")
def keep_stamped() -> None:
    """Every minute: the stamps that are due, late ones first, then the archive stamps of what was issued or grows old."""
    stamping.keep_stamped(now=timezone.now())


@task("issuance.recheck", every="30 20 * * *")
def recheck_everything() -> None:
    """Every night at 02:00 in India: read everything that was issued again, and raise an alarm about what differs."""
    recheck.recheck(clock=timezone.now)


@task("issuance.publish_issuers", every="*/15 * * * *")
def publish_issuers() -> None:
    """Write the list of issuers in its first form if it changed, for checkers of the first release."""
    services.publish_trust(folder=Path(settings.TRUST_FOLDER), issuers=issuers_list())
