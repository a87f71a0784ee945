"""What can happen to an application."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "application.started",
    "application.signed",
    "application.paid",
    "application.expired",
    "application.reopened",
    "application.taken_back",
    "application.submitted",
    "application.withdrawn",
    "application.taken_up",
    "application.put_back",
    "application.discrepancy_raised",
    "application.held",
    "application.moved_to_office",
    "application.reassigned",
    "application.taken_over",
    "application.verification_asked",
    "application.verification_reported",
    "application.approved",
    "application.sent_back",
    "application.refused",
    "application.issued",
    "application.dispatched",
    "book.added",
    "book.changed",
    "book.retired",
    "book.brought_back",
)
