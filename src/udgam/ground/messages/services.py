"""Queue messages, record how sending went, bring dead letters back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils import translation

from udgam.ground import statements
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages import rendering
from udgam.ground.messages.attachments import Attachment
from udgam.ground.messages.models import Message
from udgam.ground.messages.sealed_words import WordsUnreadable, close, open_words
from udgam.ground.tasks import defer, defer_at, defer_each
from udgam.rules.identifiers import parse_mobile

SEND = "messages.send"
# Attempts 1 to 6, after 0, 30 s, 2 min, 8 min, 32 min, 2 h 8 min: an outage of an afternoon loses nothing.
ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
GROWTH = 4
# A worker that claimed a message this long ago is dead: handing over takes seconds.
CLAIM_LIFETIME = timedelta(minutes=10)
# They name people and where to reach them: kept for the year that the DPDP Rules 2025 ask for (rule 8(3)), and no longer.
KEPT = timedelta(days=366)

_SERVED = (Message.State.SENT, Message.State.DEAD)


class MessageNotDead(Exception):
    """Only a message that was given up can be sent again by hand."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What a connector needs in order to hand a message over."""

    id: uuid.UUID
    channel: str
    to: str
    subject: str
    body: str
    attachment: Attachment | None = None


def queue_mail(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    now: datetime,
    subject_ref: str = "",
    secret: bool = False,
    fleeting: bool = False,
    attachment: Attachment | None = None,
) -> uuid.UUID:
    """Write a mail to the outbox, in the caller's transaction; a task sends it after the commit. See `mail`."""
    written = mail(
        to=to,
        template=template,
        context=context,
        language=language,
        now=now,
        subject_ref=subject_ref,
        secret=secret,
        fleeting=fleeting,
        attachment=attachment,
    )
    queue(messages=[written])
    return written.id


def mail(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    now: datetime,
    subject_ref: str = "",
    secret: bool = False,
    fleeting: bool = False,
    attachment: Attachment | None = None,
    subject: str | None = None,
) -> Message:
    """A mail as `queue` takes it.

    ``template`` "room/name" stands for ``room/messages/name.subject`` and ``.txt``; who writes, and where to ask, stands at the end
    of every mail. With ``secret`` the words lie closed in the
    outbox and are blanked as soon as the mail is sent or given up: for one-time codes, passwords and links. A
    ``fleeting`` one is deleted at that moment, whole. An ``attachment`` (see
    ``attachments.attachable``) is read when the mail is handed over; who moves the file meanwhile calls ``move_attachment``.
    Who has the words of the ``subject`` in that language already hands them in.
    """
    return Message(
        channel=Message.Channel.MAIL,
        to=to,
        template=template,
        language=language,
        subject=rendering.subject_line(template, context, language) if subject is None else subject,
        body=f"{rendering.render(template, '.txt', context, language).strip()}\n{rendering.closing(language)}",
        is_secret=secret,
        is_fleeting=fleeting,
        subject_ref=subject_ref,
        attachment_path=attachment.path if attachment else "",
        attachment_name=attachment.name if attachment else "",
        created_at=now,
    )


def queue_text(
    *,
    mobile: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    now: datetime,
    subject_ref: str = "",
    secret: bool = False,
) -> uuid.UUID:
    """Write a text message to the outbox; as ``queue_mail``, from the template ``room/messages/name.sms.txt``.

    Raises ``rules.refusals.IdentifierRefused`` unless ``mobile`` is an Indian mobile number, with or without +91.
    """
    written = Message(
        channel=Message.Channel.TEXT,
        to=f"+91{parse_mobile(mobile)}",
        template=template,
        language=language,
        body=rendering.one_line(rendering.render(template, ".sms.txt", context, language)),
        is_secret=secret,
        subject_ref=subject_ref,
        created_at=now,
    )
    queue(messages=[written])
    return written.id


def short_text(
    *, mobile: str, template: str, words: str, language: str, now: datetime, subject_ref: str = ""
) -> Message:
    """A text message of one line that is worded already, with our name behind it, as `queue` takes it. Raises as ``queue_text``."""
    with translation.override(language):
        owner = rendering.site_owner()
    return Message(
        channel=Message.Channel.TEXT,
        to=f"+91{parse_mobile(mobile)}",
        template=template,
        language=language,
        body=rendering.one_line(f"{words} – {owner}"),
        subject_ref=subject_ref,
        created_at=now,
    )


def queue(*, messages: Sequence[Message]) -> None:
    """Write these messages to the outbox, in the caller's transaction; a task sends each of them after the commit."""
    with transaction.atomic(savepoint=False):
        for message in messages:
            if message.is_secret:
                message.body = close(message.body)
            statements.add(message)
        defer_each(SEND, [{"message": str(message.id)} for message in messages])


