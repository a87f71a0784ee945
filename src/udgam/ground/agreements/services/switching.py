"""An arrangement is switched on or off."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from udgam.ground.agreements.models import AgreementSwitch
from udgam.ground.agreements.queries import agreement_state_on
from udgam.ground.agreements.refusals import AgreementsRefused
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.rules.numbers import indian_date


@transaction.atomic
def switch_agreement(*, code: str, on: bool, reason: str, actor: Actor, now: datetime) -> AgreementSwitch:
    """Switch an arrangement on or off from now on, with the reason. What was issued before stays as it is.

    Raises `AgreementsRefused`: it stands so already, bodies in India do not issue under it, or what a certificate needs
    ("form", "criteria", "partners", "fee") is not known; `AgreementRefused` for an unknown code.
    """
    one_at_a_time(code=code)
    state = agreement_state_on(code, indian_date(now))
    if on and not state.agreement.issued:
        raise AgreementsRefused("agreements.not_issued")
    if on and state.wants:
        raise AgreementsRefused("agreements.not_ready", wants=", ".join(state.wants))
    if state.is_open == on:
        raise AgreementsRefused("agreements.on_already" if on else "agreements.off_already")
    row = AgreementSwitch.objects.create(code=code, is_on=on, reason=reason, decided_at=now, decided_by=actor.id)
    record(
        act="agreement.switched_on" if on else "agreement.switched_off",
        subject=f"agreement:{code}",
        actor=actor,
        now=now,
        details={"reason": reason},
    )
    return row


def one_at_a_time(*, code: str) -> None:
    """Wait until no other decision about the arrangement is under way; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"agreement {code}"])
