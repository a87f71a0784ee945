"""Mails of this room: queued in the transaction of the change they tell about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import Person


def tell(*, people: Iterable[Person], template: str, subject: str, now: datetime, **context: Any) -> None:
    """Queue a mail to each of the people who has an address, in the language of each."""
    for person in people:
        if person.email:
            queue_mail(
                to=person.email,
                template=f"agencies/{template}",
                context=context,
                language=person.language,
                now=now,
                subject_ref=subject,
            )
