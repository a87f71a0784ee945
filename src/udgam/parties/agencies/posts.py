"""In which post somebody can act on a day. Every page of an officer and every signature of a certificate asks, so it is one statement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from udgam.ground.pages.languages import in_language
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Leave, Officer
from udgam.parties.agencies.queries import agreements_of, leaves_covered
from udgam.rules.numbers import indian_date

_OWN = """
SELECT officer.id, officer.role, officer.designation, officer.appointed_at, officer.suspended_at IS NOT NULL,
  office.id, office.code, office.name, office.name_hindi, office.is_suspended,
  agency.id, agency.code, agency.name, agency.name_hindi, agency.registered_name, agency.is_suspended,
  ARRAY(SELECT agreement FROM agencies_authorisation
    WHERE office_id = office.id AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)),
  EXISTS(SELECT FROM agencies_leave
    WHERE officer_id = officer.id AND cancelled_at IS NULL AND since <= %(on)s AND until >= %(on)s)
FROM agencies_officer officer
JOIN agencies_office office ON office.id = officer.office_id
JOIN agencies_agency agency ON agency.id = office.agency_id
WHERE officer.person_id = %(person)s AND officer.ended_at IS NULL
"""


@dataclass(frozen=True, kw_only=True)
class Post:
    """Where a person works and in which role, as far as other rooms need it."""

    officer_id: int
    person_id: int
    person_public_id: str
    name: str
    designation: str
    role: str
    office_id: int
    office_code: str
    office_name: str
    agency_id: int
    agency_code: str
    agency_name: str
    agency_registered_name: str
    agency_is_suspended: bool
    since: date
    agreements: frozenset[str]
    until: date | None = None
    office_is_suspended: bool = False
    is_suspended: bool = False
    is_on_leave: bool = False
    # The officer for whom this post is held for some days; None for the person's own.
    stands_in_for: str | None = None

    @property
    def is_held_up(self) -> bool:
        return self.agency_is_suspended or self.office_is_suspended or self.is_suspended or self.is_on_leave

    @property
    def may_decide(self) -> bool:
        return self.role in {Officer.Role.EXAMINER, Officer.Role.SIGNATORY} and not self.is_held_up

    @property
    def may_sign(self) -> bool:
        return self.role == Officer.Role.SIGNATORY and not self.is_held_up


def post_of(person: Person, on: date) -> Post | None:
    """The current post of a person, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"person": person.pk, "on": on})
        found = cursor.fetchone()
    if found is None:
        return None
    officer_id, role, designation, appointed_at, is_suspended, *place = found
    office_id, office_code, office_name, office_hindi, office_is_suspended, *place = place
    agency_id, agency_code, agency_name, agency_hindi, registered_name, agency_is_suspended, agreements, is_away = place
    return Post(
        officer_id=officer_id,
        person_id=person.pk,
        person_public_id=str(person.public_id),
        name=person.name,
        designation=designation,
        role=role,
        office_id=office_id,
        office_code=office_code,
        office_name=in_language(office_name, office_hindi),
        agency_id=agency_id,
        agency_code=agency_code,
        agency_name=in_language(agency_name, agency_hindi),
        agency_registered_name=registered_name,
        agency_is_suspended=agency_is_suspended,
        since=indian_date(appointed_at),
        agreements=frozenset(agreements),
        office_is_suspended=office_is_suspended,
        is_suspended=is_suspended,
        is_on_leave=is_away,
    )


def post_in(person: Person, office_id: int | None, on: date) -> Post | None:
    """The post in which a person can act for an office on a day: the own one, or that of a colleague on leave.

    Somebody who has a post but none for this office is answered with the own one, so that the rules can say what is wrong.
    """
    own = post_of(person, on)
    if own is not None and own.office_id != office_id:
        for leave in leaves_covered(own.officer_id, own.agency_id, on):
            if leave.officer.office_id == office_id:
                return _held_for(own, leave, on)
    return own


def posts_on(person: Person, on: date) -> list[Post]:
    """Every post in which a person can act on a day, the own one first."""
    own = post_of(person, on)
    if own is None:
        return []
    covered = {leave.officer.office_id: leave for leave in leaves_covered(own.officer_id, own.agency_id, on)}
    return [own, *(_held_for(own, leave, on) for key, leave in covered.items() if key != own.office_id)]


def _held_for(own: Post, leave: Leave, on: date) -> Post:
    """The post of a colleague on leave, held with the lesser of both duties. Both are of one agency."""
    absent = leave.officer
    return replace(
        own,
        role=Officer.Role.EXAMINER if Officer.Role.EXAMINER in {own.role, absent.role} else own.role,
        office_id=absent.office_id,
        office_code=absent.office.code,
        office_name=absent.office.shown_name,
        office_is_suspended=absent.office.is_suspended,
        agreements=agreements_of(absent.office_id, on),
        since=leave.since,
        until=leave.until,
        stands_in_for=absent.person.name,
    )
