"""Tags of this room for pages of other rooms."""

from __future__ import annotations

from django import template
from django.template import Context

from udgam.parties.accounts import queries
from udgam.parties.accounts.models import Person

register = template.Library()


@register.simple_tag
def sign_in_log_days() -> int:
    """For how many days the record of sign-ins is kept."""
    return queries.sign_in_log_days()


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    """How many notices the person signed in has not read."""
    user = context.get("user")
    return queries.unread_notices(user) if isinstance(user, Person) else 0
