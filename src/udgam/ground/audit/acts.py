"""The registry of acts. Each room names its own in its `acts.py`; what is not named cannot be recorded."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_acts: set[str] = set()


class UnknownAct(LookupError):
    """An act was recorded that no ``acts.py`` registers."""


def register_acts(*acts: str) -> None:
    """Add acts in the form ``subject.past_participle``. Raises ``ValueError`` for another form."""
    for act in acts:
        if not _SHAPE.fullmatch(act):
            raise ValueError(f"{act!r} does not look like subject.past_participle.")
        _acts.add(act)


def registered_acts() -> frozenset[str]:
    """Every act that may be recorded."""
    return frozenset(_acts)


def require_known(act: str) -> None:
    """Raise ``UnknownAct`` unless the act is registered."""
    if act not in _acts:
        raise UnknownAct(f"No acts.py registers the act {act!r}.")


register_acts("person_name.erased")
