"""The tasks of this room."""

from __future__ import annotations

from django.utils import timezone

from udgam.ground.connectors import revocation
from udgam.ground.tasks import Retry, task
from udgam.parties.accounts import services


@task("accounts.send_one_time_password", retry=Retry(attempts=5, wait_seconds=10))
def send_one_time_password(*, issue: int) -> None:
    """Make and mail a one-time password. A second run makes another one, and only the last one works."""
    services.send_one_time_password(issue_id=issue, now=timezone.now())


@task("accounts.send_reset_link", retry=Retry(attempts=5, wait_seconds=10))
def send_reset_link(*, username: str) -> None:
    """Mail a link to whoever has this user name; nobody having it is nothing to report."""
    services.send_reset_link(username=username, now=timezone.now())


@task("accounts.forget_old_traces", every="20 21 * * *")
def forget_old_traces() -> None:
    """Every night: delete what has served its time."""
    services.forget_old_traces(now=timezone.now())
    services.forget_notices(now=timezone.now())


@task("accounts.forget_expired_crls", every="40 21 * * *")
def forget_expired_crls() -> None:
    """Every night: remove parsed revocation lists whose time is over, so that their folder does not grow for ever."""
    revocation.forget_expired_crls()
