"""Run what was deferred here and now: for tests and for one-off commands on a machine without a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from udgam.ground.tasks import registry

# One statement claims the next job, so that two callers never run the same one.
_CLAIM = """
UPDATE procrastinate_jobs SET status = 'doing'
WHERE id = (
    SELECT id FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, task_name, args::text
"""


class DeferredTaskFailed(RuntimeError):
    """A deferred task raised; its own exception is the cause."""


def run_deferred(*, now: datetime | None = None, limit: int = 1000) -> list[str]:
    """Run every job that is due at ``now`` (default: the present), with those they defer, and return their names in order.

    Stops at the first failure with ``DeferredTaskFailed``; the failed job is then marked failed and not tried again.
    """
    ran: list[str] = []
    while len(ran) < limit:
        job = _claim(now or timezone.now())
        if job is None:
            return ran
        number, name, arguments = job
        ran.append(name)
        try:
            registry.check_call(name, arguments).function(**arguments)
        except Exception as error:
            if not connection.needs_rollback:
                _finish(number, "failed")
            raise DeferredTaskFailed(f"The task {name} failed: {error!r}") from error
        _finish(number, "succeeded")
    raise DeferredTaskFailed(f"More than {limit} jobs ran; a task seems to defer itself without end.")


def _claim(now: datetime) -> tuple[int, str, dict[str, Any]] | None:
    import json

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now])
        row = cursor.fetchone()
    return (row[0], row[1], json.loads(row[2])) if row else None


def _finish(number: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s::procrastinate_job_status, false)", [number, status])
