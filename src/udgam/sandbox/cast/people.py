"""The people one can be in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PersonKind = Literal["exporter", "officer", "agency-admin", "administrator"]


@dataclass(frozen=True)
class Person:
    """Somebody with a token. `firm` is a firm's key, `office` an office's code; `token` names the token file."""

    key: str
    name: str
    kind: PersonKind
    token: str
    email: str
    mobile: str
    firm: str | None = None
    office: str | None = None


_PEOPLE = (
    Person(
        "exporter",
        "Ravi Menon",
        "exporter",
        "exporter",
        "ravi.menon@malabar-monsoon.example",
        "+919999900201",
        firm="spices",
    ),
    Person(
        "colleague",
        "Lakshmi Pillai",
        "exporter",
        "colleague",
        "lakshmi.pillai@malabar-monsoon.example",
        "+919999900202",
        firm="spices",
    ),
    Person(
        "other-exporter",
        "Anita Deshmukh",
        "exporter",
        "other-exporter",
        "anita@konkan-mango.example",
        "+919999900101",
        firm="mango",
    ),
    Person(
        "officer",
        "Meera Kulkarni",
        "officer",
        "officer",
        "meera.kulkarni@sahyadri.example",
        "+919999900301",
        office="MUM",
    ),
    Person(
        "second-officer",
        "Arjun Shinde",
        "officer",
        "second-officer",
        "arjun.shinde@sahyadri.example",
        "+919999900302",
        office="PUN",
    ),
    Person(
        "agency-admin",
        "Prakash Joshi",
        "agency-admin",
        "agency-admin",
        "prakash.joshi@sahyadri.example",
        "+919999900303",
    ),
    Person(
        "administrator",
        "Nandini Rao",
        "administrator",
        "administrator",
        "nandini.rao@udgam-office.example",
        "+919999900304",
    ),
)

# The people by key, in the order in which the sandbox lists them.
PEOPLE: dict[str, Person] = {entry.key: entry for entry in _PEOPLE}


def person(key: str) -> Person:
    """The person with this key; `KeyError` when the cast has none."""
    return PEOPLE[key]
