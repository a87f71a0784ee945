"""The mailbox takes what a mail client and a gateway's customer send, and shows it."""

from __future__ import annotations

import logging
import smtplib
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from udgam.sandbox import mailbox
from udgam.sandbox.guard import SandboxRefused

BEARER = {"Authorization": f"Bearer {mailbox.SMS_KEY}"}


def send(
    post: mailbox.MailboxHandle,
    *,
    to: str = "anita@konkan-mango.example",
    subject: str = "आपका पंजीकरण",
    text: str = "नमस्ते\nhttp://127.0.0.1:8000/welcome.",
) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "no-reply@udgam.example", to, subject
    letter.set_content(text)
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="certificate.pdf")
    with smtplib.SMTP("127.0.0.1", post.smtp_port, timeout=60) as client:
        client.send_message(letter)


def text_message(post: mailbox.MailboxHandle, data: object, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.post(f"{post.url}/sms", json=data, headers=BEARER if headers is None else headers, trust_env=False)


def test_a_letter_arrives_whole(post: mailbox.MailboxHandle) -> None:
    send(post)
    listed = httpx.get(f"{post.url}/messages.json", trust_env=False).json()["messages"]
    assert listed == post.messages()
    assert listed[0]["kind"] == "mail"
    assert listed[0]["subject"] == "आपका पंजीकरण"
    assert listed[0]["to"] == ["anita@konkan-mango.example"]
    assert listed[0]["from"] == "no-reply@udgam.example"
    assert listed[0]["text"].startswith("नमस्ते\nhttp://127.0.0.1:8000/welcome.")
    assert listed[0]["attachments"] == ["certificate.pdf"]


def test_the_log_of_a_delivery_names_nobody(post: mailbox.MailboxHandle, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send(post, text="One-time password: abc")
    assert "SMTP mail 250" in caplog.text
    for personal in ("anita", "konkan", "no-reply", "abc"):
        assert personal not in caplog.text


def test_the_newest_is_first_and_a_recipient_can_be_chosen(post: mailbox.MailboxHandle) -> None:
    send(post, subject="first")
    assert text_message(post, {"to": "+919999900101", "text": "Code 123456"}).status_code == 202
    send(post, to="Somebody@Else.example", subject="third")
    assert [one["subject"] for one in post.messages()] == ["third", "", "first"]
    chosen = httpx.get(f"{post.url}/messages.json", params={"to": "+919999900101"}, trust_env=False).json()["messages"]
    assert [one["text"] for one in chosen] == ["Code 123456"]
    assert len(post.messages("somebody@else.EXAMPLE")) == 1


def test_messages_survive_a_restart_until_they_are_cleared(post: mailbox.MailboxHandle, tmp_path: Path) -> None:
    send(post)
    again = mailbox.start(folder=tmp_path / "mailbox")
    try:
        assert again.messages() == post.messages()
        httpx.post(f"{again.url}/sandbox/clear", trust_env=False)
        assert again.messages() == []
    finally:
        again.stop()
    assert mailbox.Store(tmp_path / "mailbox" / "messages").newest_first() == []


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {mailbox.SMS_KEY}"}]
)
def test_the_gateway_wants_its_key(post: mailbox.MailboxHandle, headers: dict[str, str]) -> None:
    assert text_message(post, {"to": "+919999900101", "text": "x"}, headers).status_code == 401
    assert post.messages() == []


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"to": "+919999900101"},
        {"to": "99999", "text": "x"},
        {"to": 5, "text": "x"},
        {"to": "+919999900101", "text": ""},
        {"to": "+919999900101", "text": "x" * 1601},
        {"to": "+919999900101", "text": "x", "sender": 1},
    ],
)
def test_a_text_message_that_cannot_be_sent_is_refused_with_the_reason(
    post: mailbox.MailboxHandle, data: object
) -> None:
    answer = text_message(post, data)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid parameter")
    assert post.messages() == []


def test_a_body_that_is_not_json_is_refused(post: mailbox.MailboxHandle) -> None:
    assert httpx.post(f"{post.url}/sms", content=b"\xff{", headers=BEARER, trust_env=False).status_code == 400


def test_outages_are_temporary_failures_for_the_sender(post: mailbox.MailboxHandle) -> None:
    httpx.post(f"{post.url}/sandbox/outage?service=all&on=1", trust_env=False)
    assert text_message(post, {"to": "+919999900101", "text": "x"}).status_code == 503
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(post)
    assert refusal.value.recipients["anita@konkan-mango.example"][0] == 451
    httpx.post(f"{post.url}/sandbox/outage?service=smtp&on=0", trust_env=False)
    send(post)
    assert text_message(post, {"to": "+919999900101", "text": "x"}).status_code == 503
    assert len(post.messages()) == 1


class Page(HTMLParser):
    """Gathers what the tests look at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_is_plain_accessible_html(post: mailbox.MailboxHandle) -> None:
    send(post)
    answer = httpx.get(f"{post.url}/", trust_env=False)
    found = Page(answer.text)
    assert found.all("html") == [{"lang": "en"}]
    assert len(found.all("h1")) == 1
    assert len(found.all("main")) == 1
    assert {one["for"] for one in found.all("label")} == {one["id"] for one in found.all("select")}
    assert found.all("script") == []
    assert {"id": "m1", "lang": "hi"} in found.all("h2")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert httpx.get(f"{post.url}/style.css", trust_env=False).headers["content-type"].startswith("text/css")


def test_addresses_of_this_machine_become_links_and_nothing_else_becomes_markup(post: mailbox.MailboxHandle) -> None:
    send(
        post,
        subject="<img src=x>",
        text="see http://127.0.0.1:8000/a?b=1&c=2, <script>alert(1)</script> or https://stranger.example/x",
    )
    found = Page(httpx.get(f"{post.url}/", trust_env=False).text)
    links = [one["href"] for one in found.all("a")]
    assert "http://127.0.0.1:8000/a?b=1&c=2" in links
    assert not any("stranger" in (link or "") for link in links)
    assert found.all("script") == []
    assert found.all("img") == []


def test_the_filter_is_safe_against_hostile_values(post: mailbox.MailboxHandle) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = httpx.get(f"{post.url}/", params={"to": hostile}, trust_env=False)
    assert answer.status_code == 200
    assert Page(answer.text).all("script") == []


def test_broken_mail_is_kept_as_far_as_it_can_be_read(post: mailbox.MailboxHandle) -> None:
    raw = b"Subject: odd\r\nContent-Type: text/plain; charset=no-such-charset\r\n\r\ncaf\xe9\r\n"
    with smtplib.SMTP("127.0.0.1", post.smtp_port, timeout=60) as client:
        client.sendmail("a@udgam.example", ["b@udgam.example"], raw)
    assert post.messages()[0]["subject"] == "odd"
    assert str(post.messages()[0]["text"]).startswith("caf")


def test_a_taken_mail_port_is_refused_with_the_reason(post: mailbox.MailboxHandle, tmp_path: Path) -> None:
    with pytest.raises(SandboxRefused, match="Choose another port"):
        mailbox.start(folder=tmp_path / "second", smtp_port=post.smtp_port)
