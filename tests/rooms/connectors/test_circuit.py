from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from udgam.ground.connectors.circuit import CircuitBreaker
from udgam.ground.connectors.failures import CircuitOpen, Unreachable

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def fail(breaker: CircuitBreaker, error: Exception | None = None) -> None:
    wanted = error or Unreachable("gone")
    with pytest.raises(type(wanted)), breaker.guard():
        raise wanted


def succeed(breaker: CircuitBreaker) -> None:
    with breaker.guard():
        pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker("The scales", failures=3, rest=timedelta(seconds=30), counts=Unreachable, clock=clock)


def test_it_opens_after_some_failures_in_a_row_and_says_since_when(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker)
    clock.now += timedelta(seconds=1)
    fail(breaker)
    was_open = breaker.is_open
    fail(breaker)
    assert (was_open, breaker.is_open) == (False, True)
    assert breaker.since == START
    with pytest.raises(CircuitOpen, match="since 2026-11-22 10:00:00 UTC"):
        succeed(breaker)


def test_a_success_in_between_starts_the_count_again(breaker: CircuitBreaker) -> None:
    fail(breaker)
    fail(breaker)
    succeed(breaker)
    assert breaker.since is None
    fail(breaker)
    fail(breaker)
    succeed(breaker)


def test_one_trial_decides_after_the_rest(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3):
        fail(breaker)
    clock.now += timedelta(seconds=31)
    with breaker.guard(), pytest.raises(CircuitOpen):
        succeed(breaker)
    succeed(breaker)
    assert breaker.since is None


def test_a_failed_trial_opens_it_for_another_rest(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3):
        fail(breaker)
    clock.now += timedelta(seconds=31)
    fail(breaker)
    with pytest.raises(CircuitOpen):
        succeed(breaker)
    assert breaker.since == START


def test_errors_of_another_kind_do_not_count_and_free_the_trial(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(5):
        fail(breaker, KeyError("ours"))
    assert not breaker.is_open
    for _ in range(3):
        fail(breaker)
    clock.now += timedelta(seconds=31)
    fail(breaker, KeyError("ours"))
    succeed(breaker)
