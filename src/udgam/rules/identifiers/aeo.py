"""The number of an authorised economic operator.

No published source gives its form. Seen numbers begin with IN and the holder's PAN, so a number that does not is accepted
with a warning rather than refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from udgam.rules.identifiers.refused import IdentifierRefused, compact

_FORM = re.compile(r"[A-Z0-9]{10,20}")


@dataclass(frozen=True)
class Aeo:
    """An AEO number as typed, in capitals. ``warning`` is a reason code or None."""

    value: str
    warning: str | None = None

    def __str__(self) -> str:
        return self.value


def parse_aeo(text: str, *, pan: str | None = None) -> Aeo:
    """Read an AEO number. Raises ``IdentifierRefused`` ("aeo.form"); a foreign beginning only sets the warning."""
    value = compact(text)
    if not _FORM.fullmatch(value):
        raise IdentifierRefused("aeo.form")
    if pan is not None and not value.startswith("IN" + compact(pan)):
        return Aeo(value, warning="aeo.pan_differs")
    return Aeo(value)
