"""Receive a message for the help desk: a number, a mail to the desk, an answer to the sender."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from udgam.ground.messages.services import forget_messages, queue_mail
from udgam.ground.pages.limits import Limit, within
from udgam.ground.reference.services import next_number
from udgam.rules.numbers import indian_date

PER_HOUR = Limit("feedback", 5, 3600)
# One year after the answer, which is promised within seven days; the privacy policy says so.
KEPT = timedelta(days=365 + 7)


class FeedbackTooOften(Exception):
    """More messages came from one place within an hour than people write."""


def count_feedback(*, place: str) -> None:
    """Count one message from a place; raises ``FeedbackTooOften`` beyond five an hour."""
    if not within(PER_HOUR, place):
        raise FeedbackTooOften(place)


def receive_feedback(*, name: str, email: str, topic: str, text: str, to: str, language: str, now: datetime) -> str:
    """Queue the mail to the help desk and, if an address was given, an answer; return the reference `F/2026/0001`."""
    with transaction.atomic():
        year = indian_date(now).year
        reference = f"F/{year}/{next_number(key=f'feedback/{year}'):04d}"
        context = {"reference": reference, "name": name, "email": email, "topic": topic, "text": text, "at": now}
        subject_ref = f"feedback:{reference}"
        queue_mail(to=to, template="site/feedback", context=context, language="en", now=now, subject_ref=subject_ref)
        if email:
            queue_mail(
                to=email,
                template="site/feedback_received",
                context={"reference": reference, "at": now},
                language=language,
                now=now,
                subject_ref=subject_ref,
            )
    return reference


def forget_feedback(*, now: datetime) -> int:
    """Delete the messages, with names and addresses, whose time is over; return how many."""
    return forget_messages(about="feedback:", before=now - KEPT)
