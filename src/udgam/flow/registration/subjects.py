"""How the rows of this room are named in the audit and in messages."""

from __future__ import annotations

from udgam.flow.registration.models import Exporter, Registration


def subject_of(attempt: Registration) -> str:
    """How the attempt is named in the audit and in messages."""
    return f"registration:{attempt.public_id}"


def firm_subject(exporter: Exporter) -> str:
    """How the firm is named in the record of acts."""
    return f"exporter:{exporter.public_id}"
