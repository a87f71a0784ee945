from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template import TemplateDoesNotExist
from django.utils import translation
from pytest_django import Settings

from udgam.ground.audit.actors import SystemActor
from udgam.ground.connectors import mail as mail_connector
from udgam.ground.messages import attachments, queries, rendering, services
from udgam.ground.messages.models import Message
from udgam.ground.tasks import run_deferred
from udgam.rules.refusals import Refused

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
FILES = {
    "greeting.subject": "{% blocktranslate %}Exporter{% endblocktranslate %}: {{ firm }}\n",
    "greeting.txt": "{% translate 'Officer' %} {{ firm }} {{ site_origin }}\n",
    "greeting.sms.txt": "Code {{ code }}\nfor {{ firm }}",
}


@pytest.fixture(autouse=True)
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.template.backends.django import DjangoTemplates

    folder = tmp_path / "parcels" / "messages"
    folder.mkdir(parents=True)
    for name, words in FILES.items():
        (folder / name).write_text(words)
    real = rendering._engine()
    engine = DjangoTemplates(
        {
            "NAME": "messages",
            "DIRS": [str(tmp_path)],
            "APP_DIRS": False,
            "OPTIONS": {"autoescape": real.engine.autoescape, "builtins": ["django.templatetags.i18n"]},
        }
    )
    monkeypatch.setattr(rendering, "_engine", lambda: engine)
    mail_connector.breaker.reset()


def queue(**changes: object) -> Message:
    arguments = {
        "to": "asha@rao.example",
        "template": "parcels/greeting",
        "context": {"firm": "Rao & Sons <Pvt>"},
        "language": "en",
        "now": NOW,
        "subject_ref": "parcel:1",
    }
    return Message.objects.get(pk=services.queue_mail(**{**arguments, **changes}))  # type: ignore[arg-type]


