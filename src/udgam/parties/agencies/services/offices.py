"""Offices open, are authorised to issue, close, and open again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.agencies.models import Agency, Authorisation, Office
from udgam.parties.agencies.refusals import AgencyRefused


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
    """Open an office of an agency. Raises `AgencyRefused` ("office.code_taken")."""
    try:
        with transaction.atomic():
            office = Office.objects.create(
                agency=agency, code=code, name=name, name_hindi=name_hindi, address=address, seal_key=seal_key
            )
    except IntegrityError as error:
        raise AgencyRefused("office.code_taken", code=code) from error
    record(act="office.created", subject=f"office:{office.code}", actor=actor, now=now, details={"agency": agency.code})
    return office


@transaction.atomic
def authorise_office(
    *, office: Office, agreement: str, valid_from: date, actor: Actor, now: datetime, valid_until: date | None = None
) -> Authorisation:
    """Let an office issue under an arrangement from a day on (Indian dates, both included)."""
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
def close_office(*, office: Office, actor: Actor, now: datetime) -> None:
    """Close an office to new applications. Its officers finish what was submitted to it before.

    Raises `AgencyRefused` ("office.closed_already").
    """
    _set_open(office, False, "office.closed_already")
    record(act="office.closed", subject=f"office:{office.code}", actor=actor, now=now)


@transaction.atomic
def open_office_again(*, office: Office, actor: Actor, now: datetime) -> None:
    """Let a closed office take applications again. Raises `AgencyRefused` ("office.open_already")."""
    _set_open(office, True, "office.open_already")
    record(act="office.opened_again", subject=f"office:{office.code}", actor=actor, now=now)


def _set_open(office: Office, is_open: bool, refusal: str) -> None:
    if Office.objects.filter(id=office.id, is_open=not is_open).update(is_open=is_open) != 1:
        raise AgencyRefused(refusal)
    office.is_open = is_open


@transaction.atomic
def name_seal_key(*, office: Office, address: str, sha256: str, actor: Actor, now: datetime) -> None:
    """Name the key that seals for an office; empty: the key of the installation. Whoever calls has tried it.

    ``sha256`` names its certificate in the record, which never holds the address. Raises `AgencyRefused` ("office.seal_unchanged").
    """
    if Office.objects.filter(id=office.id).exclude(seal_key=address).update(seal_key=address) != 1:
        raise AgencyRefused("office.seal_unchanged")
    office.seal_key = address
    record(act="office.seal_named", subject=f"office:{office.code}", actor=actor, now=now, details={"sha256": sha256})
