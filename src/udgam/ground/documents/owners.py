"""Who decides who may read a file: the room that owns its subject says so here, once, when the apps are ready."""

from __future__ import annotations

from collections.abc import Callable

from udgam.ground.audit.actors import Actor

Visible = Callable[[Actor, str], bool]
_owners: dict[str, Visible] = {}


def register_owner(prefix: str, visible: Visible) -> None:
    """Let ``visible(actor, reference)`` decide about the files of subjects "prefix:reference"."""
    _owners[prefix] = visible


def may_read(actor: Actor, owner_subject: str) -> bool:
    """Ask the owner. A subject that no room owns is visible to nobody."""
    prefix, _, reference = owner_subject.partition(":")
    visible = _owners.get(prefix)
    return visible is not None and visible(actor, reference)
