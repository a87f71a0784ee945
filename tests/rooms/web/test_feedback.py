"""The feedback form: a reference number, a mail to the desk, limits, and nothing that breaks it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from udgam.ground.messages.models import Message
from udgam.ground.tasks import run_deferred
from udgam.web.feedback import forget_feedback

pytestmark = pytest.mark.django_db
GOOD = {"topic": "problem", "text": "The list of offices is empty on my page.", "name": "Asha", "email": ""}


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def test_a_message_gets_a_reference_and_reaches_the_desk() -> None:
    client = Client()
    response = client.post("/feedback/", GOOD | {"email": "asha@sahyadri.example"}, follow=True)
    [reference] = re.findall(r"F/\d{4}/\d{4}", response.content.decode())
    run_deferred()
    assert sorted(message.to[0] for message in mail.outbox) == ["asha@sahyadri.example", "help@udgam.example"]
    assert all(reference in message.subject + message.body for message in mail.outbox)
    to_desk = next(message for message in mail.outbox if message.to == ["help@udgam.example"])
    assert GOOD["text"] in to_desk.body


def test_numbers_do_not_repeat_and_the_page_shows_only_ones_own() -> None:
    client = Client()
    first = client.post("/feedback/", GOOD, follow=True).content.decode()
    second = client.post("/feedback/", GOOD, follow=True).content.decode()
    assert re.findall(r"F/\d{4}/\d{4}", first) != re.findall(r"F/\d{4}/\d{4}", second)
    assert Client().get("/feedback/sent/").status_code == 302


def test_more_than_five_messages_an_hour_are_held_back() -> None:
    client = Client()
    statuses = [client.post("/feedback/", GOOD).status_code for _ in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert Message.objects.count() == 5


@pytest.mark.parametrize(
    "change",
    [
        {"topic": ""},
        {"topic": "' OR 1=1"},
        {"text": ""},
        {"text": "short"},
        {"text": "x" * 4001},
        {"text": "null \x00 byte in the text"},
        {"email": "not-an-address"},
        {"email": "a@b.example\r\nBcc: all@example.in"},
        {"email": f"{'x' * 300}@example.in"},
        {"name": "n" * 121},
        {"name": "zero \x00"},
    ],
)
def test_hostile_input_gets_a_message_beside_the_field_and_sends_nothing(change: dict[str, str]) -> None:
    response = Client().post("/feedback/", GOOD | change)
    assert response.status_code == 200
    assert "govuk-error-message" in response.content.decode()
    assert not Message.objects.exists()


def test_markup_and_template_signs_are_only_text() -> None:
    text = "<script>alert(1)</script> {{ settings.SECRET_KEY }} {% load i18n %}"
    Client().post("/feedback/", GOOD | {"text": text, "name": "Line\nbreak\r\nBcc: x@y.example"})
    run_deferred()
    [message] = mail.outbox
    assert text in message.body
    assert message.to == ["help@udgam.example"]
    assert not message.bcc
    assert "\n" not in message.subject


def test_messages_are_forgotten_a_year_after_the_promised_answer() -> None:
    Client().post("/feedback/", GOOD | {"email": "asha@sahyadri.example"})
    now = timezone.now()
    run_deferred()
    assert forget_feedback(now=now + timedelta(days=371)) == 0
    assert forget_feedback(now=now + timedelta(days=373)) == 2
    assert not Message.objects.exists()


def test_what_was_not_sent_yet_is_not_forgotten() -> None:
    Client().post("/feedback/", GOOD)
    assert forget_feedback(now=timezone.now() + timedelta(days=1000)) == 0
