"""What can happen to a certificate on its way to being issued."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "certificate.prepared",
    "certificate.certified",
    "certificate.page_drawn",
    "certificate.page_signed",
    "certificate.sealed",
    "certificate.issued",
    "certificate.voided",
    "certificate.completion_failed",
    "certificate.cancelled",
    "certificate.superseded",
    "certificate.stamped",
    "certificate.archived",
    "certificate.resealed",
    "certificate.code_renewed",
    "certificate.extract_made",
    "issuing_key.revoked",
    "resealing.begun",
    "resealing.finished",
    "outage.began",
    "outage.ended",
    "recheck.finished",
    "alarm.raised",
    "alarm.closed",
    "certificate.dispatched",
    "certificate.dispatch_corrected",
    "certificate_request.made",
    "certificate_request.withdrawn",
    "certificate_request.granted",
    "certificate_request.refused",
)
