"""What ties a recorded decision to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def holder_key(facts: Mapping[str, Any], certificate_sha256: str) -> str:
    """The hash of the holder's PAN as the certificate has it, or the one certificate's digest when it has none."""
    attribute = str(facts.get("serial_number_attr") or "").strip().lower()
    return attribute[:64] or certificate_sha256
