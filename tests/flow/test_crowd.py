"""A hundred exporters and officers at once, over HTTP, against the processes of `make run`; then every book is added up again.

Each exporter files, signs, pays in one of several ways, answers what is asked, withdraws or waits, and fetches the certificate; each
officer takes cases up, asks, refuses, approves and signs. All of them come from one address. `tests/crowd` holds the script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crowd.run import Outcome, describe, let_them_work
from tests.database_folder import database_folder

# On two quiet processors it takes minutes; the bound only says when a crowd that got stuck is sent home.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(4500), pytest.mark.xdist_group("crowd")]
EXPORTERS, OFFICERS = 80, 20
LONGEST_SECONDS = 2400


@pytest.fixture(scope="module")
def outcome() -> Iterator[Outcome]:
    with database_folder("udgam-crowd-") as folder:
        found = let_them_work(folder, exporters=EXPORTERS, officers=OFFICERS, seconds=LONGEST_SECONDS)
        print("\n".join(describe(found)))
        yield found


def test_nobody_met_an_error(outcome: Outcome) -> None:
    assert outcome.broken == [], outcome.broken[0]
    assert outcome.log_lines == []
    assert not [kind for kind in outcome.answers if kind.endswith((" 429", " 500", " 502", " 503"))]


def test_everybody_came_to_the_end_that_was_meant(outcome: Outcome) -> None:
    ends = Counter((one.fate, one.state) for one in outcome.exporters)
    meant = {("plain", "issued"), ("asked", "issued"), ("refused", "refused")}
    # Whoever withdraws while an officer decides may come second.
    assert set(ends) <= {*meant, ("withdrawn", "withdrawn"), ("withdrawn", "issued")}
    assert meant <= set(ends)
    assert {one.paid for one in outcome.exporters} == {"wallet", "pay", "first", "duplicate", "silent", "twice"}


def test_the_books_add_up_to_the_paisa(outcome: Outcome) -> None:
    """Orders, receipts, ledger, refunds, numbers, states, the record of acts, the log: from the database alone."""
    assert outcome.books["faults"] == []
    assert outcome.books["applications"] == EXPORTERS
    assert outcome.books["receipts"] == EXPORTERS
    ended = Counter(one.state for one in outcome.exporters)
    assert outcome.books["states"] == dict(ended)
    assert outcome.books["issued"] == ended["issued"]


def test_every_certificate_that_was_fetched_verifies(outcome: Outcome) -> None:
    numbers = [one.certificate for one in outcome.exporters if one.state == "issued"]
    assert len(set(numbers)) == len(numbers)
    assert outcome.verified == dict.fromkeys(numbers, "issued")
