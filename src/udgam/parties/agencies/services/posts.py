"""People are given posts, and posts end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks import defer
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.services import create_person, end_all_sessions, issue_one_time_password
from udgam.parties.agencies.models import Agency, Office, Officer, WaitingToken
from udgam.parties.agencies.queries import administrators_of, former_officer
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.telling import tell


@transaction.atomic
def appoint_officer(
    *,
    office: Office,
    role: str,
    username: str,
    name: str,
    designation: str,
    email: str,
    actor: Actor,
    now: datetime,
    mobile: str = "",
    with_password: bool = True,
) -> Officer:
    """Give a person a post: the account is made, and a one-time password goes to the address by mail (`with_password`).

    Somebody whose post in the same agency has ended is known by the user name: the account stays as it is, with its own name,
    address, password and token, and only the post is new. Raises `AccountRefused` if the user name is somebody else's.
    """
    kind = Person.Kind.AGENCY_ADMIN if role == Officer.Role.ADMINISTRATOR else Person.Kind.OFFICER
    person = former_officer(username, agency_id=office.agency_id, kind=kind)
    if person is not None:
        # Who erases the account, or is given a post elsewhere, at this moment: they first, and then it is looked at again.
        Person.objects.select_for_update().get(pk=person.pk)
        person = former_officer(username, agency_id=office.agency_id, kind=kind)
    is_new = person is None
    if person is None:
        person = create_person(
            username=username, name=name, email=email, mobile=mobile, kind=kind, language="en", actor=actor, now=now
        )
    officer = Officer.objects.create(person=person, office=office, role=role, designation=designation, appointed_at=now)
    subject = f"office:{office.code}"
    details = {"officer": str(person.public_id), "role": role}
    record(act="officer.appointed", subject=subject, actor=actor, now=now, details=details)
    if not is_new:
        tell(people=[person], template="appointed_again", subject=subject, now=now, office=office)
    elif with_password:
        issue_one_time_password(person=person, actor=actor, now=now)
    return officer


@transaction.atomic
def end_post(*, officer: Officer, actor: Actor, now: datetime) -> None:
    """End a post. What the officer signed stays valid; from now on the officer signs nothing more.

    Tokens of the officer that still wait are rejected. Raises `AgencyRefused` ("officer.ended_already",
    "officer.last_administrator").
    """
    agency = officer.office.agency
    if officer.role == Officer.Role.ADMINISTRATOR:
        # Two administrators who end each other's post at once must not leave the agency without one.
        Agency.objects.select_for_update().get(id=agency.id)
        if not administrators_of(agency.id).filter(suspended_at__isnull=True).exclude(id=officer.id).exists():
            raise AgencyRefused("officer.last_administrator")
    if Officer.objects.filter(id=officer.id, ended_at__isnull=True).update(ended_at=now) != 1:
        raise AgencyRefused("officer.ended_already")
    defer("examination.release_officer", person=officer.person_id)
    WaitingToken.objects.filter(officer=officer, state=WaitingToken.State.WAITING).update(
        state=WaitingToken.State.REJECTED, decided_at=now, decided_by=actor.id
    )
    subject = f"office:{officer.office.code}"
    record(
        act="officer.ended", subject=subject, actor=actor, now=now, details={"officer": str(officer.person.public_id)}
    )
    tell(people=[officer.person], template="post_ended", subject=subject, now=now, office=officer.office)


@transaction.atomic
def suspend_officer(*, officer: Officer, suspended: bool, actor: Actor, now: datetime) -> None:
    """Suspend a post at once, or reinstate it. What the officer has taken up goes back to the queue; what was signed stays valid.

    Raises `AgencyRefused` ("officer.suspended_already", "officer.active_already", "officer.last_administrator").
    """
    agency = officer.office.agency
    if suspended and officer.role == Officer.Role.ADMINISTRATOR:
        # As with ending a post: two at once must not leave the agency without an administrator.
        Agency.objects.select_for_update().get(id=agency.id)
        if not administrators_of(agency.id).filter(suspended_at__isnull=True).exclude(id=officer.id).exists():
            raise AgencyRefused("officer.last_administrator")
    rows = Officer.objects.filter(id=officer.id, ended_at__isnull=True, suspended_at__isnull=suspended)
    if rows.update(suspended_at=now if suspended else None) != 1:
        raise AgencyRefused("officer.suspended_already" if suspended else "officer.active_already")
    subject = f"office:{officer.office.code}"
    record(
        act="officer.suspended" if suspended else "officer.reinstated",
        subject=subject,
        actor=actor,
        now=now,
        details={"officer": str(officer.person.public_id)},
    )
    if suspended:
        if officer.role == Officer.Role.ADMINISTRATOR:
            end_all_sessions(person=officer.person)
        defer("examination.release_officer", person=officer.person_id)
    template = "post_suspended" if suspended else "post_reinstated"
    tell(people=[officer.person], template=template, subject=subject, now=now, office=officer.office)
