"""Modes of transport: UN/ECE Recommendation 19, one digit each."""

from __future__ import annotations

from dataclasses import dataclass

from udgam.ground.reference.names import read_list, which


@dataclass(frozen=True)
class TransportMode:
    """A mode of transport."""

    code: str
    name: str


def transport_modes(language: str = "en") -> tuple[TransportMode, ...]:
    """All modes in the order of their codes."""
    name = which(language)
    return tuple(TransportMode(row["code"], row[name]) for row in read_list("transport_modes"))


def transport_mode(code: str, language: str = "en") -> TransportMode | None:
    """The mode with this code; None when there is none."""
    return {entry.code: entry for entry in transport_modes(language)}.get(code.strip())
