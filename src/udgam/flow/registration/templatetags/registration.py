"""Tags of this room for pages of other rooms."""

from __future__ import annotations

from django import template
from django.template import Context

from udgam.flow.registration.models import Membership
from udgam.flow.registration.queries import membership_of
from udgam.parties.accounts.models import Person

register = template.Library()


@register.simple_tag(takes_context=True)
def acting(context: Context) -> Membership | None:
    """How the person signed in acts for a firm now, or None."""
    user = context.get("user")
    return membership_of(user) if isinstance(user, Person) else None
