"""Decide who is let in. A view makes the session of it; every attempt leaves an event."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from udgam.ground.audit.services import record
from udgam.ground.pages.templatetags.pages import indian_time
from udgam.parties.accounts.actors import actor_of, subject_of
from udgam.parties.accounts.models import EnrolledToken, Person, SignInEvent
from udgam.parties.accounts.queries import enrolled_token, fingerprint_of, person_by_username, was_retired
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.renewal import Renewal, renewal_for
from udgam.parties.accounts.services.holding_back import begin_try, note_wrong_password, take_back_try
from udgam.parties.accounts.services.tokens import renew_token
from udgam.parties.accounts.trust import facts_of
from udgam.parties.accounts.visitors import Visitor
from udgam.rules.binding import CertificateFacts, Decision, same_holder
from udgam.signing.trust.token import VerifiedToken

Method = SignInEvent.Method
Outcome = SignInEvent.Outcome


@dataclass(frozen=True, kw_only=True)
class _Attempt:
    """What every event of one attempt says alike."""

    door: str
    method: str
    visitor: Visitor
    now: datetime
    token_sha256: str = ""


def admit_by_password(
    *, username: str, password: str, door: str, kinds: Collection[str], visitor: Visitor, now: datetime
) -> Person:
    """The person, if name and password are right and this door is theirs.

    A name that nobody has, a closed account, another door and a wrong password get the same refusal after the same work
    ("sign_in.wrong"). Also raises "sign_in.held_back" and, only after the right password, "sign_in.password_expired".
    """
    attempt = _Attempt(door=door, method=Method.PASSWORD, visitor=visitor, now=now)
    held = begin_try(door=door, username=username, visitor=visitor, now=now)
    person = person_by_username(username)
    if held is not None:
        _note(attempt, person, Outcome.HELD_BACK)
        raise AccountRefused("sign_in.held_back", until=indian_time(held))
    if not _password_is_right(person, password) or person is None or not person.is_active or person.kind not in kinds:
        _note(attempt, person, Outcome.WRONG)
        note_wrong_password(door=door, username=username, visitor=visitor, person=person, now=now)
        raise AccountRefused("sign_in.wrong")
    take_back_try(door=door, username=username, visitor=visitor, now=now)
    _refuse_old_one_time_password(attempt, person)
    _admit(attempt, person)
    return person


def admit_by_token(
    *, verified: VerifiedToken, door: str, kinds: Collection[str], visitor: Visitor, now: datetime
) -> Person:
    """The person whose token this is. A renewed certificate that satisfies the same rule takes the old one's place.

    Raises ``AccountRefused``: "token.not_enrolled", "token.retired", "account.closed", "sign_in.wrong_door".
    """
    with transaction.atomic():
        token = enrolled_token(verified.certificate) or _renewed(verified, kinds, now)
        if token is None:
            code = "token.retired" if was_retired(verified.certificate) else "token.not_enrolled"
            raise AccountRefused(code)
        person = token.person
        if not person.is_active:
            raise AccountRefused("account.closed")
        if person.kind not in kinds:
            raise AccountRefused("sign_in.wrong_door")
        attempt = _Attempt(door=door, method=Method.TOKEN, visitor=visitor, now=now, token_sha256=token.sha256)
        _admit(attempt, person)
    return person


def admit_by_password_and_token(
    *,
    username: str,
    password: str,
    verified: VerifiedToken,
    door: str,
    kinds: Collection[str],
    visitor: Visitor,
    now: datetime,
) -> Person:
    """The person, if name, password and token belong together and this door is theirs.

    Without a valid token nothing is said about the password, so these doors cannot be used to guess at passwords, and a
    stranger cannot make them rest either: wrong passwords count only when they come with the person's own token.
    """
    token = enrolled_token(verified.certificate)
    renewal = None if token else _possible_renewal(verified, kinds, now)
    owner = token.person_id if token else renewal.old.person_id if renewal else None
    person = person_by_username(username)
    if person is None or owner != person.pk or person.kind not in kinds:
        make_password(password)
        raise AccountRefused("sign_in.wrong_with_token")
    if not person.is_active:
        raise AccountRefused("account.closed")
    fingerprint = fingerprint_of(verified.certificate)
    attempt = _Attempt(door=door, method=Method.PASSWORD_AND_TOKEN, visitor=visitor, now=now, token_sha256=fingerprint)
    held = begin_try(door=door, username=username, visitor=visitor, now=now)
    if held is not None:
        _note(attempt, person, Outcome.HELD_BACK)
        raise AccountRefused("sign_in.held_back_with_token", until=indian_time(held))
    if not _password_is_right(person, password):
        _note(attempt, person, Outcome.WRONG)
        note_wrong_password(door=door, username=username, visitor=visitor, person=person, now=now)
        raise AccountRefused("sign_in.wrong_with_token")
    take_back_try(door=door, username=username, visitor=visitor, now=now)
    _refuse_old_one_time_password(attempt, person)
    with transaction.atomic():
        # Only now: a wrong password must not put another certificate in the place of the enrolled one.
        if renewal is not None:
            _renew(renewal, verified, now)
        _admit(attempt, person)
    return person


def confirm_by_token(*, person: Person, verified: VerifiedToken, now: datetime) -> str:
    """A signed-in person shows the token again before something weighty; answers the fingerprint of its certificate.

    Raises ``AccountRefused("token.of_another_person")``.
    """
    with transaction.atomic():
        token = enrolled_token(verified.certificate) or _renewed(verified, {person.kind}, now)
        if token is None or token.person_id != person.pk:
            raise AccountRefused("token.of_another_person")
        record(
            act="person.stepped_up",
            subject=subject_of(person),
            actor=actor_of(person),
            now=now,
            details={"sha256": token.sha256},
        )
    return token.sha256


def note_refused_token(*, verified: VerifiedToken, door: str, reason: str, visitor: Visitor, now: datetime) -> None:
    """Leave an event with the holder when a known token was turned away."""
    token = enrolled_token(verified.certificate)
    if token is not None:
        attempt = _Attempt(door=door, method=Method.TOKEN, visitor=visitor, now=now, token_sha256=token.sha256)
        _note(attempt, token.person, Outcome.TOKEN_REFUSED, reason)


def _password_is_right(person: Person | None, password: str) -> bool:
    if person is None:
        # The same work as for a name that somebody has, so that the time says nothing.
        make_password(password)
        return False
    return person.check_password(password)


def _refuse_old_one_time_password(attempt: _Attempt, person: Person) -> None:
    """Called after the right password only, so a stranger learns nothing."""
    if person.must_change_password and person.password_expires_at and person.password_expires_at <= attempt.now:
        _note(attempt, person, Outcome.EXPIRED)
        raise AccountRefused("sign_in.password_expired")


@dataclass(frozen=True)
class _PossibleRenewal:
    """A known holder's enrolment that an unknown certificate may replace, and the decision that says so."""

    old: EnrolledToken
    facts: CertificateFacts
    renewal: Renewal
    decision: Decision


