"""The acts of this room, as they stand in the audit."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "person.created",
    "person.data_exported",
    "person.email_changed",
    "person.erased",
    "person.mobile_changed",
    "person.password_changed",
    "person.password_issued",
    "person.password_reset",
    "person.sessions_ended",
    "person.signed_in",
    "person.signed_out",
    "person.stepped_up",
    "token.enrolled",
    "token.renewed",
    "token.retired",
)
