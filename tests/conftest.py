"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.tables import print_tables

# A test run decides by the same examples each time, and never by the speed of the machine. For the search among new ones:
# `pytest --hypothesis-profile=search tests/rules`.
settings.register_profile("search", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True)
settings.load_profile("same")


# The files that take longest, the longest first. A file is given to one process of the run, in this order and before all others, so
# that at the end no process works on a long one while the others have nothing left to do.
LONGEST = (
    "tests/rooms/every_page/test_in_browser.py",
    "tests/rooms/every_page/test_in_browser_too.py",
    "tests/flow/test_crowd.py",
    "tests/bench/test_figures.py",
    "tests/flow/test_daily_work.py",
    "tests/flow/test_journey.py",
    "tests/flow/test_preferential.py",
    "tests/rooms/issuance/test_crashes.py",
    "tests/rooms/issuance/test_drills.py",
    "tests/rooms/issuance/test_publish_crashes.py",
    "tests/signing/proof/test_mutation.py",
    "tests/rooms/web/test_openapi.py",
    "tests/rooms/hostile/test_every_view.py",
    "tests/rooms/hostile/test_matrix.py",
    "tests/rooms/every_page/test_hindi.py",
    "tests/rooms/web/test_in_browser.py",
    "tests/rooms/sandbox/test_sample.py",
    "tests/rooms/production/test_certificate.py",
    "agent/tests/test_agent_browser.py",
    "agent/tests/test_agent_browser_faults.py",
    "agent/tests/test_agent_browser_looks.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the tests of a file keep their order."""
    places = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_terminal_summary(terminalreporter: object) -> None:
    """Print the tables that tests left behind."""
    print_tables(terminalreporter)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Let the tests empty the record of acts and the ledger between them, which the database refuses everywhere else.

    Tests with real transactions clean up by TRUNCATE. Only that trigger is switched off, and only in the test database; what
    refuses to update and delete stays on, and `tests/rooms/audit` switches this one on again to prove it.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table in ("audit_act", "audit_link", "audit_linkedhead", "payments_ledgerentry", "payments_ledgerposting"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_never_emptied")


@pytest.fixture(autouse=True)
def own_register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test with a database publishes into a folder of its own: the log on disk belongs to the rows of that test."""
    if request.node.get_closest_marker("django_db") is not None:
        request.getfixturevalue("settings").REGISTER_FOLDER = str(tmp_path_factory.mktemp("register"))


@pytest.fixture(autouse=True)
def no_job_is_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """Remove the jobs that a test with real transactions left behind; the queue's tables are not Django's to empty."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events CASCADE")
