"""The GST identification number of a taxpayer, with checks of our own.

Fifteen characters: State code, PAN, a sign counting the registrations of that PAN in the State, Z, and a check character
(Luhn modulo 36). The published number library knows only the State codes up to 37, so it would turn away Ladakh (38) and
the special territories (96, 97, 99); we use its check character and keep the rest here. Numbers of embassies, of taxable
persons abroad and of deductors and collectors of tax look alike but are not the number of an exporting branch: each is
refused with a reason of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import luhn
from stdnum.exceptions import ValidationError

from udgam.rules.identifiers.pan import parse_pan
from udgam.rules.identifiers.refused import IdentifierRefused, compact
from udgam.rules.identifiers.states import STATES

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORM = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][0-9A-Z][0-9A-Z]")
# Two digits of State, two of the year, three letters of country or body, a serial number, the kind, a check character.
_OTHER_KIND = re.compile(r"[0-9]{4}[A-Z]{3}[0-9]{5}([A-Z]{2})[0-9A-Z]")
# Persons outside India: non-resident taxable persons and suppliers of online services.
_OUTSIDE_INDIA = ("NR", "OS")
_KIND_REFUSED = {"D": "gstin.tds", "C": "gstin.tcs"}

# Codes that name no State: another country, another territory such as the continental shelf, the centre's jurisdiction.
_WITHOUT_STATE = frozenset({"96", "97", "99"})
# Where the map changed, a record may still name the older State: (code in the GSTIN, code of the branch's State).
_MAP_CHANGES = frozenset(
    {
        ("38", "01"),  # Ladakh left Jammu and Kashmir on 31 October 2019.
        ("25", "26"),  # Daman and Diu merged with Dadra and Nagar Haveli on 26 January 2020.
        ("26", "25"),
        ("28", "37"),  # Andhra Pradesh got a new code when Telangana was formed.
    }
)


@dataclass(frozen=True)
class Gstin:
    """A GSTIN whose form and check character are right."""

    value: str

    @property
    def state_code(self) -> str:
        return self.value[:2]

    @property
    def pan(self) -> str:
        return self.value[2:12]

    @property
    def entity(self) -> str:
        """The sign that counts the registrations of this PAN in this State."""
        return self.value[12]

    def __str__(self) -> str:
        return self.value


def check_gstin(text: str, *, pan: str | None, state_code: str | None = None) -> Gstin:
    """Read a GSTIN and hold it against the firm's PAN and the GST code of the branch's State.

    ``pan`` is the PAN of the IEC; None skips that comparison and is meant for records that have none. ``state_code`` is None
    when the branch's State is not known. Raises ``IdentifierRefused`` with a code that begins "gstin." or "pan.".
    """
    value = compact(text)
    _check_form(value)
    try:
        luhn.validate(value, _ALPHABET)
    except ValidationError as fault:
        raise IdentifierRefused("gstin.check_character") from fault
    gstin = Gstin(value)
    if gstin.state_code not in STATES:
        raise IdentifierRefused("gstin.state_unknown", state=gstin.state_code)
    parse_pan(gstin.pan)
    if pan is not None and gstin.pan != compact(pan):
        raise IdentifierRefused("gstin.pan_differs")
    if state_code is not None and not _states_agree(gstin.state_code, state_code):
        branch_state = STATES[state_code][0] if state_code in STATES else state_code
        raise IdentifierRefused(
            "gstin.state_differs", gstin_state=STATES[gstin.state_code][0], branch_state=branch_state
        )
    return gstin


def _check_form(value: str) -> None:
    if not value:
        raise IdentifierRefused("gstin.empty")
    if len(value) != 15:
        raise IdentifierRefused("gstin.length", length=str(len(value)))
    other = _OTHER_KIND.fullmatch(value)
    if other:
        raise IdentifierRefused("gstin.non_resident" if other.group(1) in _OUTSIDE_INDIA else "gstin.uin")
    if not _FORM.fullmatch(value):
        raise IdentifierRefused("gstin.form")
    kind = value[13]
    if kind in _KIND_REFUSED:
        raise IdentifierRefused(_KIND_REFUSED[kind])
    if kind != "Z":
        raise IdentifierRefused("gstin.kind", character=kind)


def _states_agree(in_gstin: str, of_branch: str) -> bool:
    return in_gstin == of_branch or in_gstin in _WITHOUT_STATE or (in_gstin, of_branch) in _MAP_CHANGES
