"""How certificates are named in the record of acts."""

from __future__ import annotations

from udgam.flow.issuance.models import Certificate


def subject_of(certificate: Certificate) -> str:
    """The subject of everything that happens to a certificate."""
    return f"certificate:{certificate.public_id}"
