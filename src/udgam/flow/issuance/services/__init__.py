"""The verbs of issuance. Each records one step of the cycle; `flow.issuance.cycle` strings them together with the outside."""

from udgam.flow.issuance.services.dispatching import record_dispatch
from udgam.flow.issuance.services.ending import cancel_certificate, supersede_by_issue, supersede_certificate
from udgam.flow.issuance.services.preparing import begin_run, note_refusal, prepare_certificate
from udgam.flow.issuance.services.publishing import publish_trust
from udgam.flow.issuance.services.recording import (
    COMPLETION_TIME,
    claim_completion,
    note_waiting,
    record_certified,
    record_extract,
    record_issue,
    record_page,
    record_sealed,
    record_signed_page,
)
from udgam.flow.issuance.services.register_keys import (
    note_log_key,
    note_register_key,
    note_witness_used,
    revoke_register_key,
)
from udgam.flow.issuance.services.requesting import answer_request, ask_office, withdraw_request
from udgam.flow.issuance.services.resealing import (
    REVOKE_REASONS,
    begin_resealing,
    finish_resealing,
    note_reached,
    record_renewed_code,
    record_resealed,
)
from udgam.flow.issuance.services.sequencing import (
    keep_cosignatures,
    note_edition,
    note_unchanged,
    one_publisher,
    sequence_entries,
)
from udgam.flow.issuance.services.upkeeping import (
    begin_recheck,
    close_alarm,
    end_outage,
    finish_recheck,
    note_checked,
    note_outage,
    postpone_stamp,
    record_revision,
    settle_alarms,
)
from udgam.flow.issuance.services.voiding import (
    VOID_REASONS,
    take_back_run,
    void_certificate,
    void_if_moved,
    void_if_too_late,
    void_stale,
)

__all__ = [
    "COMPLETION_TIME",
    "REVOKE_REASONS",
    "VOID_REASONS",
    "answer_request",
    "ask_office",
    "begin_recheck",
    "begin_resealing",
    "begin_run",
    "cancel_certificate",
    "claim_completion",
    "close_alarm",
    "end_outage",
    "finish_recheck",
    "finish_resealing",
    "keep_cosignatures",
    "note_checked",
    "note_edition",
    "note_log_key",
    "note_outage",
    "note_reached",
    "note_refusal",
    "note_register_key",
    "note_unchanged",
    "note_waiting",
    "note_witness_used",
    "one_publisher",
    "postpone_stamp",
    "prepare_certificate",
    "publish_trust",
    "record_certified",
    "record_dispatch",
    "record_extract",
    "record_issue",
    "record_page",
    "record_renewed_code",
    "record_resealed",
    "record_revision",
    "record_sealed",
    "record_signed_page",
    "revoke_register_key",
    "sequence_entries",
    "settle_alarms",
    "supersede_by_issue",
    "supersede_certificate",
    "take_back_run",
    "void_certificate",
    "void_if_moved",
    "void_if_too_late",
    "void_stale",
    "withdraw_request",
]
