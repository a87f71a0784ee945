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


def begin_try(*, door: str, username: str, visitor: Visitor, now: datetime) -> datetime | None:
    """Count a try before its password is looked at; answers until when this name rests from this place, or None: go on.

    Every try counts as wrong until ``take_back_try`` says otherwise, so however many come at once, no more than the free ones
    reach the password. The rows are locked in the order of their keys, so that two tries never wait for each other.
    """
    bounds = {_pair_key(door, username, visitor): FREE_TRIES, _place_key(visitor): FREE_TRIES_OF_A_PLACE}
    with transaction.atomic():
        rows = _locked(list(bounds), now)
        held = max((row.held_until for row in rows if row.held_until and row.held_until > now), default=None)
        if held is None:
            for row in rows:
                _count(row, bounds[row.key], now)
    return held


def take_back_try(*, door: str, username: str, visitor: Visitor, now: datetime) -> None:
    """The right password came: this name may be mistyped from here afresh, and the place is not charged for it."""
    pair, place = _pair_key(door, username, visitor), _place_key(visitor)
    with transaction.atomic():
        for row in _locked([pair, place], now):
            row.failures = 0 if row.key == pair else max(row.failures - 1, 0)
            if row.key == pair or row.failures < FREE_TRIES_OF_A_PLACE:
                row.held_until = None
            row.save()


def note_wrong_password(*, door: str, username: str, visitor: Visitor, person: Person | None, now: datetime) -> None:
    """The password of a try that was counted is wrong: tell the holder of the name when it looks like guessing."""
    if person is None:
        return
    with transaction.atomic():
        resting = WrongPasswords.objects.filter(key=_pair_key(door, username, visitor), held_until__gt=now)
        _tell_holder(person, resting.exists(), now)


def count_against(*, what: str, visitor: Visitor, free: int, now: datetime) -> bool:
    """Count a use of ``what`` (say, asking for a link) from this place; False when it rests because of too many."""
    key = _key(what, visitor.network)
    with transaction.atomic():
        (row,) = _locked([key], now)
        resting = row.held_until is not None and row.held_until > now
        if not resting:
            _count(row, free, now)
    return not resting


def _locked(keys: list[str], now: datetime) -> list[WrongPasswords]:
    """The counters, made where there is none, each held until the end of the transaction."""
    new = [WrongPasswords(key=key, last_failed_at=now) for key in sorted(keys)]
    WrongPasswords.objects.bulk_create(new, ignore_conflicts=True)
    return list(WrongPasswords.objects.select_for_update().filter(key__in=keys).order_by("key"))


def _count(row: WrongPasswords, free: int, now: datetime) -> None:
    row.failures = 1 if row.last_failed_at < now - MEMORY else row.failures + 1
    row.last_failed_at = now
    over = row.failures - free
    # The exponent is bounded so that a patient attacker cannot make it overflow.
    row.held_until = now + min(FIRST_DELAY * 2 ** min(over, 16), LONGEST_DELAY) if over >= 0 else None
    row.save()


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
