"""Who did something: a person, the system itself, or nobody who could be named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest

Kind = Literal["person", "system", "anonymous"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Whoever acts, as the record of acts keeps it.

    ``id`` is opaque: a person's ``public_id`` as text, a task's name, or empty. ``role`` and ``office`` are what the person acted
    as at that moment. ``name`` is kept beside the act, in a row that can be erased; it never enters the chain.
    """

    kind: Kind
    id: str
    role: str = ""
    office: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind != "anonymous" and not self.id:
            raise ValueError("An actor that is not anonymous needs an id.")


def SystemActor(task: str) -> Actor:  # noqa: N802 -- it reads as the kind of actor that it makes
    """The platform itself, acting through the named task or command."""
    return Actor(kind="system", id=task, role="system")


ANONYMOUS = Actor(kind="anonymous", id="")

ActorReader = Callable[[HttpRequest], Actor]
_readers: list[ActorReader] = []


def register_actor_reader(reader: ActorReader) -> None:
    """Tell the lower rooms how to learn who sent a request; accounts does so when the apps are ready. The last one counts."""
    _readers.append(reader)


def actor_of(request: HttpRequest) -> Actor:
    """Who sent the request. Nobody, as long as no room has said how to tell."""
    return _readers[-1](request) if _readers else ANONYMOUS
