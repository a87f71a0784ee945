"""Mail and text messages, handed to the sandbox's own mailbox by SMTP and HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms.connectors.servers import Reply, serving
from udgam.ground.connectors import mail, text_messages
from udgam.ground.connectors.failures import (
    AnswerRefused,
    CircuitOpen,
    HandOverRefused,
    NotConfigured,
    Unreachable,
)
from udgam.sandbox import mailbox
from udgam.sandbox.mailbox.service import MailboxHandle


@pytest.fixture(autouse=True)
def closed_circuits() -> Iterator[None]:
    mail.breaker.reset()
    text_messages.breaker.reset()
    yield
    mail.breaker.reset()
    text_messages.breaker.reset()


@pytest.fixture
def box(tmp_path: Path, settings: object) -> Iterator[MailboxHandle]:
    handle = mailbox.start(folder=tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_PORT = handle.smtp_port  # type: ignore[attr-defined]
    settings.TEXT_MESSAGE_URL = f"{handle.url}/sms"  # type: ignore[attr-defined]
    yield handle
    handle.stop()


def test_a_mail_and_a_text_message_arrive_in_devanagari(box: MailboxHandle) -> None:
    mail.send_mail(to="asha@rao.example", subject="पंजीकरण संख्या", body="आपका कोड 123456\n", reference="r-1")
    text_messages.send_text(mobile="+919876543210", text="आपका कोड 123456", reference="r-2")
    text, letter = box.messages()
    assert (letter["kind"], letter["to"], letter["subject"]) == ("mail", ["asha@rao.example"], "पंजीकरण संख्या")
    assert "आपका कोड 123456" in str(letter["text"])
    assert (text["kind"], text["to"], text["text"]) == ("text", ["+919876543210"], "आपका कोड 123456")


def test_an_outage_is_told_apart_from_a_refusal(box: MailboxHandle, settings: object) -> None:
    box.outage("smtp", True)
    box.outage("sms", True)
    with pytest.raises(Unreachable):
        mail.send_mail(to="asha@rao.example", subject="s", body="b", reference="r")
    with pytest.raises(Unreachable):
        text_messages.send_text(mobile="+919876543210", text="t", reference="r")
    box.outage("sms", False)
    settings.TEXT_MESSAGE_KEY = "wrong"  # type: ignore[attr-defined]
    with pytest.raises(AnswerRefused) as caught:
        text_messages.send_text(mobile="+919876543210", text="t", reference="r")
    assert caught.value.status == 401


def test_a_message_that_the_gateway_refuses_is_refused_for_good(settings: object) -> None:
    with serving(lambda _: Reply(b'{"error": "bad number"}', 400)) as server:
        settings.TEXT_MESSAGE_URL = server.url  # type: ignore[attr-defined]
        with pytest.raises(HandOverRefused):
            text_messages.send_text(mobile="+919876543210", text="t", reference="r-9")
        sent = json.loads(server.asked[0].body)
    assert sent == {"to": "+919876543210", "text": "t", "reference": "r-9"}


def test_a_dead_gateway_is_soon_left_alone(settings: object) -> None:
    with serving(lambda _: Reply(status=500)) as server:
        settings.TEXT_MESSAGE_URL = server.url  # type: ignore[attr-defined]
        for _ in range(5):
            with pytest.raises(Unreachable):
                text_messages.send_text(mobile="+919876543210", text="t", reference="r")
        with pytest.raises(CircuitOpen):
            text_messages.send_text(mobile="+919876543210", text="t", reference="r")
        assert len(server.asked) == 5


def test_without_a_gateway_nothing_is_sent(settings: object) -> None:
    settings.TEXT_MESSAGE_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(NotConfigured):
        text_messages.send_text(mobile="+919876543210", text="t", reference="r")


def test_a_mail_server_that_is_not_there_is_unreachable(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
    with pytest.raises(Unreachable):
        mail.send_mail(to="asha@rao.example", subject="s", body="b", reference="r")


def test_a_subject_with_a_line_break_is_refused_for_good() -> None:
    with pytest.raises(HandOverRefused):
        mail.send_mail(to="asha@rao.example", subject="s\nBcc: x@y.example", body="b", reference="r")
