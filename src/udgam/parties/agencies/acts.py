"""What can happen to agencies, offices and officers."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "agency.created",
    "agency.suspended",
    "agency.reinstated",
    "agency.exception_named",
    "agency.fee_account_set",
    "office.created",
    "office.authorised",
    "office.closed",
    "office.opened_again",
    "office.seal_named",
    "officer.appointed",
    "officer.ended",
    "officer.token_offered",
    "officer.token_confirmed",
    "officer.token_rejected",
)
