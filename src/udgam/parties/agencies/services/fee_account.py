"""Where an agency's fees go: its State, its GSTIN, the address on its receipts, its account with a payment gateway.

The agency proposes, the platform confirms. Until then fees go where the last confirmed account says, or nowhere where there is none.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.connectors.payment_gateways import account_names
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, FeeAccountChange
from udgam.parties.agencies.queries import administrators_of, platform_administrators
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.telling import tell
from udgam.rules.identifiers import check_gstin, parse_pan
from udgam.rules.identifiers.states import STATES_TO_CHOOSE

FEE_ACCOUNT_FIELDS = ("state_code", "pan", "gstin", "billing_address", "gateway")


@transaction.atomic
def propose_fee_account(
    *,
    agency: Agency,
    state_code: str,
    gstin: str,
    billing_address: str,
    gateway: str,
    actor: Actor,
    now: datetime,
    pan: str = "",
) -> FeeAccountChange:
    """Ask the platform to let the agency's fees go there; what waited before is replaced. Nothing else changes yet.

    ``gateway`` is the name of a payment account that the settings give to this agency, or empty; without ``pan`` that of the last
    confirmed account stays. Raises ``IdentifierRefused`` for a PAN or GSTIN that is none and for a GSTIN of another State or PAN,
    `AgencyRefused` ("agency.account_not_own", "agency.fee_account_unchanged"), ``ValueError`` for a State that is none.
    """
    if state_code not in STATES_TO_CHOOSE:
        raise ValueError(f"{state_code!r} is not the code of a State")
    if gateway and gateway not in account_names(agency.code):
        raise AgencyRefused("agency.account_not_own")
    row = Agency.objects.select_for_update().get(id=agency.id)
    stated = parse_pan(pan).value if pan.strip() else row.pan
    number = check_gstin(gstin, pan=stated or None, state_code=state_code).value if gstin else ""
    change = FeeAccountChange(
        agency=row,
        state_code=state_code,
        pan=stated,
        gstin=number,
        billing_address=billing_address.strip(),
        gateway=gateway,
        proposed_by=actor.id,
        proposed_at=now,
    )
    if all(getattr(change, name) == getattr(row, name) for name in FEE_ACCOUNT_FIELDS):
        raise AgencyRefused("agency.fee_account_unchanged")
    waiting = FeeAccountChange.objects.filter(agency=row, state=FeeAccountChange.State.WAITING)
    waiting.update(state=FeeAccountChange.State.REPLACED, decided_by=actor.id, decided_at=now)
    change.save(force_insert=True)
    record(act="agency.fee_account_proposed", subject=_subject(change), actor=actor, now=now, details=_details(change))
    path = f"/agency/{row.pk}/fee-account/"
    people = list(platform_administrators())
    _tell(change, people, "fee_account_waits", now, path=path)
    return change


@transaction.atomic
def confirm_fee_account(*, change: FeeAccountChange, compared: bool, actor: Actor, now: datetime) -> Agency:
    """Let the agency's fees go there from now on. Receipts issued before keep what they say.

    ``compared`` says that the confirming person has compared the GSTIN with the agency's papers; it is needed wherever no confirmed
    PAN vouches for it (`needs_comparing`). Raises `AgencyRefused` ("agency.fee_account_decided", "agency.fee_account_own",
    "agency.gstin_not_compared", "agency.account_not_own"); then nothing was changed.
    """
    row = Agency.objects.select_for_update().get(id=change.agency_id)
    if actor.kind == "person" and actor.id == change.proposed_by:
        raise AgencyRefused("agency.fee_account_own")
    if needs_comparing(agency=row, change=change) and not compared:
        raise AgencyRefused("agency.gstin_not_compared")
    if change.gateway and change.gateway not in account_names(row.code):
        raise AgencyRefused("agency.account_not_own")
    _decide(change, FeeAccountChange.State.CONFIRMED, "", actor, now)
    for name in FEE_ACCOUNT_FIELDS:
        setattr(row, name, getattr(change, name))
    row.save(update_fields=FEE_ACCOUNT_FIELDS)
    record(
        act="agency.fee_account_set",
        subject=_subject(change),
        actor=actor,
        now=now,
        details=_details(change, compared=compared),
    )
    _tell(change, _people_of(row), "fee_account_confirmed", now)
    return row


@transaction.atomic
def reject_fee_account(*, change: FeeAccountChange, reason: str, actor: Actor, now: datetime) -> None:
    """Leave the agency's fees where they go. Raises `AgencyRefused` ("agency.fee_account_decided")."""
    _decide(change, FeeAccountChange.State.REJECTED, reason, actor, now)
    record(
        act="agency.fee_account_rejected",
        subject=_subject(change),
        actor=actor,
        now=now,
        details=_details(change, reason=reason),
    )
    _tell(change, _people_of(change.agency), "fee_account_rejected", now, reason=reason)


@transaction.atomic
def withdraw_fee_account(*, change: FeeAccountChange, actor: Actor, now: datetime) -> None:
    """The agency takes its proposal back. Raises `AgencyRefused` ("agency.fee_account_decided")."""
    _decide(change, FeeAccountChange.State.WITHDRAWN, "", actor, now)
    record(act="agency.fee_account_withdrawn", subject=_subject(change), actor=actor, now=now, details=_details(change))


def needs_comparing(*, agency: Agency, change: FeeAccountChange) -> bool:
    """Whether nothing that was confirmed before says that the GSTIN, or the PAN, is the agency's own."""
    if not change.gstin and not change.pan:
        return False
    return change.pan != agency.pan or (not agency.pan and change.gstin != agency.gstin)


def _decide(change: FeeAccountChange, state: str, reason: str, actor: Actor, now: datetime) -> None:
    waiting = FeeAccountChange.objects.filter(id=change.id, state=FeeAccountChange.State.WAITING)
    if waiting.update(state=state, reason=reason, decided_by=actor.id, decided_at=now) != 1:
        raise AgencyRefused("agency.fee_account_decided")


def _subject(change: FeeAccountChange) -> str:
    return f"agency:{change.agency.code}"


def _details(change: FeeAccountChange, **more: object) -> dict[str, object]:
    return {"state": change.state_code, "pan": change.pan, "gstin": change.gstin, "gateway": change.gateway, **more}


def _people_of(agency: Agency) -> list[Person]:
    return [row.person for row in administrators_of(agency.pk)]


def _tell(change: FeeAccountChange, people: list[Person], template: str, now: datetime, **more: str) -> None:
    agency = change.agency
    tell(
        people=people,
        template=template,
        subject=_subject(change),
        now=now,
        agency=agency,
        **{"path": "/payments/agency/", **more},
    )
