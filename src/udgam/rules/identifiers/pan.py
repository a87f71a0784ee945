"""The Permanent Account Number: five letters, four digits, a letter. The last letter's formula is unpublished."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.in_ import pan as stdnum_pan

from udgam.rules.identifiers.refused import IdentifierRefused, compact

_FORM = re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]")
# The register appends a suffix to make a business identification number of a PAN, as in AACCN0695DFT001.
_REGISTER_FORM = re.compile(r"([A-Z]{5}[0-9]{4}[A-Z])(?:[A-Z]{2}[0-9]{3})?")


@dataclass(frozen=True)
class Pan:
    """A well-formed PAN in capitals."""

    value: str

    @property
    def holder_type(self) -> str:
        """The letter of the kind of holder: P individual, C company, F firm or LLP, H undivided family, …"""
        return self.value[3]

    @property
    def masked(self) -> str:
        """The PAN as it may be shown in lists: AAPPVXXXXK."""
        return str(stdnum_pan.mask(self.value))

    @property
    def sha256(self) -> str:
        """Lower-case hexadecimal SHA-256 of the PAN, as signature certificates carry it."""
        return hashlib.sha256(self.value.encode("ascii")).hexdigest()

    def __str__(self) -> str:
        return self.value


def parse_pan(text: str) -> Pan:
    """Read a PAN as typed. Raises ``IdentifierRefused`` with a code that begins "pan."."""
    value = compact(text)
    if not value:
        raise IdentifierRefused("pan.empty")
    if len(value) != 10:
        raise IdentifierRefused("pan.length", length=str(len(value)))
    if not _FORM.fullmatch(value):
        raise IdentifierRefused("pan.form")
    if value[5:9] == "0000":
        raise IdentifierRefused("pan.serial")
    try:
        stdnum_pan.validate(value)
    except ValidationError as fault:
        raise IdentifierRefused("pan.holder_type", letter=value[3]) from fault
    return Pan(value)


def pan_of_register(text: str) -> Pan:
    """Read the PAN in the register's own field, which may carry a suffix such as FT001. Raises ``IdentifierRefused``."""
    match = _REGISTER_FORM.fullmatch(compact(text))
    return parse_pan(match.group(1) if match else text)
