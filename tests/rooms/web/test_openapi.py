"""The description of the interface is true: whatever its schema allows or forbids gets a declared answer, never a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.rooms.applications.test_api import key_of
from tests.rooms.examination.cases import Filer, make_agency, make_office
from udgam.flow.registration import api_keys
from udgam.ground.pages.limits import Limit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25


@pytest.fixture(autouse=True)
def connection_stays() -> Iterator[None]:
    """A served request ends its connection; here it is the one that the test's transaction lives in."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def _operations() -> list[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    return [result.ok() for result in schema.get_all_operations()]


def test_every_operation_answers_as_it_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "KEY_LIMIT", Limit("many-with-key", 100_000, 60))
    filer = Filer("spices")
    draft = filer.draft(make_office(make_agency(), "Mumbai"))
    headers = {"Authorization": f"Bearer {key_of(filer)}"}
    operations = _operations()
    assert len(operations) >= 10
    for operation in operations:
        _try(operation, headers, str(draft.public_id))


def _try(operation: Any, headers: dict[str, str], draft: str) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    def one(case: Any) -> None:
        if "public_id" in (case.path_parameters or {}) and case.path_parameters["public_id"]:
            case.path_parameters["public_id"] = draft
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    one()
