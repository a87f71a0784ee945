"""How agencies and offices are called on pages and in mails in Hindi. The platform says it, as it gives the English names (ADR 0058)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.agencies.models import Agency, Office
from udgam.parties.agencies.queries import administrators_of
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.telling import tell


@transaction.atomic
def name_agency_in_hindi(*, agency: Agency, name_hindi: str, actor: Actor, now: datetime) -> None:
    """Say how an agency is called in Hindi; empty means by its English name. Its administrators are told.

    Raises `AgencyRefused` ("agency.hindi_unchanged").
    """
    row = Agency.objects.select_for_update().get(id=agency.id)
    details = _rename(row, name_hindi, "agency.hindi_unchanged")
    subject = f"agency:{row.code}"
    record(act="agency.hindi_named", subject=subject, actor=actor, now=now, details=details)
    _tell(row.id, row.name, subject, details, now)


@transaction.atomic
def name_office_in_hindi(*, office: Office, name_hindi: str, actor: Actor, now: datetime) -> None:
    """Say how an office is called in Hindi; empty means by its English name. Its agency's administrators are told.

    Raises `AgencyRefused` ("office.hindi_unchanged").
    """
    row = Office.objects.select_for_update().get(id=office.id)
    details = _rename(row, name_hindi, "office.hindi_unchanged")
    subject = f"office:{row.code}"
    record(act="office.hindi_named", subject=subject, actor=actor, now=now, details=details)
    _tell(row.agency_id, row.name, subject, details, now)


def _rename(row: Agency | Office, name_hindi: str, refusal: str) -> dict[str, str]:
    before = row.name_hindi
    if before == name_hindi:
        raise AgencyRefused(refusal)
    row.name_hindi = name_hindi
    row.save(update_fields=["name_hindi"])
    return {"hindi": name_hindi, "before": before}


def _tell(agency_id: int, english: str, subject: str, details: dict[str, str], now: datetime) -> None:
    people = [post.person for post in administrators_of(agency_id)]
    tell(people=people, template="hindi_named", subject=subject, now=now, english=english, hindi=details["hindi"])
