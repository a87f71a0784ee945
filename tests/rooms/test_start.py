from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_start_page_answers_in_both_languages() -> None:
    client = Client()
    assert client.get("/").status_code == 200
    client.post("/language/", {"language": "hi", "next": "/help/"})
    assert 'lang="hi"' in client.get("/help/").content.decode()


def test_the_service_says_that_it_is_ready() -> None:
    assert Client().get("/readyz").json() == {"status": "ok"}
