"""The agent's page offers exactly the file that was built, with its digest; the language switch keeps one on the page."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from udgam.web.agent_file import agent_file

pytestmark = pytest.mark.django_db
NAME = "udgam_agent-9.9.9-py3-none-any.whl"
DATA = b"PK-like bytes of a wheel"


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    settings.DOWNLOADS = tmp_path
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / NAME).write_bytes(DATA)
    facts = {"name": NAME, "version": "9.9.9", "sha256": hashlib.sha256(DATA).hexdigest(), "size": len(DATA)}
    (folder / "manifest.json").write_text(json.dumps(facts))
    return folder


def test_the_page_names_size_and_digest_and_serves_that_file(built: Path) -> None:
    page = Client().get("/agent/").content.decode()
    assert hashlib.sha256(DATA).hexdigest() in page
    assert f'href="/agent/file/{NAME}"' in page
    response = Client().get(f"/agent/file/{NAME}")
    assert b"".join(response.streaming_content) == DATA  # type: ignore[attr-defined]
    assert NAME in response.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["manifest.json", "other.whl", "..%2fmanifest.json", "%00", "x" * 300])
def test_no_other_file_is_served(built: Path, name: str) -> None:
    assert Client().get(f"/agent/file/{name}").status_code == 404


def test_without_a_built_file_the_page_says_so(tmp_path: Path, settings: Settings) -> None:
    settings.DOWNLOADS = tmp_path
    assert "ask the help desk" in Client().get("/agent/").content.decode()


def test_a_truncated_file_is_not_offered(built: Path) -> None:
    (built / NAME).write_bytes(DATA[:-1])
    assert agent_file(built) is None


def test_the_language_is_remembered_and_keeps_you_on_the_page() -> None:
    client = Client()
    response = client.post("/language/", {"language": "hi", "next": "/help/questions/"})
    assert response.headers["Location"] == "/help/questions/"
    assert response.cookies["udgam_language"].value == "hi"
    assert '<html lang="hi"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"]
)
def test_the_language_switch_leads_nowhere_else(onward: str) -> None:
    assert Client().post("/language/", {"language": "hi", "next": onward}).headers["Location"] == "/"


@pytest.mark.parametrize("language", ["", "xx", "../hi", "h" * 500])
def test_an_unknown_language_changes_nothing(language: str) -> None:
    assert "udgam_language" not in Client().post("/language/", {"language": language}).cookies
