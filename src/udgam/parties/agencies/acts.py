"""What can happen to agencies, offices and officers."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "agency.created",
    "agency.suspended",
    "agency.reinstated",
    "agency.exception_named",
    "agency.fee_account_proposed",
    "agency.fee_account_rejected",
    "agency.fee_account_set",
    "agency.fee_account_withdrawn",
    "agency.hindi_named",
    "agency.requested",
    "agency.request_approved",
    "agency.request_refused",
    "agency.rules_set",
    "office.authorisation_ended",
    "office.created",
    "office.hindi_named",
    "office.region_set",
    "office.suspended",
    "office.reinstated",
    "office.series_opened",
    "office.stamp_kept",
    "officer.leave_entered",
    "officer.leave_cancelled",
    "officer.signature_kept",
    "officer.suspended",
    "officer.reinstated",
    "office.authorised",
    "office.closed",
    "office.opened_again",
    "office.seal_named",
    "office.seal_refused",
    "officer.appointed",
    "officer.ended",
    "officer.token_offered",
    "officer.token_confirmed",
    "officer.token_rejected",
)
