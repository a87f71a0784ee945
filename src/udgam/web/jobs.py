"""The tasks of the site's own pages."""

from __future__ import annotations

from django.utils import timezone

from udgam.ground.pages.limits import forget_counts
from udgam.ground.tasks import task
from udgam.web.feedback import forget_feedback


@task("site.forget_feedback", every="40 21 * * *")
def forget_old_feedback() -> None:
    """Every night: delete messages to the help desk that have served their time."""
    forget_feedback(now=timezone.now())


@task("site.forget_counts", every="10 * * * *")
def forget_old_counts() -> None:
    """Every hour: delete the counters of limits whose time is over."""
    forget_counts(now=timezone.now())
