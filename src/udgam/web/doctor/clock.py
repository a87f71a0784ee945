"""The time that a time-stamp token states."""

from __future__ import annotations

from datetime import UTC, datetime

from asn1crypto import cms


def time_in(token: bytes) -> datetime:
    """`genTime` of a DER time-stamp token (RFC 3161 section 2.4.2), in UTC."""
    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    moment: datetime = content.parsed["gen_time"].native
    return moment.astimezone(UTC)