def _renewed(verified: VerifiedToken, kinds: Collection[str], now: datetime) -> EnrolledToken | None:
    """Enrol an unknown certificate of a known holder when the rule of that kind of person allows it."""
    possible = _possible_renewal(verified, kinds, now)
    return _renew(possible, verified, now) if possible else None


def _possible_renewal(verified: VerifiedToken, kinds: Collection[str], now: datetime) -> _PossibleRenewal | None:
    if was_retired(verified.certificate):
        return None
    facts = facts_of(verified.certificate)
    for old in _tokens_of_the_same_holder(facts, kinds):
        renewal = renewal_for(old.person.kind)
        if renewal is None:
            continue
        decision = renewal.decide(old.person, facts, now)
        if decision.allowed:
            return _PossibleRenewal(old, facts, renewal, decision)
    return None


def _renew(possible: _PossibleRenewal, verified: VerifiedToken, now: datetime) -> EnrolledToken:
    old = possible.old
    new = renew_token(
        old=old,
        certificate=verified.certificate,
        facts=possible.facts,
        decision=possible.decision,
        actor=actor_of(old.person),
        now=now,
    )
    if possible.renewal.after is not None:
        possible.renewal.after(old.person, new, now)
    return new


def _tokens_of_the_same_holder(facts: CertificateFacts, kinds: Collection[str]) -> list[EnrolledToken]:
    rows = EnrolledToken.objects.select_related("person").filter(
        retired_at__isnull=True, holder__iexact=facts.holder[:200], person__kind__in=kinds, person__is_active=True
    )
    return [row for row in rows if same_holder(CertificateFacts.from_json(row.facts), facts)]


def _admit(attempt: _Attempt, person: Person) -> None:
    with transaction.atomic():
        _note(attempt, person, Outcome.ADMITTED)
        record(
            act="person.signed_in",
            subject=subject_of(person),
            actor=actor_of(person),
            now=attempt.now,
            details={"method": attempt.method, "door": attempt.door},
        )


def _note(attempt: _Attempt, person: Person | None, outcome: str, reason: str = "") -> None:
    SignInEvent.objects.create(
        person=person,
        at=attempt.now,
        door=attempt.door,
        method=attempt.method,
        outcome=outcome,
        reason=reason[:60],
        token_sha256=attempt.token_sha256,
        address=attempt.visitor.address,
        device=attempt.visitor.device,
    )
