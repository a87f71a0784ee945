"""The Importer-Exporter Code.

Until June 2017 a number of ten digits, whose leading zeros matter; since then the firm's PAN (DGFT, from the introduction
of GST). Old numbers remain in use. No check digit is published, so none is enforced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from udgam.rules.identifiers.pan import parse_pan
from udgam.rules.identifiers.refused import IdentifierRefused, compact

_TEN_DIGITS = re.compile(r"[0-9]{10}")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_PAN_FORM = re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]")


@dataclass(frozen=True)
class Iec:
    """A well-formed IEC: ten characters of text, never a number."""

    value: str

    @property
    def is_pan(self) -> bool:
        return self.value[0].isalpha()

    def __str__(self) -> str:
        return self.value


def parse_iec(text: str) -> Iec:
    """Read an IEC as typed. Raises ``IdentifierRefused`` with a code that begins "iec." or "pan."."""
    value = compact(text)
    if not value:
        raise IdentifierRefused("iec.empty")
    if _NINE_DIGITS.fullmatch(value):
        raise IdentifierRefused("iec.leading_zero_lost")
    if len(value) != 10:
        raise IdentifierRefused("iec.length", length=str(len(value)))
    if _PAN_FORM.fullmatch(value):
        return Iec(parse_pan(value).value)
    if not _TEN_DIGITS.fullmatch(value):
        raise IdentifierRefused("iec.form")
    return Iec(value)
