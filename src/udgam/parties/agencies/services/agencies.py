"""Agencies are admitted, suspended and reinstated; other names of theirs are accepted in officers' certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks import defer
from udgam.parties.agencies.models import Agency, NamedException, Office, Officer
from udgam.parties.agencies.queries import administrators_of
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.offices import authorise_office, create_office
from udgam.parties.agencies.services.posts import appoint_officer
from udgam.parties.agencies.services.telling import tell
from udgam.rules.binding import names_agree
from udgam.rules.numbers import indian_date


@transaction.atomic
def create_agency(
    *, code: str, name: str, registered_name: str, actor: Actor, now: datetime, name_hindi: str = ""
) -> Agency:
    """Admit an agency. Its code stands in every application number, so it never changes.

    Raises `AgencyRefused` ("agency.code_taken"), also when two come at the same moment.
    """
    try:
        with transaction.atomic():
            agency = Agency.objects.create(
                code=code, name=name, name_hindi=name_hindi, registered_name=registered_name, created_at=now
            )
    except IntegrityError as error:
        raise AgencyRefused("agency.code_taken", code=code) from error
    record(act="agency.created", subject=f"agency:{agency.code}", actor=actor, now=now, details={"name": name})
    return agency


@transaction.atomic
def admit_agency(*, values: Mapping[str, str], agreements: Sequence[str], actor: Actor, now: datetime) -> Agency:
    """Admit an agency with its first office and its administrator, who receives a one-time password by mail.

    Raises `AgencyRefused` or `AccountRefused` when code or user name is taken; then nothing was made.
    """
    agency = create_agency(
        code=values["code"],
        name=values["name"],
        name_hindi=values.get("name_hindi", ""),
        registered_name=values["registered_name"],
        actor=actor,
        now=now,
    )
    office = add_office(
        agency=agency,
        name=values["office_name"],
        name_hindi=values.get("office_name_hindi", ""),
        address=values["office_address"],
        agreements=agreements,
        actor=actor,
        now=now,
    )
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


@transaction.atomic
def add_office(
    *,
    agency: Agency,
    name: str,
    address: str,
    agreements: Sequence[str],
    actor: Actor,
    now: datetime,
    name_hindi: str = "",
) -> Office:
    """Open one more office of an agency and let it issue under these arrangements from today on."""
    # Two offices opened at once must not be given the same code.
    Agency.objects.select_for_update().get(id=agency.id)
    number = Office.objects.filter(agency=agency).count() + 1
    office = create_office(
        agency=agency,
        code=f"{agency.code}-{number}",
        name=name,
        name_hindi=name_hindi,
        address=address,
        actor=actor,
        now=now,
    )
    for agreement in dict.fromkeys(agreements):
        authorise_office(office=office, agreement=agreement, valid_from=indian_date(now), actor=actor, now=now)
    return office


@transaction.atomic
def suspend_agency(*, agency: Agency, suspended: bool, actor: Actor, now: datetime) -> None:
    """Suspend an agency or reinstate it. Earlier certificates stay verifiable; its administrators are told.

    What its officers have taken up goes back to the queue, so that the exporters can withdraw it and apply elsewhere.

    Raises `AgencyRefused` when it stands so already.
    """
    changed = Agency.objects.filter(id=agency.id, is_suspended=not suspended).update(is_suspended=suspended)
    if changed != 1:
        raise AgencyRefused("agency.suspended_already" if suspended else "agency.active_already")
    agency.is_suspended = suspended
    subject = f"agency:{agency.code}"
    record(act="agency.suspended" if suspended else "agency.reinstated", subject=subject, actor=actor, now=now)
    if suspended:
        defer("examination.release_agency", agency=agency.id)
    people = [post.person for post in administrators_of(agency.id)]
    tell(people=people, template="suspended" if suspended else "reinstated", subject=subject, now=now, agency=agency)


@transaction.atomic
def name_exception(*, agency: Agency, organisation: str, reason: str, actor: Actor, now: datetime) -> NamedException:
    """Accept another organisation's name in the certificates of this agency's officers, with the reason.

    Raises `AgencyRefused` ("agency.exception_known") for a name that counts already.
    """
    Agency.objects.select_for_update().get(id=agency.id)
    known = [agency.registered_name, *agency.named_exceptions.values_list("organisation", flat=True)]
    if any(names_agree(organisation, name, "organisation") == "equal" for name in known):
        raise AgencyRefused("agency.exception_known")
    row = NamedException.objects.create(
        agency=agency, organisation=organisation, reason=reason, decided_by=actor.id, decided_at=now
    )
    details = {"organisation": organisation, "reason": reason}
    record(act="agency.exception_named", subject=f"agency:{agency.code}", actor=actor, now=now, details=details)
    return row
