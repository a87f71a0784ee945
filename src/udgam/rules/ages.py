"""Until when a signature is to be relied on for what its algorithm is worth, so that a newer time stamp is put over it before.

The dates are others' judgement and stand here with their source, not in settings: a later edition of it is a change of this file. Source:
NIST IR 8547, initial public draft of November 2024, table 2: signatures of 112 bits of security are deprecated after 2030, all of RSA
and of elliptic curves are disallowed after 2035. For SHA-256, SHA-384 and SHA-512 no date is set (NIST SP 800-131A).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

SOURCE = "NIST IR 8547 ipd (November 2024), table 2"
KeyKind = Literal["RSA", "EC"]


@dataclass(frozen=True)
class Age:
    """The last day on which keys of a kind, from so many bits on, are relied on."""

    kind: KeyKind
    bits: int
    until: date
    source: str = SOURCE


# The longest key that fits a row counts; a key that fits none is not relied on at all.
AGES: tuple[Age, ...] = (
    Age("RSA", 2048, date(2030, 12, 31)),
    Age("RSA", 3072, date(2035, 12, 31)),
    Age("EC", 256, date(2035, 12, 31)),
)


def relied_on_until(kind: KeyKind, bits: int) -> datetime | None:
    """The last moment (UTC) at which a signature by such a key is relied on; None: at none."""
    fitting = [one for one in AGES if one.kind == kind and one.bits <= bits]
    if not fitting:
        return None
    return datetime.combine(max(fitting, key=lambda one: one.bits).until, time.max, UTC)
