"""The panels beside the signed answers on the case page. A part of the project that knows more about a case adds one here.

A panel is built from the case and the present moment and answers its template's values, or None when it has nothing to show.
Its template extends nothing: it is included under its own heading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from udgam.flow.examination.queries import Case

Builder = Callable[[Case, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A template with its values."""

    name: str
    template: str
    values: Mapping[str, Any]


_builders: dict[str, tuple[str, Builder]] = {}


def register_panel(name: str, template: str, builder: Builder) -> None:
    """Show a panel on every case page; ``name`` is its anchor. Panels stand in the order in which they were registered."""
    _builders[name] = (template, builder)


def panels_of(case: Case, now: datetime) -> list[Panel]:
    """The panels that have something to show for this case."""
    built = ((name, template, builder(case, now)) for name, (template, builder) in _builders.items())
    return [Panel(name, template, values) for name, template, values in built if values is not None]
