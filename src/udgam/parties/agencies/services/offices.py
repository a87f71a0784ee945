"""Offices open, are authorised to issue, close, and open again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks import defer
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
def set_region(*, office: Office, region: Office | None, actor: Actor, now: datetime) -> None:
    """Let an office belong to a regional office of its agency, or to none. Two tiers, no more.

    Raises `AgencyRefused` ("office.region_unfit", "office.region_unchanged").
    """
    # Two offices must not be put under each other at once.
    Agency.objects.select_for_update().get(id=office.agency_id)
    if region is not None:
        is_fit = Office.objects.filter(id=region.id, agency=office.agency_id, region__isnull=True).exclude(id=office.id)
        if not is_fit.exists() or office.local_offices.exists():
            raise AgencyRefused("office.region_unfit")
    changed = (
        Office.objects.filter(id=office.id)
        .exclude(Q(region=region) if region else Q(region__isnull=True))
        .update(region=region)
    )
    if changed != 1:
        raise AgencyRefused("office.region_unchanged")
    record(
        act="office.region_set",
        subject=f"office:{office.code}",
        actor=actor,
        now=now,
        details={"region": region.code if region else None},
    )


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
def end_authorisation(*, authorisation: Authorisation, last_day: date, actor: Actor, now: datetime) -> None:
    """Let an office issue under an arrangement up to a day and no longer. Certificates issued until then stay as they are.

    Raises `AgencyRefused` ("office.authorisation_ended") for one that ended before, or a day before it began.
    """
    rows = Authorisation.objects.filter(id=authorisation.id, valid_from__lte=last_day)
    open_ended = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=last_day))
    if open_ended.update(valid_until=last_day) != 1:
        raise AgencyRefused("office.authorisation_ended")
    details = {"agreement": authorisation.agreement, "until": last_day.isoformat()}
    subject = f"office:{authorisation.office.code}"
    record(act="office.authorisation_ended", subject=subject, actor=actor, now=now, details=details)


@transaction.atomic
def suspend_office(*, office: Office, suspended: bool, to: Office | None, actor: Actor, now: datetime) -> None:
    """Suspend an office at once, or reinstate it. With `to` its open work moves there, as far as that office may issue it.

    Certificates it has issued stay verifiable. Raises `AgencyRefused` ("office.suspended_already", "office.active_already",
    "office.cannot_take_over").
    """
    if to is not None and (to.id == office.id or to.agency_id != office.agency_id or to.is_suspended or not to.is_open):
        raise AgencyRefused("office.cannot_take_over")
    if Office.objects.filter(id=office.id, is_suspended=not suspended).update(is_suspended=suspended) != 1:
        raise AgencyRefused("office.suspended_already" if suspended else "office.active_already")
    office.is_suspended = suspended
    details = {"work_moves_to": to.code if to else None} if suspended else {}
    record(
        act="office.suspended" if suspended else "office.reinstated",
        subject=f"office:{office.code}",
        actor=actor,
        now=now,
        details=details,
    )
    if suspended and to is not None:
        defer("examination.move_office", office=office.id, to=to.id)


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


@transaction.atomic
def note_seal_refused(*, office: Office, reason: str, actor: Actor, now: datetime) -> None:
    """Put on record that somebody named a key that was refused; the reason's code alone, never the address."""
    record(act="office.seal_refused", subject=f"office:{office.code}", actor=actor, now=now, details={"reason": reason})
