"""What this room keeps about a person, for the export and the erasure of one's own data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from udgam.parties.accounts.models import Person
from udgam.parties.accounts.personal_data import Kept
from udgam.parties.agencies.models import Officer, WaitingToken


def export_own_data(person: Person) -> dict[str, Any]:
    """The posts the person holds or held, and the tokens shown for them."""
    posts = Officer.objects.filter(person=person).select_related("office__agency").order_by("appointed_at")
    tokens = WaitingToken.objects.filter(officer__person=person).order_by("offered_at")
    return {
        "posts": [
            {
                "agency": row.office.agency.code,
                "office": row.office.code,
                "role": row.role,
                "designation": row.designation,
                "from": row.appointed_at.isoformat(),
                "until": row.ended_at.isoformat() if row.ended_at else None,
            }
            for row in posts
        ],
        "tokens_shown": [
            {
                "holder": row.holder,
                "organisation": row.organisation,
                "issuer": row.issuer,
                "sha256": row.sha256,
                "offered_at": row.offered_at.isoformat(),
                "outcome": row.state,
            }
            for row in tokens
        ],
    }


def objections_to_erasure(person: Person) -> tuple[str, ...]:
    """Somebody who holds a post cannot be erased: the office must know who acts for it."""
    if Officer.objects.filter(person=person, ended_at__isnull=True).exists():
        return (_("You hold a post. Ask the administrator of your agency to end it first."),)
    return ()


def erase_own_data(person: Person, now: datetime) -> tuple[Kept, ...]:
    """Tokens that were never enrolled go; the posts stay, for they say who could certify and when."""
    never_enrolled = WaitingToken.objects.filter(officer__person=person).exclude(state=WaitingToken.State.CONFIRMED)
    never_enrolled.delete()
    if not Officer.objects.filter(person=person).exists():
        return ()
    return (
        Kept(
            _("Your posts, with office, role and dates, and the tokens confirmed for them"),
            _("Certificates stay checkable only while it is known who could certify for the office, and when."),
        ),
    )
