"""How the rows of this room are named in the audit and in messages."""

from __future__ import annotations

from udgam.flow.registration.models import Registration


def subject_of(attempt: Registration) -> str:
    """How the attempt is named in the audit and in messages."""
    return f"registration:{attempt.public_id}"
