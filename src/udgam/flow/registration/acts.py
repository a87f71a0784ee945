"""The acts of registration that stand in the audit."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "registration.erased",
    "registration.started",
    "registration.resumed",
    "registration.admitted",
    "registration.refused",
    "registration.register_unavailable",
    "registration.contact_given",
    "registration.code_sent",
    "registration.contact_proved",
    "registration.agreed",
    "registration.completed",
    "exporter.registered",
    "exporter.record_refreshed",
    "exporter.branches_completed",
    "exporter.contact_proved",
    "exporter.email_update_started",
    "exporter.email_updated",
    "exporter.consent_withdrawn",
    "exporter.agreed_again",
    "exporter.key_made",
    "exporter.key_revoked",
    "exporter.person_invited",
    "exporter.invitation_sent_again",
    "exporter.invitation_withdrawn",
    "exporter.person_joined",
    "exporter.role_changed",
    "exporter.person_left",
    "exporter.token_added",
    "near_miss.seen",
    "near_miss.opened",
    "near_miss.declined",
    "iec_records.imported",
)
