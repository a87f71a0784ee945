"""What can be done with accounts. Each verb opens its own transaction; ``verify_token_for`` asks the network and wants none."""

from udgam.parties.accounts.services.checking import verify_token_for
from udgam.parties.accounts.services.forgetting import forget_old_traces
from udgam.parties.accounts.services.nonces import consume_nonce, issue_nonce
from udgam.parties.accounts.services.open_sessions import (
    end_all_sessions,
    end_one_session,
    end_other_sessions,
    follow_session,
    forget_session,
    remember_session,
)
from udgam.parties.accounts.services.own_data import erase_account, export_own_data, objections_to_erasure
from udgam.parties.accounts.services.passwords import (
    ask_for_reset,
    change_password,
    choose_first_password,
    issue_one_time_password,
    reset_needs_token,
    reset_password,
    send_one_time_password,
    send_reset_link,
    set_one_time_password,
    usable_reset_link,
)
from udgam.parties.accounts.services.people import (
    change_email,
    change_mobile,
    create_person,
    set_language,
)
from udgam.parties.accounts.services.signing_in import (
    admit_by_password,
    admit_by_password_and_token,
    admit_by_token,
    confirm_by_token,
    note_refused_token,
)
from udgam.parties.accounts.services.telling import choose_ways, forget_notices, mark_read, tell_people
from udgam.parties.accounts.services.tokens import enrol_token, renew_token, retire_token

__all__ = [
    "admit_by_password",
    "admit_by_password_and_token",
    "admit_by_token",
    "ask_for_reset",
    "change_email",
    "change_mobile",
    "change_password",
    "choose_first_password",
    "choose_ways",
    "confirm_by_token",
    "consume_nonce",
    "create_person",
    "end_all_sessions",
    "end_one_session",
    "end_other_sessions",
    "enrol_token",
    "erase_account",
    "export_own_data",
    "follow_session",
    "forget_notices",
    "forget_old_traces",
    "forget_session",
    "issue_nonce",
    "issue_one_time_password",
    "mark_read",
    "note_refused_token",
    "objections_to_erasure",
    "remember_session",
    "renew_token",
    "reset_needs_token",
    "reset_password",
    "retire_token",
    "send_one_time_password",
    "send_reset_link",
    "set_language",
    "set_one_time_password",
    "tell_people",
    "usable_reset_link",
    "verify_token_for",
]
