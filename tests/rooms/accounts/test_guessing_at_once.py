"""Passwords guessed at the same instant: no more of them are looked at than of those guessed one after the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from tests.rooms.accounts.people import PASSWORD, make_person
from udgam.parties.accounts import services
from udgam.parties.accounts.models import Person, WrongPasswords
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services.holding_back import FREE_TRIES, FREE_TRIES_OF_A_PLACE
from udgam.parties.accounts.visitors import Visitor

HERE = Visitor(address="192.0.2.7", device="Firefox on Linux")
GUESSES = 16


def _try(password: str, username: str = "0305900017") -> str:
    """The way in, or the code of the refusal."""
    try:
        services.admit_by_password(
            username=username,
            password=password,
            door="exporter",
            kinds={Person.Kind.EXPORTER},
            visitor=HERE,
            now=timezone.now(),
        )
    except AccountRefused as refused:
        return refused.code
    return "admitted"


@pytest.mark.django_db(transaction=True)
def test_guesses_at_one_instant_are_counted_before_they_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    make_person(username="0305900017")
    looked_at: list[str] = []
    begin = threading.Barrier(GUESSES)
    slow = threading.Event()

    def check(self: Person, password: str) -> bool:
        looked_at.append(password)
        # Hashing takes its time: every guess that gets here is still at it when the next one comes.
        slow.wait(0.5)
        return False

    monkeypatch.setattr(Person, "check_password", check)

    def guess(number: int) -> str:
        begin.wait()
        try:
            return _try(f"guess-{number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(GUESSES) as pool:
        answers = list(pool.map(guess, range(GUESSES)))
    assert len(looked_at) == FREE_TRIES
    assert answers.count("sign_in.held_back") == GUESSES - FREE_TRIES


@pytest.mark.django_db
def test_the_right_password_takes_its_try_back_for_name_and_place() -> None:
    make_person(username="0305900017")
    for _ in range(FREE_TRIES_OF_A_PLACE + 5):
        assert _try(PASSWORD) == "admitted"
    assert set(WrongPasswords.objects.values_list("failures", "held_until")) == {(0, None)}
    for _ in range(FREE_TRIES - 1):
        assert _try("wrong") == "sign_in.wrong"
    assert _try(PASSWORD) == "admitted"
    assert sorted(WrongPasswords.objects.values_list("failures", flat=True)) == [0, FREE_TRIES - 1]
