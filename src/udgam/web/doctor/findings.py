"""What a check of the installation found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Outcome = Literal["ok", "warning", "fail"]
# So long before a certificate ends an operator is told, because a new one takes weeks.
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Finding:
    """The outcome of one check, in words for an operator."""

    name: str
    outcome: Outcome
    detail: str
    advice: str = ""
