"""Ports of shipment in India.

The code is the location code of Indian customs, as it stands on shipping bills: the five letters of the UN/LOCODE and one sign
for the kind of station (1 sea, 4 air, B land).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from udgam.ground.reference.names import read_list, which

Mode = Literal["sea", "air", "land"]
_MODES: dict[str, Mode] = {"1": "sea", "4": "air", "B": "land"}


@dataclass(frozen=True)
class Port:
    """A port; `state` is the GST code of the State it lies in."""

    code: str
    name: str
    mode: Mode
    state: str

    @property
    def locode(self) -> str:
        """The UN/LOCODE, without the kind of station."""
        return self.code[:5]


def ports(language: str = "en") -> tuple[Port, ...]:
    """The ports: sea, air, land, each sorted by name."""
    name = which(language)
    found = [Port(row["code"], row[name], _MODES[row["code"][5]], row["state"]) for row in read_list("ports")]
    order: list[Mode] = ["sea", "air", "land"]
    return tuple(sorted(found, key=lambda port: (order.index(port.mode), port.name)))


def port(code: str, language: str = "en") -> Port | None:
    """The port with this code, in either case; None when it is not in the list."""
    return {entry.code: entry for entry in ports(language)}.get(code.strip().upper())
