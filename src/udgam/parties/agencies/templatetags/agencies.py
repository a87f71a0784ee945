"""Filters of this room for pages of other rooms."""

from __future__ import annotations

from django import template

from udgam.parties.agencies.queries import shown_names

register = template.Library()


@register.filter
def agency_or_office(name: str) -> str:
    """The name of an agency or office, as papers have it in English, in the reader's language; other words as they are."""
    return shown_names([name])[name]
