"""Every address of the site with the view behind it, as the resolver has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROOT = "udgam.web.urls"


@dataclass(frozen=True)
class Address:
    """One line of the URL map. ``name`` carries its namespace; ``parameters`` are what the path takes."""

    name: str
    route: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def guard(self) -> tuple[str, ...]:
        """Who may come in, as the view's own decorator says; empty when it says nothing."""
        return tuple(str(kind) for kind in getattr(self.view, "guard", ()))


def every_address() -> list[Address]:
    """The whole map, in its order."""
    return list(_walk(get_resolver(ROOT).url_patterns, "", ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[Address]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from _walk(entry.url_patterns, route, inner)
            continue
        parameters = (*entry.pattern.converters, *entry.pattern.regex.groupindex)
        yield Address(
            name=f"{namespace}:{entry.name}" if namespace else str(entry.name),
            route=route,
            view=entry.callback,
            parameters=tuple(dict.fromkeys(parameters)),
            given=tuple(entry.default_args),
        )
