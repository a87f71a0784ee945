"""User names and passwords of the cast who have an account from the start. Printed by `make run`; worth nothing elsewhere."""

from __future__ import annotations

from udgam.sandbox.cast.people import PEOPLE


def username_of(key: str) -> str:
    """`meera.kulkarni` for Meera Kulkarni."""
    return PEOPLE[key].name.lower().replace(" ", ".")


def password_of(key: str) -> str:
    """The password of a member of the cast who is there from the start."""
    return f"{username_of(key)}-2026"
