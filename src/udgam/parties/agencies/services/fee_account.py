"""Where an agency's fees go: its State, its GSTIN, the address on its receipts, its account with a payment gateway."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.connectors.payment_gateways import account_names
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.rules.identifiers import check_gstin
from udgam.rules.identifiers.states import STATES_TO_CHOOSE


@transaction.atomic
def set_fee_account(
    *, agency: Agency, state_code: str, gstin: str, billing_address: str, gateway: str, actor: Actor, now: datetime
) -> Agency:
    """Say where the fees of an agency go. Receipts issued before keep what they say.

    ``gateway`` is the name of a payment account that the settings give to this agency, or empty. Raises ``IdentifierRefused`` for a
    GSTIN that is none or belongs to another State, `AgencyRefused` ("agency.account_not_own"), ``ValueError`` for a State that is
    none.
    """
    if state_code not in STATES_TO_CHOOSE:
        raise ValueError(f"{state_code!r} is not the code of a State")
    if gateway and gateway not in account_names(agency.code):
        raise AgencyRefused("agency.account_not_own")
    number = check_gstin(gstin, pan=None, state_code=state_code).value if gstin else ""
    row = Agency.objects.select_for_update().get(id=agency.id)
    row.state_code, row.gstin, row.billing_address, row.gateway = state_code, number, billing_address.strip(), gateway
    row.save(update_fields=["state_code", "gstin", "billing_address", "gateway"])
    details = {"state": state_code, "gstin": number, "gateway": gateway}
    record(act="agency.fee_account_set", subject=f"agency:{row.code}", actor=actor, now=now, details=details)
    return row
