"""What administrators do: agencies, offices, officers, their tokens. Each act is recorded with the change."""

from __future__ import annotations

from datetime import date, datetime

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate
from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.services import create_person, enrol_token, issue_one_time_password
from udgam.parties.agencies.models import Agency, Authorisation, NamedException, Office, Officer, WaitingToken
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.rules.binding import CertificateFacts, Decision
from udgam.rules.numbers import indian_date


@transaction.atomic
def create_agency(
    *, code: str, name: str, registered_name: str, actor: Actor, now: datetime, name_hindi: str = ""
) -> Agency:
    """Admit an agency. Its code stands in every application number, so it never changes."""
    if Agency.objects.filter(code=code).exists():
        raise AgencyRefused("agency.code_taken")
    agency = Agency.objects.create(
        code=code, name=name, name_hindi=name_hindi, registered_name=registered_name, created_at=now
    )
    record(act="agency.created", subject=f"agency:{agency.code}", actor=actor, now=now, details={"name": name})
    return agency


@transaction.atomic
def create_office(
    *,
    agency: Agency,
    code: str,
    name: str,
    address: str,
    actor: Actor,
    now: datetime,
    name_hindi: str = "",
    seal_key: str = "",
) -> Office:
    """Open an office of an agency."""
    if Office.objects.filter(code=code).exists():
        raise AgencyRefused("office.code_taken")
    office = Office.objects.create(
        agency=agency, code=code, name=name, name_hindi=name_hindi, address=address, seal_key=seal_key
    )
    record(act="office.created", subject=f"office:{office.code}", actor=actor, now=now, details={"agency": agency.code})
    return office


@transaction.atomic
def authorise_office(
    *, office: Office, agreement: str, valid_from: date, actor: Actor, now: datetime, valid_until: date | None = None
) -> Authorisation:
    """Let an office issue under an arrangement from a day on (Indian dates)."""
    row = Authorisation.objects.create(
        office=office, agreement=agreement, valid_from=valid_from, valid_until=valid_until
    )
    details = {
        "agreement": agreement,
        "from": valid_from.isoformat(),
        "until": valid_until.isoformat() if valid_until else None,
    }
    record(act="office.authorised", subject=f"office:{office.code}", actor=actor, now=now, details=details)
    return row


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

    Raises `AccountRefused` if the user name is taken.
    """
    kind = Person.Kind.AGENCY_ADMIN if role == Officer.Role.ADMINISTRATOR else Person.Kind.OFFICER
    person = create_person(
        username=username, name=name, email=email, mobile=mobile, kind=kind, language="en", actor=actor, now=now
    )
    officer = Officer.objects.create(person=person, office=office, role=role, designation=designation, appointed_at=now)
    record(
        act="officer.appointed",
        subject=f"office:{office.code}",
        actor=actor,
        now=now,
        details={"officer": str(person.public_id), "role": role},
    )
    if with_password:
        issue_one_time_password(person=person, actor=actor, now=now)
    return officer


@transaction.atomic
def end_post(*, officer: Officer, actor: Actor, now: datetime) -> None:
    """End a post. What the officer signed stays valid; from now on the officer signs nothing more."""
    if Officer.objects.filter(id=officer.id, ended_at__isnull=True).update(ended_at=now) != 1:
        raise AgencyRefused("officer.ended_already")
    record(
        act="officer.ended",
        subject=f"office:{officer.office.code}",
        actor=actor,
        now=now,
        details={"officer": str(officer.person.public_id)},
    )


@transaction.atomic
def offer_token(
    *,
    officer: Officer,
    certificate: Certificate,
    facts: CertificateFacts,
    decision: Decision,
    actor: Actor,
    now: datetime,
) -> WaitingToken:
    """Keep a token that an officer presented until the agency's administrator has confirmed it."""
    waiting, created = WaitingToken.objects.get_or_create(
        officer=officer,
        sha256=facts.sha256,
        state=WaitingToken.State.WAITING,
        defaults={
            "certificate": certificate.public_bytes(Encoding.DER),
            "holder": facts.holder,
            "organisation": facts.organisation or "",
            "issuer": facts.issuer,
            "valid_until": facts.not_after,
            "decision": decision.to_json(),
            "offered_at": now,
        },
    )
    if created:
        record(
            act="officer.token_offered",
            subject=f"office:{officer.office.code}",
            actor=actor,
            now=now,
            details={"officer": str(officer.person.public_id), "certificate": facts.sha256},
        )
    return waiting


