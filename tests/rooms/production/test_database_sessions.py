"""A pool that gives every statement another session of the database: the doctor finds it, and a publisher's log tells of it."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from udgam.flow.issuance.services import one_publisher, sequencing
from udgam.web.doctor import sessions
from udgam.web.doctor.sessions import lock_holds, session_locks

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Iterator[list[BaseDatabaseWrapper]]:
    """Two sessions of the real database."""
    with closing(connection.copy()) as first, closing(connection.copy()) as second:
        yield [first, second]


def pooled(order: Iterator[BaseDatabaseWrapper]) -> Any:
    """A connection to a pool in transaction mode: each statement speaks in whatever session comes next."""

    def cursor() -> CursorWrapper:
        return next(order).cursor()

    return SimpleNamespace(cursor=cursor, close=lambda: None)


def locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database WHERE locktype = 'advisory' "
            "AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def test_a_connection_of_its_own_keeps_its_locks(two: list[BaseDatabaseWrapper]) -> None:
    assert lock_holds(*two)
    assert session_locks().outcome == "ok"
    assert locks() == 0


@pytest.mark.parametrize("in_turn", [True, False])
def test_a_pool_in_transaction_mode_is_found(two: list[BaseDatabaseWrapper], in_turn: bool) -> None:
    """It hands out the session that was used last, as pools do, or all in turn."""
    order = itertools.cycle(two) if in_turn else itertools.repeat(two[0])
    assert not lock_holds(pooled(order), pooled(order))
    assert locks() == 0


def test_a_statement_in_another_session_is_found_even_when_nobody_else_gets_the_lock(
    two: list[BaseDatabaseWrapper],
) -> None:
    moving = pooled(iter(two))
    with closing(connection.copy()) as other:
        assert not lock_holds(moving, other)


def test_the_doctor_says_what_to_do(two: list[BaseDatabaseWrapper], monkeypatch: pytest.MonkeyPatch) -> None:
    order = itertools.cycle(two)
    monkeypatch.setattr(sessions, "connection", SimpleNamespace(copy=lambda: pooled(order)))
    found = session_locks()
    assert (found.name, found.outcome) == ("Database sessions", "fail")
    assert "session mode" in found.advice


def test_a_publisher_whose_lock_did_not_hold_says_so(
    two: list[BaseDatabaseWrapper], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("udgam"), "propagate", True)
    with one_publisher():
        pass
    assert caplog.records == []
    monkeypatch.setattr(sequencing, "connection", pooled(iter(two)))
    with one_publisher():
        pass
    assert "lock did not hold" in caplog.text
