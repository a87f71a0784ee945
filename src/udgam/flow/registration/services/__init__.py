"""The verbs of registration. Each opens the one transaction; none touches the network."""

from udgam.flow.registration.services.abandoned import forget_abandoned
from udgam.flow.registration.services.attempt import (
    begin_attempt,
    record_fetched,
    record_unavailable,
    record_unknown,
)
from udgam.flow.registration.services.branches import complete_branches
from udgam.flow.registration.services.colleagues import (
    change_role,
    choose_firm,
    end_membership,
    invite,
    join_with_account,
    join_with_new_account,
    send_again,
    withdraw_invitation,
)
from udgam.flow.registration.services.complete import complete_registration, keep_typed
from udgam.flow.registration.services.contact import give_contact, prove_contact, resend_code
from udgam.flow.registration.services.contact_change import (
    prove_changed_contact,
    send_changed_contact_code,
)
from udgam.flow.registration.services.declaration import agree_again, agree_to_declaration, withdraw_consent
from udgam.flow.registration.services.email import (
    begin_email_update,
    email_record_fetched,
    email_record_unavailable,
    email_record_unknown,
    give_new_email,
    prove_new_email,
    resend_new_email_code,
)
from udgam.flow.registration.services.evidence import ShownToken, record_token_evidence
from udgam.flow.registration.services.forms_once import make_form_token
from udgam.flow.registration.services.keys import make_key, note_use, revoke_key
from udgam.flow.registration.services.near_misses import decline_near_miss, open_near_miss
from udgam.flow.registration.services.records import import_records, keep_local_copy
from udgam.flow.registration.services.refresh import finish_refresh, refresh_unavailable, stop_unknown
from udgam.flow.registration.services.renewal import add_token, apply_renewal

__all__ = [
    "ShownToken",
    "add_token",
    "agree_again",
    "agree_to_declaration",
    "apply_renewal",
    "begin_attempt",
    "begin_email_update",
    "change_role",
    "choose_firm",
    "complete_branches",
    "complete_registration",
    "decline_near_miss",
    "email_record_fetched",
    "email_record_unavailable",
    "email_record_unknown",
    "end_membership",
    "finish_refresh",
    "forget_abandoned",
    "give_contact",
    "give_new_email",
    "import_records",
    "invite",
    "join_with_account",
    "join_with_new_account",
    "keep_local_copy",
    "keep_typed",
    "make_form_token",
    "make_key",
    "note_use",
    "open_near_miss",
    "prove_changed_contact",
    "prove_contact",
    "prove_new_email",
    "record_fetched",
    "record_token_evidence",
    "record_unavailable",
    "record_unknown",
    "refresh_unavailable",
    "resend_code",
    "resend_new_email_code",
    "revoke_key",
    "send_again",
    "send_changed_contact_code",
    "stop_unknown",
    "withdraw_consent",
    "withdraw_invitation",
]
