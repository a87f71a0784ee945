"""The doors: one for each role, each with its own address and its own proof."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from udgam.parties.accounts.models import Person

Kind = Person.Kind


@dataclass(frozen=True)
class Door:
    """Who comes in here, at which address, and whether password and token are both asked for."""

    name: str
    kinds: frozenset[str]
    url_name: str
    needs_both: bool
    title: str | Promise
    lead: str | Promise


EXPORTER = Door(
    name="exporter",
    kinds=frozenset({Kind.EXPORTER}),
    url_name="accounts:sign-in",
    needs_both=False,
    title=_("Exporter: sign in"),
    lead=_("For exporters who have registered. The user name is the IEC."),
)
OFFICER = Door(
    name="officer",
    kinds=frozenset({Kind.OFFICER}),
    url_name="accounts:officer-sign-in",
    needs_both=True,
    title=_("Officer: sign in"),
    lead=_("For officers who examine applications and sign certificates."),
)
AGENCY = Door(
    name="agency",
    kinds=frozenset({Kind.AGENCY_ADMIN}),
    url_name="accounts:agency-sign-in",
    needs_both=True,
    title=_("Authorised agency: sign in"),
    lead=_("For administrators of an issuing agency, who look after its offices and officers."),
)
ADMINISTRATOR = Door(
    name="administrator",
    kinds=frozenset({Kind.ADMINISTRATOR}),
    url_name="accounts:administrator-sign-in",
    needs_both=True,
    title=_("Administrator: sign in"),
    lead=_("For administrators of this platform."),
)
DOORS = (EXPORTER, OFFICER, AGENCY, ADMINISTRATOR)


def door_for(kind: str) -> Door:
    """The door of a kind of person; whoever has no other comes to the exporters' door."""
    return next((door for door in DOORS if kind in door.kinds), EXPORTER)
