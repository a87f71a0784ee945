"""What two people compare by telephone, in a form that can be read out."""

from __future__ import annotations


def read_out(fingerprint: str) -> str:
    """A fingerprint in groups of four signs."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))
