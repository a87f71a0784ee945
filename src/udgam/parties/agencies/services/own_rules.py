"""What an agency decides for itself: how fast it answers, when two people must act, how its offices count certificates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.agencies.models import Agency, NumberSeries, Office
from udgam.parties.agencies.refusals import AgencyRefused


@transaction.atomic
def set_own_rules(
    *,
    agency: Agency,
    decision_hours: int,
    two_people_always: bool,
    two_people_from_inr: Decimal | None,
    two_people_from_level: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Say how long a decision may take, and when somebody else than the officer who approved must sign.

    Counts for what is submitted and approved from now on.
    """
    values = {
        "decision_hours": decision_hours,
        "two_people_always": two_people_always,
        "two_people_from_inr": two_people_from_inr,
        "two_people_from_level": two_people_from_level,
    }
    Agency.objects.filter(id=agency.id).update(**values)
    details = {name: str(value) if value is not None else None for name, value in values.items()}
    record(act="agency.rules_set", subject=f"agency:{agency.code}", actor=actor, now=now, details=details)


@transaction.atomic
def open_number_series(*, office: Office, agreement: str, first: int, actor: Actor, now: datetime) -> NumberSeries:
    """Let an office count its certificates by itself from now on, beginning with a number; "" for all its arrangements.

    A series is never changed or closed: its numbers stand on certificates. Raises `AgencyRefused` ("office.series_exists").
    """
    try:
        with transaction.atomic():
            row = NumberSeries.objects.create(office=office, agreement=agreement, first=first, decided_at=now)
    except IntegrityError as error:
        raise AgencyRefused("office.series_exists") from error
    details = {"agreement": agreement or None, "first": first}
    record(act="office.series_opened", subject=f"office:{office.code}", actor=actor, now=now, details=details)
    return row
