"""Put the fictional agency, its offices and officers, and the administrator into the database, through the services.

Exporters are not put there: they register, as anybody would.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction

from udgam.ground.audit.actors import Actor, SystemActor
from udgam.ground.reference.rate_files import ReadRate
from udgam.ground.reference.services import import_rates
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.queries import person_by_username
from udgam.parties.accounts.services import change_password, create_person, enrol_token
from udgam.parties.agencies.models import Agency, Office, Officer
from udgam.parties.agencies.queries import fee_account_waiting_for, published_agencies
from udgam.parties.agencies.services import (
    appoint_officer,
    authorise_office,
    confirm_fee_account,
    create_agency,
    create_office,
    propose_fee_account,
    set_region,
)
from udgam.rules.agreements import agreement_codes, load_agreement
from udgam.rules.numbers import indian_date
from udgam.sandbox import authority
from udgam.sandbox.cast import AGENCY, PEOPLE
from udgam.sandbox.cast import Person as CastPerson
from udgam.sandbox.cast.passwords import password_of, username_of

POSTS: dict[str, tuple[str, str]] = {
    "officer": (Officer.Role.SIGNATORY, "Assistant Director"),
    "second-officer": (Officer.Role.SIGNATORY, "Deputy Director"),
    "agency-admin": (Officer.Role.ADMINISTRATOR, "Administrator"),
}
ACTOR: Actor = SystemActor("sandbox.populate")


def _make_offices(agency: Agency, seals: Path, now: datetime) -> dict[str, Office]:
    offices = {}
    for row in AGENCY.offices:
        office = create_office(
            agency=agency,
            code=f"{AGENCY.code}-{row.code}",
            name=row.name,
            name_hindi=row.name_hi,
            address="\n".join(part for part in (row.line1, row.line2, f"{row.city} {row.pin}", row.state) if part),
            seal_key=f"file:{seals / row.seal}.p12",
            actor=ACTOR,
            now=now,
        )
        for code in agreement_codes():
            if load_agreement(code).issued:
                authorise_office(office=office, agreement=code, valid_from=date(2026, 1, 1), actor=ACTOR, now=now)
        offices[row.code] = office
    # The local office belongs to the regional one.
    regional, *local = offices.values()
    for office in local:
        set_region(office=office, region=regional, actor=ACTOR, now=now)
    return offices


def _ready(person: Person, member: CastPerson, folder: Path, now: datetime) -> None:
    """Enrol the member's token and set the printed password, as if the first sign-in were over."""
    token = authority.load_token(folder, member.token)
    enrol_token(person=person, certificate=token.certificate, actor=ACTOR, now=now)
    change_password(person=person, new_password=password_of(member.key), session_key="", actor=ACTOR, now=now)


# Currency, how many units, rupees.
RATES = (
    ("AED", 1, "23.10"), ("AUD", 1, "55.40"), ("CHF", 1, "104.60"), ("EUR", 1, "97.25"), ("GBP", 1, "112.80"),
    ("JPY", 100, "57.35"), ("KRW", 100, "6.12"), ("SGD", 1, "65.90"), ("USD", 1, "84.75"),
)  # fmt: skip


def give_fee_account(*, now: datetime) -> bool:
    """Say where the agency's fees go, unless somebody has; also in a sandbox that was made before there were fees."""
    agency = published_agencies().filter(code=AGENCY.code, gateway="").first()
    if agency is None or fee_account_waiting_for(agency) is not None:
        return False
    office = AGENCY.offices[0]
    change = propose_fee_account(
        agency=agency,
        state_code=AGENCY.state_code,
        pan=AGENCY.gstin[2:12],
        gstin=AGENCY.gstin,
        billing_address=f"{office.line1}, {office.line2}, {office.city} {office.pin}",
        gateway="sandbox",
        actor=ACTOR,
        now=now,
    )
    confirm_fee_account(change=change, compared=True, actor=ACTOR, now=now)
    return True


def give_rates(*, now: datetime) -> None:
    """Currency rates that look like those of a fortnight; the figures are invented."""
    day = indian_date(now).replace(day=1) - timedelta(days=365)
    rates = [ReadRate(code, units, Decimal(rupees), day) for code, units, rupees in RATES]
    import_rates(rates=rates, source="Sandbox rates, invented", actor=ACTOR, now=now)


def populate(*, now: datetime, folder: Path | None = None) -> bool:
    """Create the agency, its offices and the people who are there from the start. False if they are there already."""
    folder = folder or Path(settings.VAR) / "sandbox"
    if published_agencies().filter(code=AGENCY.code).exists() or person_by_username(username_of("administrator")):
        return False
    with transaction.atomic():
        agency = create_agency(
            code=AGENCY.code,
            name=AGENCY.name,
            name_hindi=AGENCY.name_hi,
            registered_name=AGENCY.registered_name,
            actor=ACTOR,
            now=now,
        )
        give_fee_account(now=now)
        give_rates(now=now)
        offices = _make_offices(agency, folder / "seals", now)
        for key, (role, designation) in POSTS.items():
            member = PEOPLE[key]
            officer = appoint_officer(
                office=offices[member.office or AGENCY.offices[0].code],
                role=role,
                username=username_of(key),
                name=member.name,
                designation=designation,
                email=member.email,
                mobile=member.mobile,
                with_password=False,
                actor=ACTOR,
                now=now,
            )
            _ready(officer.person, member, folder, now)
        member = PEOPLE["administrator"]
        person = create_person(
            username=username_of("administrator"),
            name=member.name,
            email=member.email,
            mobile=member.mobile,
            kind=Person.Kind.ADMINISTRATOR,
            language="en",
            actor=ACTOR,
            now=now,
        )
        _ready(person, member, folder, now)
    return True
