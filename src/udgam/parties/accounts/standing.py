"""Which office a person acts for. The room of agencies knows; it hangs its question in here, since it stands above."""

from __future__ import annotations

from collections.abc import Callable

from udgam.parties.accounts.models import Person

OfficeOf = Callable[[Person], str | None]
_providers: list[OfficeOf] = []


def register_standing(provider: OfficeOf) -> None:
    """Ask ``provider`` for the office code of a person whenever an act is recorded. Called from ``AppConfig.ready``."""
    if provider not in _providers:
        _providers.append(provider)


def office_of(person: Person) -> str | None:
    """The code of the office the person acts for, or None."""
    for provider in _providers:
        office = provider(person)
        if office:
            return office
    return None
