"""A circuit breaker: a service that fails again and again is left alone for a while, and everybody is told since when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from udgam.ground.connectors.failures import CircuitOpen

Clock = Callable[[], datetime]


def _present() -> datetime:
    return datetime.now(UTC)


class CircuitBreaker:
    """Shared by all threads of a process; each process learns for itself.

    After `failures` failures in a row the circuit is open for `rest`; then one call is let through, and what becomes of it
    closes the circuit or opens it for another `rest`.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        rest: timedelta = timedelta(seconds=30),
        counts: type[Exception] | tuple[type[Exception], ...] = Exception,
        clock: Clock = _present,
    ) -> None:
        self.name = name
        self._limit, self._rest, self._counts, self._clock = failures, rest, counts, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._since: datetime | None = None
        self._opened: datetime | None = None
        self._trial_began: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """When the present row of failures began; None while the service answers."""
        return self._since

    @property
    def is_open(self) -> bool:
        """Whether calls are turned away at the moment."""
        return self._opened is not None and self._clock() < self._opened + self._rest

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Wrap one call. Raises ``CircuitOpen`` instead of calling while the service is left alone."""
        self._enter()
        try:
            yield
        except self._counts:
            self._note_failure()
            raise
        except BaseException:
            # Another kind of error says nothing about the service; the trial, if this was one, is free again.
            with self._lock:
                self._trial_began = None
            raise
        else:
            self.reset()

    def reset(self) -> None:
        """Forget all failures."""
        with self._lock:
            self._failed, self._since, self._opened, self._trial_began = 0, None, None, None

    def _enter(self) -> None:
        now = self._clock()
        with self._lock:
            if self._opened is None:
                return
            resting = now < self._opened + self._rest
            # A trial whose thread died must not keep the circuit open for ever.
            on_trial = self._trial_began is not None and now < self._trial_began + self._rest
            if resting or on_trial:
                raise CircuitOpen(f"{self.name} has failed since {self._since:%Y-%m-%d %H:%M:%S} UTC.")
            self._trial_began = now

    def _note_failure(self) -> None:
        now = self._clock()
        with self._lock:
            self._failed += 1
            self._since = self._since or now
            self._trial_began = None
            if self._failed >= self._limit:
                self._opened = now
