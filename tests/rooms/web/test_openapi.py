"""The description of the interface is true: whatever its schema allows or forbids gets a declared answer, never a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.test import Client
from django.urls import Resolver404, resolve
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
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
from udgam.web import api_reference
from udgam.web.api import api

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


def test_what_can_be_typed_wrongly_is_declared() -> None:
    silent = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            takes = operation.get("parameters") or operation.get("requestBody")
            if takes and 422 not in {int(status) for status in operation["responses"]}:
                silent.append(f"{method} {path}")
    assert silent == []


def test_the_search_for_codes_says_what_is_wrong_with_the_words(client: Client) -> None:
    for query in ("", "?words=", "?words=a", "?words=" + "x" * 81):
        answer = client.get(f"/api/hs{query}")
        assert answer.status_code == 422, query
        assert answer.json()["reason"] == "api.form"
        assert list(answer.json()["fields"]) == ["words"]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_it_is_described(monkeypatch: pytest.MonkeyPatch, mode: GenerationMode) -> None:
    monkeypatch.setattr(api_keys, "KEY_LIMIT", Limit("many-with-key", 100_000, 60))
    monkeypatch.setattr(api_reference, "QUESTIONS", Limit("many-questions", 100_000, 60))
    filer = Filer("spices")
    draft = filer.draft(make_office(make_agency(), "Mumbai"))
    headers = {"Authorization": f"Bearer {key_of(filer)}"}
    operations = _operations()
    assert len(operations) >= 10
    tried = [_try(operation, headers, str(draft.public_id), mode) for operation in operations]
    # What takes no value cannot be asked wrongly.
    assert sum(tried) >= (len(operations) if mode is GenerationMode.POSITIVE else len(operations) - 2)


def _try(operation: Any, headers: dict[str, str], draft: str, mode: GenerationMode) -> bool:
    """Whether the operation could be asked in this manner."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    def one(case: Any) -> None:
        if "public_id" in (case.path_parameters or {}) and case.path_parameters["public_id"]:
            case.path_parameters["public_id"] = draft
        response = case.call(headers=headers)
        if response.status_code == 404 and not _leads_somewhere(case):
            return
        case.validate_response(response, checks=CHECKS)

    try:
        one()
    except Unsatisfiable:
        return False
    return True


def _leads_somewhere(case: Any) -> bool:
    """Whether a path with these values is an address of the site at all; a slash within a value makes it another one."""
    try:
        resolve(unquote(case.formatted_path))
    except Resolver404:
        return False
    return True