def _decide(waiting: WaitingToken, state: str, actor: Actor, now: datetime) -> None:
    changed = WaitingToken.objects.filter(id=waiting.id, state=WaitingToken.State.WAITING).update(
        state=state, decided_at=now, decided_by=actor.id
    )
    if changed != 1:
        raise AgencyRefused("token.decided_already")
    act = "officer.token_confirmed" if state == WaitingToken.State.CONFIRMED else "officer.token_rejected"
    details = {"officer": str(waiting.officer.person.public_id), "certificate": waiting.sha256}
    record(act=act, subject=f"office:{waiting.officer.office.code}", actor=actor, now=now, details=details)


@transaction.atomic
def confirm_token(*, waiting: WaitingToken, actor: Actor, now: datetime) -> None:
    """Enrol a waiting token: from now on the officer signs in and certifies with it."""
    _decide(waiting, WaitingToken.State.CONFIRMED, actor, now)
    certificate = load_der_x509_certificate(bytes(waiting.certificate))
    enrol_token(person=waiting.officer.person, certificate=certificate, actor=actor, now=now)


@transaction.atomic
def reject_token(*, waiting: WaitingToken, actor: Actor, now: datetime) -> None:
    """Refuse a waiting token; the officer may present another."""
    _decide(waiting, WaitingToken.State.REJECTED, actor, now)


@transaction.atomic
def name_exception(*, agency: Agency, organisation: str, reason: str, actor: Actor, now: datetime) -> NamedException:
    """Accept another organisation's name in the certificates of this agency's officers, with the reason."""
    row = NamedException.objects.create(
        agency=agency, organisation=organisation, reason=reason, decided_by=actor.id, decided_at=now
    )
    record(
        act="agency.exception_named", subject=f"agency:{agency.code}", actor=actor, now=now, details={"reason": reason}
    )
    return row


@transaction.atomic
def suspend_agency(*, agency: Agency, suspended: bool, actor: Actor, now: datetime) -> None:
    """Suspend an agency or reinstate it. Earlier certificates stay verifiable."""
    Agency.objects.filter(id=agency.id).update(is_suspended=suspended)
    act = "agency.suspended" if suspended else "agency.reinstated"
    record(act=act, subject=f"agency:{agency.code}", actor=actor, now=now)


@transaction.atomic
def admit_agency(*, values: dict[str, str], agreement: str, actor: Actor, now: datetime) -> Agency:
    """Admit an agency with its first office and its administrator, who receives a one-time password by mail.

    Raises `AgencyRefused` or `AccountRefused` when code or user name is taken; then nothing was made.
    """
    agency = create_agency(
        code=values["code"], name=values["name"], registered_name=values["registered_name"], actor=actor, now=now
    )
    office = create_office(
        agency=agency,
        code=f"{agency.code}-1",
        name=values["office_name"],
        address=values["office_address"],
        actor=actor,
        now=now,
    )
    authorise_office(office=office, agreement=agreement, valid_from=indian_date(now), actor=actor, now=now)
    appoint_officer(
        office=office,
        role=Officer.Role.ADMINISTRATOR,
        username=values["administrator_username"],
        name=values["administrator_name"],
        designation="Administrator",
        email=values["administrator_email"],
        actor=actor,
        now=now,
    )
    return agency
