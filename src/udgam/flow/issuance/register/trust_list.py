"""The trust list as the rows tell it: who could certify what, where and when, with which key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.conf import settings

from udgam.flow.issuance.models import IssuerKey, RegisterKey, UsedSeal
from udgam.flow.issuance.policies import place_of
from udgam.flow.issuance.register import rows
from udgam.parties.accounts.models import EnrolledToken
from udgam.parties.agencies.models import Agency, Authorisation, Office, Officer
from udgam.rules.numbers import INDIA
from udgam.signing.proof.trust_list import (
    Power,
    TrustedAgency,
    TrustedCertificate,
    TrustedKey,
    TrustedNoteKey,
    TrustedOffice,
    TrustedOfficer,
    TrustedPost,
    TrustList,
    write_trust_list,
)

# What a list says between two editions of it.
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
COMPROMISED = "key-compromise"
Row = TypeVar("Row", IssuerKey, UsedSeal)


def listed_now() -> TrustList:
    """The list without version and times, which its edition gives it."""
    return TrustList(
        issuer=settings.ISSUER_DID,
        # An installation that does not stay, as that of a sample, has no site that could be asked.
        site=settings.REGISTER_SITE or None,
        version=0,
        published_at=_NO_TIME,
        next_update=_NO_TIME,
        agencies=_agencies(),
        status_keys=_register_keys(RegisterKey.Purpose.STATUS),
        logs=_note_keys(RegisterKey.Purpose.LOG),
        witnesses=_note_keys(RegisterKey.Purpose.WITNESS),
    )


def current_trust_list() -> TrustList:
    """The list as the rows tell it now, dated as its edition: what our own checker believes."""
    found = rows.edition(rows.TRUST_LIST)
    if found is None:
        return listed_now()
    return dated(listed_now(), version=found.version, at=found.at, until=found.until)


def dated(listed: TrustList, *, version: int, at: datetime, until: datetime) -> TrustList:
    """The list as an edition of it says it."""
    return replace(listed, version=version, published_at=at, next_update=until)


def said_sha256(listed: TrustList) -> str:
    """A digest of what the list says, without version and times."""
    plain = replace(listed, version=0, published_at=_NO_TIME, next_update=_NO_TIME)
    return hashlib.sha256(write_trust_list(plain)).hexdigest()


def list_keys() -> tuple[TrustedKey, ...]:
    """The keys that may sign the trust list: what the pin names."""
    return _register_keys(RegisterKey.Purpose.LIST)


def _register_keys(purpose: str) -> tuple[TrustedKey, ...]:
    return tuple(
        TrustedKey(
            id=row.name,
            x=row.x,
            y=row.y,
            since=_cut(row.first_used_at),
            until=_cut_or_none(row.ended_at),
            revoked_at=_cut_or_none(row.revoked_at),
            compromised=row.revoked_reason == COMPROMISED,
        )
        for row in RegisterKey.objects.filter(purpose=purpose).order_by("id")
    )


def _agencies() -> tuple[TrustedAgency, ...]:
    keys = _by_office(IssuerKey.objects.order_by("id"))
    seals = _by_office(UsedSeal.objects.order_by("id"))
    powers: dict[int, list[Power]] = {}
    for row in Authorisation.objects.order_by("office_id", "agreement", "valid_from"):
        powers.setdefault(row.office_id, []).append(_power(row))
    offices: dict[int, list[TrustedOffice]] = {}
    for office in Office.objects.order_by("code"):
        offices.setdefault(office.agency_id, []).append(
            TrustedOffice(
                code=office.code,
                name=office.name,
                place=place_of(office),
                powers=tuple(powers.get(office.pk, ())),
                keys=tuple(_key(one) for one in keys.get(office.pk, ())),
                seals=tuple(_seal(one) for one in seals.get(office.pk, ())),
            )
        )
    officers = _officers(powers)
    return tuple(
        TrustedAgency(
            code=agency.code,
            name=agency.registered_name,
            offices=tuple(offices.get(agency.pk, ())),
            officers=tuple(officers.get(agency.pk, ())),
        )
        for agency in Agency.objects.order_by("code")
    )


def _officers(powers: dict[int, list[Power]]) -> dict[int, list[TrustedOfficer]]:
    """Signing officers by agency, one entry for each person, with every token and every post they ever had there."""
    posts = list(
        Officer.objects.select_related("person", "office")
        .filter(role=Officer.Role.SIGNATORY)
        .order_by("person_id", "id")
    )
    tokens: dict[int, list[TrustedCertificate]] = {}
    for token in EnrolledToken.objects.filter(person__in={post.person_id for post in posts}).order_by("id"):
        tokens.setdefault(token.person_id, []).append(
            TrustedCertificate(sha256=token.sha256, since=_cut(token.enrolled_at), until=_cut_or_none(token.retired_at))
        )
    held: dict[tuple[int, int], list[TrustedPost]] = {}
    names: dict[int, str] = {}
    for post in posts:
        names[post.person_id] = post.person.name
        here = tuple(
            power for one in powers.get(post.office_id, ()) if (power := _while_in_post(one, post)) is not None
        )
        held.setdefault((post.office.agency_id, post.person_id), []).append(
            TrustedPost(office=post.office.code, powers=here)
        )
    found: dict[int, list[TrustedOfficer]] = {}
    for (agency, person), ones in sorted(held.items()):
        if person in tokens:
            entry = TrustedOfficer(name=names[person], certificates=tuple(tokens[person]), posts=tuple(ones))
            found.setdefault(agency, []).append(entry)
    return found


def _while_in_post(power: Power, post: Officer) -> Power | None:
    since = max(power.since, _cut(post.appointed_at))
    until = min((end for end in (power.until, _cut_or_none(post.ended_at)) if end is not None), default=None)
    return Power(agreement=power.agreement, since=since, until=until) if until is None or since < until else None


def _power(row: Authorisation) -> Power:
    end = None if row.valid_until is None else _midnight(row.valid_until + timedelta(days=1)) - timedelta(seconds=1)
    return Power(agreement=row.agreement, since=_midnight(row.valid_from), until=end)


def _key(row: IssuerKey) -> TrustedKey:
    return TrustedKey(
        id=row.key_id,
        x=row.x,
        y=row.y,
        since=_cut(row.first_used_at),
        until=None,
        revoked_at=_cut_or_none(row.revoked_at),
        compromised=row.revoked_reason == COMPROMISED,
    )


def _seal(row: UsedSeal) -> TrustedCertificate:
    # A seal carries a time stamp that nobody else can date back, so what it sealed before still stands.
    return TrustedCertificate(sha256=row.sha256, since=_cut(row.first_used_at), until=_cut_or_none(row.revoked_at))


def _note_keys(purpose: str) -> tuple[TrustedNoteKey, ...]:
    return tuple(
        TrustedNoteKey(verifier_key=row.name, since=_cut(row.first_used_at), until=_note_key_ends(row))
        for row in RegisterKey.objects.filter(purpose=purpose).order_by("id")
    )


def _note_key_ends(row: RegisterKey) -> datetime | None:
    """Of a compromised key a period that ends before it begins: in this format the word for it."""
    if row.revoked_reason == COMPROMISED:
        return _cut(row.first_used_at) - timedelta(seconds=1)
    return min((_cut(end) for end in (row.ended_at, row.revoked_at) if end is not None), default=None)


def _by_office(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.office_id, []).append(row)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, INDIA).astimezone(UTC)


def _cut(moment: datetime) -> datetime:
    """Whole seconds: codes and time stamps know no smaller ones, so a period begins with the second in which it began."""
    return moment.replace(microsecond=0).astimezone(UTC)


def _cut_or_none(moment: datetime | None) -> datetime | None:
    return None if moment is None else _cut(moment)
