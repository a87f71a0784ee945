"""Export and erasure of one's own data: each room that keeps something about a person says what, and lets go of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from udgam.parties.accounts.models import Person


@dataclass(frozen=True)
class Kept:
    """Something that stays after an erasure, and the ground on which it stays. Both are shown to the person."""

    what: str
    why: str


Export = Callable[[Person], dict[str, Any]]
Erase = Callable[[Person, datetime], tuple[Kept, ...]]
Objections = Callable[[Person], tuple[str, ...]]


@dataclass(frozen=True)
class Contributor:
    """One room's part. ``objections``: translated sentences that say why the account cannot be erased yet."""

    room: str
    export: Export
    erase: Erase
    objections: Objections | None = None


_contributors: dict[str, Contributor] = {}


def register_personal_data(room: str, *, export: Export, erase: Erase, objections: Objections | None = None) -> None:
    """Add a room's part. Called from ``AppConfig.ready``; ``export`` gives JSON values, ``erase`` runs in the transaction."""
    _contributors[room] = Contributor(room, export, erase, objections)


def contributors() -> tuple[Contributor, ...]:
    """Every room's part, by the room's name; this room comes last, so that the others still see who the person is."""
    return tuple(_contributors[room] for room in sorted(_contributors, key=lambda room: (room == "accounts", room)))
