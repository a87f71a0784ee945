"""Tags of this room for pages of other rooms."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.translation import get_language

from udgam.parties.agencies.queries import names_in_hindi

register = template.Library()
_KEPT = "_agencies_names_in_hindi"


@register.simple_tag(takes_context=True)
def agency_or_office(context: Context, name: str) -> str:
    """The name of an agency or office, as papers have it in English, in the reader's language; other words as they are.

    The names are read once for a page, however many it shows, and not at all for an English one.
    """
    if not (get_language() or "").startswith("hi"):
        return name
    page = context.get("request")
    known = getattr(page, _KEPT, None)
    if known is None:
        known = names_in_hindi()
        if page is not None:
            setattr(page, _KEPT, known)
    return known.get(name, name)
