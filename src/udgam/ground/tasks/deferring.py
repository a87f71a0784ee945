"""Write a job row in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from udgam.ground.tasks import registry


class DeferredOutsideTransaction(RuntimeError):
    """Work was deferred where no transaction is open, so that it could run although the change failed."""


def defer(name: str, /, **arguments: Any) -> None:
    """Have the worker run the task once the caller's transaction is committed.

    Raises ``TaskUnknown`` or ``ArgumentsDiffer`` at once, and ``DeferredOutsideTransaction``.
    """
    _defer(name, None, [arguments])


def defer_each(name: str, /, each: Sequence[dict[str, Any]]) -> None:
    """As ``defer`` for each of these arguments, by one statement."""
    if each:
        _defer(name, None, each)


def defer_at(name: str, at: datetime, /, **arguments: Any) -> None:
    """As ``defer``, but not before ``at`` (aware)."""
    if at.tzinfo is None:
        raise ValueError("The moment needs a time zone.")
    _defer(name, at, [arguments])


def _defer(name: str, at: datetime | None, each: Sequence[dict[str, Any]]) -> None:
    for arguments in each:
        registry.check_call(name, arguments)
    if not connection.in_atomic_block:
        raise DeferredOutsideTransaction(f"{name} must be deferred in the transaction of the change that causes it.")
    # Not through the app: in the worker process that writes on a connection of its own, outside the transaction.
    manager = JobManager(DjangoConnector(alias="default"))
    configure_task(name=name, job_manager=manager, schedule_at=at).batch_defer(*each)
