"""What administrators do: agencies, offices, officers, their tokens. Each act is recorded with the change."""

from udgam.parties.agencies.services.agencies import (
    add_office,
    admit_agency,
    create_agency,
    name_exception,
    suspend_agency,
)
from udgam.parties.agencies.services.fee_account import set_fee_account
from udgam.parties.agencies.services.offices import (
    authorise_office,
    close_office,
    create_office,
    name_seal_key,
    open_office_again,
)
from udgam.parties.agencies.services.posts import appoint_officer, end_post
from udgam.parties.agencies.services.tokens import confirm_token, offer_token, reject_token

__all__ = [
    "add_office",
    "admit_agency",
    "appoint_officer",
    "authorise_office",
    "close_office",
    "confirm_token",
    "create_agency",
    "create_office",
    "end_post",
    "name_exception",
    "name_seal_key",
    "offer_token",
    "open_office_again",
    "reject_token",
    "set_fee_account",
    "suspend_agency",
]
