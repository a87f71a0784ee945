"""What administrators do: agencies, offices, officers, their tokens. Each act is recorded with the change."""

from udgam.parties.agencies.services.agencies import (
    add_office,
    admit_agency,
    create_agency,
    name_exception,
    suspend_agency,
)
from udgam.parties.agencies.services.fee_account import (
    FEE_ACCOUNT_FIELDS,
    confirm_fee_account,
    needs_comparing,
    propose_fee_account,
    reject_fee_account,
    withdraw_fee_account,
)
from udgam.parties.agencies.services.images import keep_signature, keep_stamp
from udgam.parties.agencies.services.leave import cancel_leave, enter_leave
from udgam.parties.agencies.services.names import name_agency_in_hindi, name_office_in_hindi
from udgam.parties.agencies.services.offices import (
    authorise_office,
    close_office,
    create_office,
    end_authorisation,
    name_seal_key,
    note_seal_refused,
    open_office_again,
    set_region,
    suspend_office,
)
from udgam.parties.agencies.services.own_rules import open_number_series, set_own_rules
from udgam.parties.agencies.services.posts import appoint_officer, end_post, suspend_officer
from udgam.parties.agencies.services.requests import approve_request, refuse_request, request_admission
from udgam.parties.agencies.services.tokens import confirm_token, offer_token, reject_token

__all__ = [
    "FEE_ACCOUNT_FIELDS",
    "add_office",
    "admit_agency",
    "appoint_officer",
    "approve_request",
    "authorise_office",
    "cancel_leave",
    "close_office",
    "confirm_fee_account",
    "confirm_token",
    "create_agency",
    "create_office",
    "end_authorisation",
    "end_post",
    "enter_leave",
    "keep_signature",
    "keep_stamp",
    "name_agency_in_hindi",
    "name_exception",
    "name_office_in_hindi",
    "name_seal_key",
    "needs_comparing",
    "note_seal_refused",
    "offer_token",
    "open_number_series",
    "open_office_again",
    "propose_fee_account",
    "refuse_request",
    "reject_fee_account",
    "reject_token",
    "request_admission",
    "set_own_rules",
    "set_region",
    "suspend_agency",
    "suspend_office",
    "suspend_officer",
    "withdraw_fee_account",
]
