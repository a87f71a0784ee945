"""Time: requests that nobody finishes end by themselves, and one at a time is served."""

from __future__ import annotations

import pytest
from making import nonce

from udgam_agent.asked import Authenticate
from udgam_agent.counter import IDLE_LIMIT, SILENCE_LIMIT, Counter
from udgam_agent.errors import Refused
from udgam_agent.origins import Origin
from udgam_agent.tokens.desk import TokenDesk

SITE = Origin("https://coo.example.org", sandbox=False)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def request() -> Authenticate:
    return Authenticate("sign-in", nonce(), "en")


def test_a_silent_window_is_given_up() -> None:
    clock = Clock()
    counter = Counter(TokenDesk([]), clock=clock)
    first, runs = counter.arrive(request(), SITE, trusted=True)
    assert runs
    clock.now += SILENCE_LIMIT + 1
    _, runs = counter.arrive(request(), SITE, trusted=True)
    assert runs
    with pytest.raises(Refused, match=r"agent\.timed-out"):
        counter.find(first.id, first.secret)


def test_a_window_that_lives_but_sees_no_act_of_the_person_ends_too() -> None:
    clock = Clock()
    counter = Counter(TokenDesk([]), clock=clock)
    first, _ = counter.arrive(request(), SITE, trusted=True)
    for _ in range(int(IDLE_LIMIT / 15)):
        clock.now += 15
        counter.find(first.id, first.secret)
        counter.still_alive(first)
    clock.now += 1
    with pytest.raises(Refused, match=r"agent\.timed-out"):
        counter.find(first.id, first.secret)


def test_acts_keep_a_request_alive() -> None:
    clock = Clock()
    counter = Counter(TokenDesk([]), clock=clock)
    first, _ = counter.arrive(request(), SITE, trusted=True)
    for _ in range(40):
        clock.now += 60
        counter.acted(counter.find(first.id, first.secret))
    assert counter.runs(first)


def test_the_waiting_request_keeps_its_full_time() -> None:
    clock = Clock()
    counter = Counter(TokenDesk([]), clock=clock)
    first, _ = counter.arrive(request(), SITE, trusted=True)
    second, runs = counter.arrive(request(), SITE, trusted=True)
    assert not runs
    for _ in range(10):
        clock.now += 60
        counter.acted(counter.find(first.id, first.secret))
        counter.still_alive(second)
    counter.finish(first)
    assert counter.runs(second)
    assert counter.find(second.id, second.secret) is second


def test_another_windows_secret_opens_nothing() -> None:
    counter = Counter(TokenDesk([]), clock=Clock())
    first, _ = counter.arrive(request(), SITE, trusted=True)
    second, _ = counter.arrive(request(), SITE, trusted=True)
    with pytest.raises(Refused, match=r"agent\.not-yours"):
        counter.find(first.id, second.secret)
