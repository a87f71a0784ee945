"""Wrong passwords make one way in rest: per name *and* place, with a growing delay.

User names are public (an exporter's is the IEC), so counting by name alone would let anybody keep a firm out.
Counting by place alone would let one careless colleague keep an office out. Signing in with the token never rests.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import Person, SignInEvent, WrongPasswords
from udgam.parties.accounts.visitors import Visitor

FREE_TRIES = 5
# One place that fails with many names is guessing too; the bound is wide because offices share an address.
FREE_TRIES_OF_A_PLACE = 60
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# A day without a wrong password forgets the earlier ones.
MEMORY = timedelta(days=1)
# So many wrong passwords in a day, from wherever, are worth a mail to the holder; one mail a day at most.
WORTH_TELLING = 10


def held_until(*, door: str, username: str, visitor: Visitor, now: datetime) -> datetime | None:
    """Until when this name may not be tried from this place, or None."""
    keys = [_pair_key(door, username, visitor), _place_key(visitor)]
    ends = WrongPasswords.objects.filter(key__in=keys, held_until__gt=now).values_list("held_until", flat=True)
    return max((end for end in ends if end), default=None)


def note_wrong_password(
    *, door: str, username: str, visitor: Visitor, person: Person | None, now: datetime
) -> datetime | None:
    """Count a wrong password, whether or not anybody has that name; answers until when the way in rests now, if it does."""
    with transaction.atomic():
        held = _count(_pair_key(door, username, visitor), FREE_TRIES, now)
        _count(_place_key(visitor), FREE_TRIES_OF_A_PLACE, now)
        if person is not None:
            _tell_holder(person, held is not None, now)
    return held


def forget_wrong_passwords(*, door: str, username: str, visitor: Visitor) -> None:
    """The right password came: this name may be mistyped from here afresh."""
    WrongPasswords.objects.filter(key=_pair_key(door, username, visitor)).delete()


def count_against(*, what: str, visitor: Visitor, free: int, now: datetime) -> bool:
    """Count a use of ``what`` (say, asking for a link) from this place; False when it rests because of too many."""
    key = _key(what, visitor.network)
    with transaction.atomic():
        resting = WrongPasswords.objects.filter(key=key, held_until__gt=now).exists()
        if not resting:
            _count(key, free, now)
    return not resting


def _count(key: str, free: int, now: datetime) -> datetime | None:
    WrongPasswords.objects.get_or_create(key=key, defaults={"last_failed_at": now})
    row = WrongPasswords.objects.select_for_update().get(key=key)
    row.failures = 1 if row.last_failed_at < now - MEMORY else row.failures + 1
    row.last_failed_at = now
    over = row.failures - free
    # The exponent is bounded so that a patient attacker cannot make it overflow.
    row.held_until = now + min(FIRST_DELAY * 2 ** min(over, 16), LONGEST_DELAY) if over >= 0 else None
    row.save()
    return row.held_until


def _tell_holder(person: Person, held: bool, now: datetime) -> None:
    wrong = SignInEvent.Outcome.WRONG
    today = person.sign_ins.filter(outcome=wrong, at__gt=now - MEMORY).count()
    if not held and today < WORTH_TELLING:
        return
    # One conditional update decides who sends the mail, so that a flood of tries sends one a day.
    untold = Person.objects.filter(pk=person.pk, is_active=True).exclude(told_of_guessing_at__gt=now - MEMORY)
    if not person.email or not untold.update(told_of_guessing_at=now):
        return
    queue_mail(
        to=person.email,
        template="accounts/guessing",
        context={"username": person.username, "at": now},
        language=person.language,
        now=now,
        subject_ref=subject_of(person),
    )


def _pair_key(door: str, username: str, visitor: Visitor) -> str:
    return _key("pair", door, username.strip().casefold(), visitor.network)


def _place_key(visitor: Visitor) -> str:
    return _key("place", visitor.network)


def _key(*parts: str) -> str:
    text = "\x1f".join(parts).encode(errors="replace")
    return hmac.new(settings.SECRET_KEY.encode(), b"accounts.wrong-passwords\x1f" + text, hashlib.sha256).hexdigest()
