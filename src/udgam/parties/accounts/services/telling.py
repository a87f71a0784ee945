"""Telling people of a change: on the site always, by mail and by text message as each has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from udgam.ground import statements
from udgam.ground.messages.attachments import Attachment
from udgam.ground.messages.rendering import subject_line
from udgam.ground.messages.services import mail, queue, short_text
from udgam.parties.accounts.models import Notice, Person, TellingChoice
from udgam.parties.accounts.queries import ways_of_telling
from udgam.rules.identifiers import IdentifierRefused, parse_mobile

# Notices that were read are forgotten after this time, unread ones after twice as long.
NOTICES_KEPT = timedelta(days=90)


def tell_people(
    *,
    people: Iterable[Person],
    template: str,
    context: dict[str, Any],
    path: str,
    now: datetime,
    subject_ref: str = "",
    attachment: Attachment | None = None,
) -> None:
    """Tell each of the people, in the caller's transaction.

    ``template`` "room/name" is that of a mail; its subject is the line of the notice and of the text message. ``path`` is the page
    it is about and stands in the template as ``path``. An ``attachment`` goes with the mails only, and ``is_attached`` says so.
    """
    words = {"path": path, "is_attached": attachment is not None, **context}
    subject = {code: subject_line(template, words, code) for code in ("en", "hi")}
    messages = []
    with transaction.atomic(savepoint=False):
        for person in people:
            statements.add(Notice(person=person, english=subject["en"], hindi=subject["hi"], path=path, at=now))
            ways = ways_of_telling(person)
            if ways.by_mail and person.email:
                messages.append(
                    mail(
                        to=person.email,
                        template=template,
                        context=words,
                        language=person.language,
                        now=now,
                        subject_ref=subject_ref,
                        attachment=attachment,
                        subject=subject.get(person.language),
                    )
                )
            if ways.by_text and _reachable(person.mobile):
                messages.append(
                    short_text(
                        mobile=person.mobile,
                        template=template,
                        words=subject.get(person.language, subject["en"]),
                        language=person.language,
                        now=now,
                        subject_ref=subject_ref,
                    )
                )
        queue(messages=messages)


def _reachable(mobile: str) -> bool:
    try:
        return bool(parse_mobile(mobile))
    except IdentifierRefused:
        return False


def choose_ways(*, person: Person, by_mail: bool, by_text: bool) -> None:
    """Keep by which ways the person wants to hear of changes."""
    TellingChoice.objects.update_or_create(person=person, defaults={"by_mail": by_mail, "by_text": by_text})


def mark_read(*, person: Person, public_id: str | None, now: datetime) -> str:
    """Mark one notice of the person as read, or all; answers the page it leads to, or nothing for a stranger's."""
    rows = Notice.objects.filter(person=person)
    if public_id is not None:
        rows = rows.filter(public_id=public_id)
    row = rows.first()
    rows.filter(read_at__isnull=True).update(read_at=now)
    return row.path if row is not None else ""


def forget_notices(*, now: datetime) -> int:
    """Delete notices that are too old to be of use."""
    read = Notice.objects.filter(read_at__lt=now - NOTICES_KEPT).delete()[0]
    return read + Notice.objects.filter(at__lt=now - 2 * NOTICES_KEPT).delete()[0]
