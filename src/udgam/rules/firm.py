"""The canonical record of a firm, as the IEC register gives it.

One shape, whichever way it came: fetched from the register, imported from an operator's file or taken from the dated local
copy. The record is never edited on the platform; a firm corrects its IEC at its source and the record is fetched again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from udgam.rules.plain import from_plain, to_plain

Status = Literal["active", "inactive"]
Source = Literal["api", "import", "local-copy"]
Constitution = Literal[
    "proprietorship", "partnership", "company", "llp", "huf", "trust", "society", "cooperative", "government", "other"
]
Role = Literal[
    "proprietor",
    "partner",
    "designated_partner",
    "director",
    "managing_director",
    "karta",
    "trustee",
    "office_bearer",
    "other",
]


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address in India. ``state`` is the State's name as the register writes it; ``pin`` has six digits."""

    line1: str
    line2: str = ""
    city: str = ""
    state: str = ""
    pin: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it is printed, one text per line, without empty lines."""
        last = " ".join(part for part in (self.state, self.pin) if part)
        return tuple(part for part in (self.line1, self.line2, self.city, last) if part)

    def __str__(self) -> str:
        return ", ".join(self.lines)


@dataclass(frozen=True, kw_only=True)
class FirmPerson:
    """Somebody the register lists as standing for the firm.

    ``pan_hash`` is the lower-case hexadecimal SHA-256 of that person's PAN in capitals. The PAN of a person itself is never
    kept: the hash is what signature certificates carry and all that a comparison needs.
    """

    name: str
    role: Role = "other"
    address: Address | None = None
    mobile: str | None = None
    pan_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A branch of the firm; ``code`` is the register's own branch code, kept as text."""

    code: str
    address: Address


@dataclass(frozen=True, kw_only=True)
class FirmRecord:
    """What the register says about one IEC at one moment.

    ``iec`` keeps its leading zeros. ``name_as_per_pan`` is None when the source does not give it. ``pan`` is the firm's
    ten-character PAN without the register's suffix, or None when the source gave none that can be read. ``fetched_at`` is the
    moment the *register* was asked; a local copy keeps the moment of the fetch it was made from.
    """

    iec: str
    name: str
    name_as_per_pan: str | None
    pan: str | None
    status: Status
    constitution: Constitution
    registered_office: Address
    email: str | None
    mobile: str | None
    people: tuple[FirmPerson, ...]
    branches: tuple[Branch, ...]
    fetched_at: datetime
    source: Source

    def __post_init__(self) -> None:
        if self.fetched_at.tzinfo is None:
            raise ValueError("fetched_at needs a time zone")

    @property
    def is_active(self) -> bool:
        return self.status == "active"

    @property
    def has_contact(self) -> bool:
        """Whether both the e-mail and the mobile stand in the record; without them a firm cannot register."""
        return bool(self.email) and bool(self.mobile)

    def to_json(self) -> dict[str, Any]:
        """The record as a dictionary of plain JSON values; ``from_json`` gives back an equal record."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @staticmethod
    def from_json(plain: object) -> FirmRecord:
        """Read what ``to_json`` wrote. Raises ``ShapeRefused`` naming the first field that does not fit."""
        return from_plain(FirmRecord, plain)
