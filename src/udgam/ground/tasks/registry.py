"""Which tasks exist, what they take, and how often they are tried again."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

log = logging.getLogger("udgam.tasks")

Job = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often a failed task is tried again, and after how many seconds.

    ``attempts`` counts the first try too. With ``growing`` the waiting time doubles from one try to the next.
    """

    attempts: int = 5
    wait_seconds: int = 10
    growing: bool = True

    def seconds_before(self, attempt: int) -> int:
        """The waiting time before the given attempt; the second attempt is the first that waits."""
        return self.wait_seconds * (2 ** max(attempt - 2, 0) if self.growing else 1)


NEVER_AGAIN = Retry(attempts=1)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One task: its name, the function in ``jobs.py``, the names of its arguments, its retries and its clock (cron line or None)."""

    name: str
    function: Job
    required: frozenset[str]
    optional: frozenset[str]
    retry: Retry
    every: str | None


class TaskUnknown(LookupError):
    """A task was deferred under a name that no ``jobs.py`` registers."""


class ArgumentsDiffer(TypeError):
    """A task was deferred with arguments that it does not take, or without some that it needs."""


_registered: dict[str, Registered] = {}


def registered() -> Mapping[str, Registered]:
    """All tasks by name, once every app is ready."""
    return dict(_registered)


def task(name: str, *, retry: Retry = NEVER_AGAIN, every: str | None = None) -> Callable[[Job], Job]:
    """Register a function as the task ``name`` ("room.verb").

    The function takes keyword-only arguments of JSON values and must be idempotent: a worker that dies after the effect and
    before the record runs it again. ``every`` is a cron line in UTC; a task with a clock takes no arguments. The function is
    returned unchanged, so that a test can call it directly.
    """

    def register(function: Job) -> Job:
        if name in _registered:
            raise ValueError(f"The task {name} is registered twice.")
        entry = _describe(name, function, retry, every)
        _registered[name] = entry
        _hand_to_worker(entry)
        return function

    return register


def check_call(name: str, arguments: Mapping[str, Any]) -> Registered:
    """Return the task, or raise ``TaskUnknown`` or ``ArgumentsDiffer``; values must be JSON (``TypeError`` if not)."""
    entry = _registered.get(name)
    if entry is None:
        raise TaskUnknown(f"No jobs.py registers the task {name!r}.")
    given = frozenset(arguments)
    missing, unknown = entry.required - given, given - entry.required - entry.optional
    if missing or unknown:
        raise ArgumentsDiffer(f"{name} lacks {sorted(missing)} and does not know {sorted(unknown)}.")
    json.dumps(arguments)
    return entry


def _describe(name: str, function: Job, retry: Retry, every: str | None) -> Registered:
    required: set[str] = set()
    optional: set[str] = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"The arguments of the task {name} must be keyword-only: {parameter.name} is not.")
        (required if parameter.default is inspect.Parameter.empty else optional).add(parameter.name)
    if every is not None and required:
        raise TypeError(f"The task {name} runs by the clock, so it can take no arguments.")
    return Registered(
        name=name,
        function=function,
        required=frozenset(required),
        optional=frozenset(optional),
        retry=retry,
        every=every,
    )


def _hand_to_worker(entry: Registered) -> None:
    """Make the task known to procrastinate, which runs it in the worker process."""
    retry = entry.retry

    class Waiting(RetryStrategy):
        """Translates our waiting times; procrastinate counts attempts from nought before the first run."""

        def get_retry_decision(self, *, exception: BaseException, job: Any) -> Any:
            from procrastinate import RetryDecision

            done = job.attempts + 1
            if done >= retry.attempts:
                log.error("task given up", extra={"task": entry.name, "attempt": done}, exc_info=exception)
                return None
            log.warning("task will be tried again", extra={"task": entry.name, "attempt": done}, exc_info=exception)
            return RetryDecision(retry_in={"seconds": retry.seconds_before(done + 1)})

    def run(**arguments: Any) -> None:
        # procrastinate gives a periodic task the moment it was due, which our tasks have no use for.
        arguments.pop("timestamp", None)
        entry.function(**arguments)

    made = app.task(name=entry.name, retry=Waiting(), pass_context=False)(run)
    if entry.every is not None:
        # Runs of the same clock must neither pile up nor overlap.
        by_the_clock: Any = app.periodic(cron=entry.every, lock=entry.name, queueing_lock=entry.name)
        by_the_clock(made)
