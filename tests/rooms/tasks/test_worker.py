"""The real worker, in a process of its own, on the test database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from udgam.ground.tasks import defer

# What the worker process runs: it registers two tasks and then is `manage.py work`.
PROGRAM = """
import sys, time
from pathlib import Path
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()
from django.core.management import call_command
from django.db import transaction
from udgam.ground.tasks import Retry, defer, task

folder = Path(sys.argv[1])

@task("worker.slow")
def slow(*, seconds: float) -> None:
    (folder / "began").touch()
    time.sleep(seconds)
    (folder / "ended").touch()

@task("worker.flaky", retry=Retry(attempts=3, wait_seconds=0))
def flaky() -> None:
    tries = folder / "tries"
    tries.write_text((tries.read_text() if tries.exists() else "") + "x")
    if len(tries.read_text()) < 3:
        raise ValueError("not yet")

@task("worker.passes_on")
def passes_on() -> None:
    try:
        with transaction.atomic():
            defer("worker.slow", seconds=0)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass

call_command("work", *sys.argv[3:])
"""


@pytest.fixture(autouse=True)
def registered_here_too() -> None:
    """The deferring side must know the names; the functions are the worker's."""
    from udgam.ground.tasks import registry

    if "worker.slow" not in registry.registered():
        registry.task("worker.slow")(_slow)
        registry.task("worker.flaky")(_nothing)
        registry.task("worker.passes_on")(_nothing_either)


def _slow(*, seconds: float) -> None:
    """Runs in the worker only."""


def _nothing() -> None:
    """Runs in the worker only."""


def _nothing_either() -> None:
    """Runs in the worker only."""


def start_worker(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(connection.settings_dict["NAME"]), *options],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def statuses() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs WHERE task_name LIKE 'worker.%%'")
        return dict(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_what_is_due_tries_again_and_stops_when_idle(tmp_path: Path) -> None:
    with transaction.atomic():
        defer("worker.slow", seconds=0)
        defer("worker.flaky")
        defer("worker.passes_on")
    worker = start_worker(tmp_path, "--until-idle")
    output, _ = worker.communicate(timeout=300)
    assert worker.returncode == 0, output
    assert (tmp_path / "ended").exists()
    assert (tmp_path / "tries").read_text() == "xxx"
    # Jobs that went well are removed; what a rolled-back transaction deferred inside the worker was never written.
    assert statuses() == {}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_finishes_its_task(tmp_path: Path) -> None:
    with transaction.atomic():
        defer("worker.slow", seconds=1.5)
    worker = start_worker(tmp_path)
    ends = time.monotonic() + 300
    while not (tmp_path / "began").exists():
        assert time.monotonic() < ends
        assert worker.poll() is None
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    output, _ = worker.communicate(timeout=300)
    assert worker.returncode == 0, output
    assert (tmp_path / "ended").exists()
    assert statuses() == {}


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_worker_that_was_killed_is_taken_up_again(tmp_path: Path) -> None:
    from udgam.ground.tasks import services

    with transaction.atomic():
        defer("worker.slow", seconds=3600)
    worker = start_worker(tmp_path)
    ends = time.monotonic() + 300
    while not (tmp_path / "began").exists():
        assert time.monotonic() < ends
        assert worker.poll() is None
        time.sleep(0.05)
    worker.kill()
    worker.communicate(timeout=300)
    assert statuses() == {"worker.slow": "doing"}
    assert services.revive_stalled(silent_seconds=3600) == 0
    time.sleep(0.2)
    assert services.revive_stalled(silent_seconds=0.1) == 1
    assert statuses() == {"worker.slow": "todo"}
    # The same when another worker has already removed the row of the dead one.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE task_name LIKE 'worker.%'"
        )
    assert services.revive_stalled(silent_seconds=3600) == 0
    time.sleep(0.2)
    assert services.revive_stalled(silent_seconds=0.1) == 1


@pytest.mark.django_db(transaction=True)
def test_only_what_was_done_long_ago_is_removed() -> None:
    from udgam.ground.tasks import run_deferred, services

    with transaction.atomic():
        defer("tasks.revive_stalled")
    run_deferred()
    assert services.remove_done(days=30) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '31 days'")
    assert services.remove_done(days=30) == 1


@pytest.mark.django_db
def test_a_lost_run_of_a_clock_gives_way_to_the_next_one_that_already_waits() -> None:
    from udgam.ground.tasks import services

    insert = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status) "
        "VALUES ('default', 'worker.flaky', 'worker.flaky', '{}', %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(insert, ["todo"])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '1 hour'")
        cursor.execute(insert, ["todo"])
    assert services.revive_stalled() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [("failed",), ("todo",)]