def begin_sending(*, message_id: str, now: datetime) -> Envelope | None:
    """Claim a queued message for this worker; None when another has it or it is done."""
    claimed = Message.objects.filter(pk=message_id, state=Message.State.QUEUED).update(
        state=Message.State.SENDING, claimed_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    message = Message.objects.get(pk=message_id)
    try:
        body = open_words(message.body) if message.is_secret else message.body
    except WordsUnreadable:
        fail_sending(message_id=message_id, reason="key changed", now=now, is_final=True)
        return None
    attachment = None
    if message.attachment_path:
        attachment = Attachment(path=message.attachment_path, name=message.attachment_name)
    return Envelope(
        id=message.id,
        channel=message.channel,
        to=message.to,
        subject=message.subject,
        body=body,
        attachment=attachment,
    )


def move_attachment(*, old: str, new: str) -> int:
    """A stored file has been replaced by another: mails that still owe it take the new one. Returns how many."""
    if not old:
        return 0
    owing = Message.objects.filter(attachment_path=old).exclude(state=Message.State.SENT)
    return owing.update(attachment_path=new)


def finish_sending(*, message_id: str, now: datetime) -> None:
    """Record that the message was handed over, and forget the words of a secret one, or all of a fleeting one."""
    # One transaction: a message without words that still counts as unsent would go out empty.
    with transaction.atomic():
        sending = Message.objects.filter(pk=message_id, state=Message.State.SENDING)
        sending.filter(is_secret=True).update(body="")
        sending.update(state=Message.State.SENT, sent_at=now, last_failure="")
        _served().filter(pk=message_id, is_fleeting=True).delete()


def fail_sending(*, message_id: str, reason: str, now: datetime, is_final: bool = False) -> None:
    """Record a failed attempt: queue the next, or give up after the last (or at once, when trying again cannot help)."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=message_id, state=Message.State.SENDING).first()
        if message is None:
            return
        message.last_failure = reason[:80]
        if is_final or message.attempts >= ATTEMPTS:
            message.state = Message.State.DEAD
            if message.is_fleeting:
                message.delete()
                return
            if message.is_secret:
                message.body = ""
        else:
            message.state = Message.State.QUEUED
            defer_at(SEND, now + FIRST_WAIT * GROWTH ** (message.attempts - 1), message=message_id)
        message.save(update_fields=["state", "body", "last_failure"])


def release_claims(*, now: datetime) -> int:
    """Queue again what a worker claimed and never finished; a message may then arrive twice, but none is lost.

    One at which every attempt ended so is given up: it would end the next worker too, and nobody would hear of it.
    """
    with transaction.atomic():
        stuck = Message.objects.select_for_update(skip_locked=True).filter(
            state=Message.State.SENDING, claimed_at__lt=now - CLAIM_LIFETIME
        )
        attempts = {str(key): count for key, count in stuck.values_list("pk", "attempts")}
        for key, count in attempts.items():
            if count >= ATTEMPTS:
                fail_sending(message_id=key, reason="never finished", now=now, is_final=True)
        ids = [key for key, count in attempts.items() if count < ATTEMPTS]
        Message.objects.filter(pk__in=ids).update(state=Message.State.QUEUED)
        for key in ids:
            defer(SEND, message=key)
    return len(ids)


def retry_dead(*, message_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Send a given-up message again from the first attempt. Raises ``MessageNotDead``; a secret one stays dead, its words are gone."""
    with transaction.atomic():
        brought_back = Message.objects.filter(pk=message_id, state=Message.State.DEAD, is_secret=False).update(
            state=Message.State.QUEUED, attempts=0
        )
        if not brought_back:
            raise MessageNotDead(str(message_id))
        record(act="message.requeued", subject=f"message:{message_id}", actor=actor, now=now)
        defer(SEND, message=str(message_id))


def forget_messages(*, about: str, before: datetime) -> int:
    """Delete messages whose subject begins with ``about`` ("feedback:") and that are older; return how many.

    Only what was sent or given up goes: what still waits is owed to somebody.
    """
    return _served().filter(subject_ref__startswith=about, created_at__lt=before).delete()[0]


def forget_messages_to(*, addresses: Collection[str]) -> int:
    """Delete what was sent or given up to these addresses, whatever their case; what still waits goes out first, and then goes.

    Returns how many were deleted at once.
    """
    theirs = Message.objects.alias(address=Lower("to")).filter(address__in={address.lower() for address in addresses})
    # Marked first: one that is handed over at this moment is then either deleted here or by who hands it over.
    theirs.update(is_fleeting=True)
    return theirs.filter(state__in=_SERVED).delete()[0]


def forget_old_messages(*, now: datetime) -> int:
    """Delete what was sent or given up longer ago than messages are kept; return how many."""
    return _served().filter(created_at__lt=now - KEPT).delete()[0]


def _served() -> QuerySet[Message]:
    return Message.objects.filter(state__in=_SERVED)
