from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from udgam.ground.tasks import (
    ArgumentsDiffer,
    DeferredOutsideTransaction,
    DeferredTaskFailed,
    Retry,
    TaskUnknown,
    defer,
    defer_at,
    registry,
    run_deferred,
    task,
)

done: list[str] = []


@task("parcel.weigh")
def weigh(*, parcel: str, scale: str = "old") -> None:
    done.append(f"{parcel} on {scale}")


@task("parcel.open_all")
def open_all(*, parcels: list[str]) -> None:
    with transaction.atomic():
        for parcel in parcels:
            defer("parcel.weigh", parcel=parcel)


@task("parcel.drop")
def drop(*, parcel: str) -> None:
    raise ZeroDivisionError(parcel)


@pytest.fixture(autouse=True)
def nothing_done_yet() -> Iterator[None]:
    done.clear()
    yield
    done.clear()


def states() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_deferred_tasks_run_in_order_with_those_they_defer() -> None:
    defer("parcel.open_all", parcels=["1", "2"])
    defer("parcel.weigh", parcel="3", scale="new")
    assert done == []
    assert run_deferred() == ["parcel.open_all", "parcel.weigh", "parcel.weigh", "parcel.weigh"]
    assert done == ["3 on new", "1 on old", "2 on old"]
    assert set(states()) == {"succeeded"}
    assert run_deferred() == []


@pytest.mark.django_db
def test_an_unknown_name_and_other_arguments_are_refused_at_once() -> None:
    with pytest.raises(TaskUnknown):
        defer("parcel.eat", parcel="1")
    with pytest.raises(ArgumentsDiffer, match="lacks"):
        defer("parcel.weigh")
    with pytest.raises(ArgumentsDiffer, match="does not know"):
        defer("parcel.weigh", parcel="1", colour="red")
    with pytest.raises(TypeError):
        defer("parcel.weigh", parcel=datetime.now(UTC))
    assert states() == []


@pytest.mark.django_db
def test_a_failing_task_stops_the_run_and_is_marked() -> None:
    defer("parcel.drop", parcel="1")
    defer("parcel.weigh", parcel="2")
    with pytest.raises(DeferredTaskFailed, match=r"parcel\.drop") as caught:
        run_deferred()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert states() == ["failed", "todo"]


@pytest.mark.django_db
def test_what_is_deferred_to_a_later_moment_waits_for_it() -> None:
    now = datetime.now(UTC)
    defer_at("parcel.weigh", now + timedelta(hours=1), parcel="1")
    assert run_deferred() == []
    assert run_deferred(now=now + timedelta(hours=2)) == ["parcel.weigh"]
    with pytest.raises(ValueError, match="time zone"):
        defer_at("parcel.weigh", datetime(2026, 11, 22), parcel="1")


@pytest.mark.django_db(transaction=True)
def test_a_job_is_written_in_the_transaction_of_the_change_or_not_at_all() -> None:
    with pytest.raises(DeferredOutsideTransaction):
        defer("parcel.weigh", parcel="1")

    def change() -> None:
        with transaction.atomic():
            defer("parcel.weigh", parcel="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert states() == []
    with transaction.atomic():
        defer("parcel.weigh", parcel="1")
    assert states() == ["todo"]


@pytest.mark.django_db
def test_a_task_without_end_is_noticed() -> None:
    @task("parcel.echo")
    def echo() -> None:
        with transaction.atomic():
            defer("parcel.echo")

    defer("parcel.echo")
    with pytest.raises(DeferredTaskFailed, match="without end"):
        run_deferred(limit=20)


def test_what_cannot_be_a_task_is_refused_when_it_is_registered() -> None:
    with pytest.raises(ValueError, match="twice"):
        task("parcel.weigh")(weigh)
    with pytest.raises(TypeError, match="keyword-only"):
        task("parcel.other")(lambda parcel: None)
    with pytest.raises(TypeError, match="by the clock"):

        @task("parcel.nightly", every="0 1 * * *")
        def nightly(*, parcel: str) -> None:
            """Never registered."""

    assert "parcel.nightly" not in registry.registered()


def test_the_waiting_time_doubles() -> None:
    retry = Retry(attempts=5, wait_seconds=10)
    assert [retry.seconds_before(attempt) for attempt in (2, 3, 4, 5)] == [10, 20, 40, 80]
    assert [Retry(wait_seconds=7, growing=False).seconds_before(attempt) for attempt in (2, 5)] == [7, 7]


def test_the_registry_knows_what_every_room_registers() -> None:
    known = registry.registered()
    assert known["audit.link_heads"].every == "* * * * *"
    assert known["messages.send"].required == {"message"}
