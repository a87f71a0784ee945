"""Read the outbox, with addresses masked: lists show that a message went out, not where a person can be reached."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from udgam.ground.messages.models import Message
from udgam.rules.identifiers import mask_email, mask_mobile


@dataclass(frozen=True, kw_only=True)
class MessageLine:
    """One message for a list."""

    id: uuid.UUID
    channel: str
    to_masked: str
    template: str
    subject: str
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_failure: str
    # The words of a secret message are gone, so it cannot be sent again.
    can_be_sent_again: bool


def dead_letters(*, limit: int = 100) -> tuple[MessageLine, ...]:
    """The messages that were given up, newest first; for administrators."""
    return _lines(Message.objects.filter(state=Message.State.DEAD).order_by("-created_at")[:limit])


def _lines(rows: Iterable[Message]) -> tuple[MessageLine, ...]:
    return tuple(
        MessageLine(
            id=row.id,
            channel=row.channel,
            to_masked=mask_email(row.to) if row.channel == Message.Channel.MAIL else mask_mobile(row.to),
            template=row.template,
            subject="" if row.is_secret else row.subject,
            state=row.state,
            attempts=row.attempts,
            created_at=row.created_at,
            sent_at=row.sent_at,
            last_failure=row.last_failure,
            can_be_sent_again=row.state == Message.State.DEAD and not row.is_secret,
        )
        for row in rows
    )


def waiting_messages() -> int:
    """How many messages wait to be handed over or are being handed over now."""
    return Message.objects.filter(state__in=(Message.State.QUEUED, Message.State.SENDING)).count()
