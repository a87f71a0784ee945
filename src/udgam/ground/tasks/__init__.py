"""Background work: `jobs.py` of a room registers tasks by name; a service defers one in its own transaction.

procrastinate stands behind it and is named in this package only. The job row is written on Django's own connection, so it is
committed or rolled back with the change that caused it.
"""

from __future__ import annotations

from udgam.ground.tasks.deferring import DeferredOutsideTransaction, defer, defer_at, defer_each
from udgam.ground.tasks.registry import ArgumentsDiffer, Retry, TaskUnknown, task
from udgam.ground.tasks.running import DeferredTaskFailed, run_deferred

__all__ = [
    "ArgumentsDiffer",
    "DeferredOutsideTransaction",
    "DeferredTaskFailed",
    "Retry",
    "TaskUnknown",
    "defer",
    "defer_at",
    "defer_each",
    "run_deferred",
    "task",
]