class Broken:
    """A mail server that answers as told."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *arguments: object, **named: object) -> object:
        raise self.error


def break_mail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    monkeypatch.setattr(EmailBackend, "send_messages", Broken(error))


def test_a_mail_goes_out_once_with_plain_words() -> None:
    message = queue()
    assert mail.outbox == []
    assert run_deferred() == ["messages.send"]
    [sent] = mail.outbox
    assert sent.to == ["asha@rao.example"]
    assert sent.subject == "Exporter: Rao & Sons <Pvt>"
    said, _line, closing = sent.body.partition("\n-- \n")
    assert said == "Officer Rao & Sons <Pvt> http://127.0.0.1:8000\n"
    # Who writes and where to ask stands at the end of every mail.
    assert closing.splitlines() == [
        settings.SITE_OWNER,
        f"Help desk: {settings.HELP_DESK_PHONE}, {settings.HELP_DESK_EMAIL}",
    ]
    assert sent.extra_headers["Message-ID"].startswith(f"<{message.id}@")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    message.refresh_from_db()
    assert (message.state, message.attempts, message.body) == ("sent", 1, sent.body)
    # A second run of the same job (a worker that died after sending) sends nothing.
    from udgam.ground.messages.jobs import send

    send(message=str(message.id))
    assert len(mail.outbox) == 1


def test_words_are_in_the_language_of_the_person_not_of_the_page() -> None:
    with translation.override("en"):
        with translation.override("hi"):
            in_hindi = translation.gettext("Officer")
        message = queue(language="hi")
    assert message.body.startswith(in_hindi)


def test_a_line_break_in_a_value_cannot_add_a_header() -> None:
    message = queue(context={"firm": "Rao\r\nBcc: everybody@world.example"})
    assert message.subject == "Exporter: Rao Bcc: everybody@world.example"
    run_deferred()
    assert mail.outbox[0].recipients() == ["asha@rao.example"]


def test_the_words_of_a_secret_mail_are_gone_after_sending() -> None:
    message = queue(secret=True)
    assert message.body
    assert "Rao" not in message.body
    run_deferred()
    message.refresh_from_db()
    assert (message.state, message.body) == ("sent", "")
    assert "Rao" in mail.outbox[0].body
    Message.objects.update(state="dead")
    assert queries.dead_letters()[0].subject == ""


def test_a_secret_message_loses_its_words_only_together_with_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.models import QuerySet

    message = queue(secret=True)
    services.begin_sending(message_id=str(message.pk), now=NOW)
    update = QuerySet.update

    def dies(rows: QuerySet[Message], **values: object) -> int:
        if "sent_at" in values:
            raise ConnectionError
        return update(rows, **values)

    with monkeypatch.context() as dying:
        dying.setattr(QuerySet, "update", dies)
        with pytest.raises(ConnectionError):
            services.finish_sending(message_id=str(message.pk), now=NOW)
    message.refresh_from_db()
    assert (message.state, bool(message.body)) == ("sending", True)


def test_an_outage_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        break_mail(broken, ConnectionRefusedError())
        message = queue()
        run_deferred()
        message.refresh_from_db()
        assert (message.state, message.attempts, message.last_failure) == ("queued", 1, "unreachable")
        assert run_deferred() == []
    mail_connector.breaker.reset()
    assert run_deferred(now=datetime.now(UTC) + timedelta(seconds=40)) == ["messages.send"]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_failure) == ("sent", 2, "")


def test_after_the_last_attempt_it_is_a_dead_letter_and_can_be_brought_back(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = queue(secret=True)
    plain = queue()
    with monkeypatch.context() as broken:
        break_mail(broken, smtplib.SMTPServerDisconnected("gone"))
        assert len(run_deferred(now=datetime.now(UTC) + timedelta(days=2))) == 2 * services.ATTEMPTS
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.state, secret.body) == ("dead", "")
    assert (plain.state, plain.attempts) == ("dead", services.ATTEMPTS)
    assert {line.id for line in queries.dead_letters()} == {secret.id, plain.id}
    mail_connector.breaker.reset()
    services.retry_dead(message_id=plain.id, actor=SystemActor("test"), now=NOW)
    with pytest.raises(services.MessageNotDead):
        services.retry_dead(message_id=secret.id, actor=SystemActor("test"), now=NOW)
    with pytest.raises(services.MessageNotDead):
        services.retry_dead(message_id=plain.id, actor=SystemActor("test"), now=NOW)
    run_deferred()
    assert [sent.to for sent in mail.outbox] == [["asha@rao.example"]]


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    break_mail(monkeypatch, smtplib.SMTPRecipientsRefused({"asha@rao.example": (550, b"no such user")}))
    message = queue()
    run_deferred()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_failure) == ("dead", 1, "refused_for_good")
    assert run_deferred(now=NOW + timedelta(days=2)) == []


def test_a_fleeting_message_is_gone_once_it_is_sent() -> None:
    message = queue(fleeting=True)
    assert Message.objects.filter(pk=message.pk).exists()
    run_deferred()
    assert len(mail.outbox) == 1
    assert not Message.objects.exists()


def test_a_fleeting_message_that_cannot_be_delivered_is_gone_and_no_dead_letter() -> None:
    message = queue(fleeting=True)
    services.begin_sending(message_id=str(message.pk), now=NOW)
    services.fail_sending(message_id=str(message.pk), reason="busy", now=NOW)
    assert Message.objects.get().state == "queued"
    services.begin_sending(message_id=str(message.pk), now=NOW)
    services.fail_sending(message_id=str(message.pk), reason="refused for good", now=NOW, is_final=True)
    assert not Message.objects.exists()


def test_what_still_waits_for_a_forgotten_address_goes_out_and_then_goes() -> None:
    queue(to="Asha@rao.example")
    assert services.forget_messages_to(addresses={"asha@RAO.example"}) == 0
    run_deferred()
    assert [message.to for message in mail.outbox] == [["Asha@rao.example"]]
    assert not Message.objects.exists()


def test_an_address_that_is_busy_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    break_mail(monkeypatch, smtplib.SMTPRecipientsRefused({"asha@rao.example": (450, b"greylisted")}))
    message = queue()
    run_deferred()
    message.refresh_from_db()
    assert message.state == "queued"


def test_what_a_dead_worker_claimed_is_queued_again() -> None:
    message = queue()
    assert services.begin_sending(message_id=str(message.id), now=NOW) is not None
    assert services.begin_sending(message_id=str(message.id), now=NOW) is None
    assert services.release_claims(now=NOW + timedelta(minutes=9)) == 0
    assert services.release_claims(now=NOW + timedelta(minutes=11)) == 1
    run_deferred()
    assert len(mail.outbox) == 1


def test_what_ends_every_worker_is_given_up_after_the_last_attempt() -> None:
    message, moment = queue(), NOW
    for _ in range(services.ATTEMPTS):
        assert services.begin_sending(message_id=str(message.id), now=moment) is not None
        moment += timedelta(minutes=11)
        services.release_claims(now=moment)
    message.refresh_from_db()
    assert (message.state, message.last_failure) == ("dead", "never finished")
    assert [line.id for line in queries.dead_letters()] == [message.id]
    assert services.release_claims(now=moment + timedelta(hours=1)) == 0


def test_what_was_sent_or_given_up_is_forgotten_after_a_year_and_what_waits_is_not() -> None:
    states = ("sent", "dead", "queued")
    for state in states:
        Message.objects.filter(pk=queue().pk).update(state=state, created_at=NOW)
    assert services.forget_old_messages(now=NOW + timedelta(days=366)) == 0
    assert services.forget_old_messages(now=NOW + timedelta(days=367)) == 2
    assert Message.objects.get().state == "queued"


def test_lists_mask_the_address() -> None:
    queue()
    Message.objects.update(state="dead")
    [line] = queries.dead_letters()
    assert "asha" not in line.to_masked
    assert line.to_masked.endswith("@rao.example") or "@" in line.to_masked


def test_a_text_message_needs_an_indian_mobile_and_an_existing_template() -> None:
    arguments = {"template": "parcels/greeting", "context": {"code": "123456"}, "language": "en", "now": NOW}
    key = services.queue_text(mobile="+91 98765 43210", **arguments)  # type: ignore[arg-type]
    assert Message.objects.get(pk=key).to == "+919876543210"
    assert Message.objects.get(pk=key).body == "Code 123456 for"
    with pytest.raises(Refused):
        services.queue_text(mobile="12345", **arguments)  # type: ignore[arg-type]
    with pytest.raises(TemplateDoesNotExist):
        services.queue_text(mobile="9876543210", **{**arguments, "template": "parcels/none"})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="room/name"):
        services.queue_text(mobile="9876543210", **{**arguments, "template": "none"})  # type: ignore[arg-type]


def test_secret_words_lie_closed_and_open_under_an_earlier_key(settings: Settings) -> None:
    settings.MESSAGE_KEYS = ["the-key-of-last-year"]
    waiting, copied = queue(secret=True), queue(secret=True)
    assert waiting.body != copied.body, "equal words do not look alike"
    settings.MESSAGE_KEYS = ["the-key-of-this-year", "the-key-of-last-year"]
    run_deferred()
    assert ["Rao" in letter.body for letter in mail.outbox] == [True, True]


@pytest.mark.parametrize("change", ["another key", "a flipped sign", "plain words"])
def test_words_that_cannot_be_opened_are_given_up_and_never_sent(settings: Settings, change: str) -> None:
    message = queue(secret=True)
    if change == "another key":
        settings.MESSAGE_KEYS = ["somebody-elses"]
    else:
        body = message.body[:-6] + ("AAAA==" if change == "a flipped sign" else "")
        Message.objects.filter(pk=message.pk).update(body=body if change == "a flipped sign" else "Code 123456")
    run_deferred()
    message.refresh_from_db()
    assert (message.state, message.last_failure, message.body) == ("dead", "key changed", "")
    assert mail.outbox == []


def stored(data: bytes) -> str:
    return default_storage.save("parcels/paper", ContentFile(data))


def test_a_stored_file_goes_with_the_mail() -> None:
    queue(attachment=attachments.attachable(path=stored(b"%PDF-1.7 paper"), name="paper.pdf"))
    run_deferred()
    assert mail.outbox[0].attachments == [("paper.pdf", b"%PDF-1.7 paper", "application/pdf")]


def test_a_file_that_is_not_there_or_too_large_is_no_attachment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert attachments.attachable(path="", name="paper.pdf") is None
    assert attachments.attachable(path="parcels/nowhere", name="paper.pdf") is None
    path = stored(b"123456")
    monkeypatch.setattr(attachments, "LARGEST", 5)
    assert attachments.attachable(path=path, name="paper.pdf") is None


def test_a_file_that_was_replaced_meanwhile_goes_in_its_new_shape() -> None:
    old = stored(b"%PDF-1.7 old")
    message = queue(attachment=attachments.attachable(path=old, name="paper.pdf"))
    new = stored(b"%PDF-1.7 new")
    assert services.move_attachment(old=old, new=new) == 1
    default_storage.delete(old)
    run_deferred()
    assert mail.outbox[0].attachments[0][1] == b"%PDF-1.7 new"
    message.refresh_from_db()
    assert message.state == "sent"
    assert services.move_attachment(old=new, new=old) == 0


def test_a_mail_never_goes_without_the_file_it_promises() -> None:
    path = stored(b"%PDF-1.7 paper")
    message = queue(attachment=attachments.attachable(path=path, name="paper.pdf"))
    default_storage.delete(path)
    run_deferred()
    message.refresh_from_db()
    assert (message.state, message.last_failure, mail.outbox) == ("queued", "attachment unreadable", [])
