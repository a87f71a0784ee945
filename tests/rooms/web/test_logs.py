"""What the log says of requests and failures: no path, which may hold a secret, and no values of rows."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.rooms.accounts.people import make_person
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views import passwords
from udgam.web.logs import JsonLines

pytestmark = pytest.mark.django_db
SECRET = "s" * 43


@pytest.fixture
def lines() -> Iterator[list[str]]:
    found: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(JsonLines().format(record))

    handler = Keeping()
    logging.getLogger().addHandler(handler)
    yield found
    logging.getLogger().removeHandler(handler)


def test_neither_a_refused_nor_a_failed_request_writes_its_path(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert client.post(f"/sign-in/reset/{SECRET}/").status_code == 403
    monkeypatch.setattr(passwords, "reverse", None)
    assert client.get(f"/sign-in/reset/{SECRET}/").status_code == 500
    messages = [json.loads(line)["message"] for line in lines]
    assert "Internal Server Error: accounts:reset" in messages
    assert any(message.startswith("Forbidden") and "accounts:reset" in message for message in messages)
    assert SECRET not in "".join(lines)


def test_an_error_of_the_database_is_logged_without_the_values_of_the_row() -> None:
    taken = make_person().username
    try:
        with transaction.atomic():
            Person.objects.create(username=taken, name="Meera", kind="officer", created_at="2026-11-22T00:00Z")
    except IntegrityError:
        record = logging.LogRecord("udgam", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    line = JsonLines().format(record)
    assert "IntegrityError" in line
    assert taken not in line
