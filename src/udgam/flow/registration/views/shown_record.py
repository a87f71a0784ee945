"""A firm's record in the shape in which pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter
from udgam.rules.firm import Address, FirmRecord
from udgam.rules.identifiers import STATES
from udgam.rules.reasons import word


def record_context(firm: FirmRecord) -> dict[str, Any]:
    """The record and the translated words for its values."""
    return {
        "firm": firm,
        "constitution": _(word(firm.constitution)),
        "status": capfirst(_(word(firm.status))),
        "people": [{"person": person, "role": _(word(person.role))} for person in firm.people],
    }


@dataclass(frozen=True)
class ShownBranch:
    """A branch as a table shows it."""

    code: str
    address: str
    gstin: str
    sez_state: str


def shown_branches(exporter: Exporter) -> list[ShownBranch]:
    """The present branches with their tax places, the State in the reader's language."""
    language = 1 if (get_language() or "en").startswith("hi") else 0
    rows = []
    for row in queries.branches_of(exporter):
        state = STATES[row.sez_state_code][language] if row.sez_state_code in STATES else row.sez_state_code
        rows.append(ShownBranch(row.code, str(Address(**row.address)), row.gstin, state))
    return rows
