"""A fee account as it stands after the agency proposed it and the platform confirmed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from udgam.ground.audit.actors import Actor
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.services import confirm_fee_account, propose_fee_account


def set_fee_account(*, actor: Actor, now: datetime, **values: Any) -> Agency:
    """Propose and confirm, with the papers compared."""
    change = propose_fee_account(actor=actor, now=now, **values)
    return confirm_fee_account(change=change, compared=True, actor=actor, now=now)
