"""Tax places for branches that have none yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter, ExporterBranch
from udgam.flow.registration.places import (
    DetailsRefused,
    PlaceRefused,
    TaxPlace,
    check_place,
    firm_pan,
    places_of,
)
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit


def complete_branches(*, exporter_id: UUID, places: Mapping[str, TaxPlace], actor: Actor, now: datetime) -> int:
    """Give tax places to branches that have none. Branches that have one, or are not in the record, are left alone.

    A branch for which nothing was typed stays without one. Raises `DetailsRefused`; then nothing was changed.
    """
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(public_id=exporter_id)
        firm = queries.firm_record(exporter)
        pan = firm_pan(firm)
        missing = {
            row.code: row
            for row in ExporterBranch.objects.select_for_update().filter(
                exporter=exporter, removed_at__isnull=True, gstin="", is_sez=False
            )
        }
        refused: list[PlaceRefused] = []
        done: list[str] = []
        for place in places_of(firm):
            row, typed = missing.get(place.code), places.get(place.code, TaxPlace())
            if row is None or not (typed.gstin.strip() or typed.is_sez):
                continue
            outcome = check_place(place, typed, pan=pan)
            if isinstance(outcome, PlaceRefused):
                refused.append(outcome)
                continue
            row.gstin, row.is_sez, row.sez_state_code = outcome.gstin, outcome.is_sez, outcome.sez_state
            row.save(update_fields=["gstin", "is_sez", "sez_state_code"])
            done.append(place.code)
        if refused:
            raise DetailsRefused(tuple(refused))
        if done:
            audit(
                act="exporter.branches_completed",
                subject=f"exporter:{exporter.public_id}",
                actor=actor,
                now=now,
                details={"branches": done},
            )
    return len(done)
