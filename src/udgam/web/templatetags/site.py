"""Tags of the site's own pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.utils.translation import get_language

register = template.Library()


@register.inclusion_tag("site/figure.html")
def figure(name: str, about: str) -> dict[str, Any]:
    """The picture of a page in the language of this one, if it has been taken; ``about`` is caption and alternative text."""
    path = f"site/manual/{name}-{'hi' if get_language() == 'hi' else 'en'}.png"
    return {"path": path if finders.find(path) else "", "about": about}
