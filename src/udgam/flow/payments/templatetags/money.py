"""Amounts on pages and papers."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from udgam.rules.fees import written
from udgam.rules.identifiers.states import STATES

register = template.Library()


@register.filter
def rupees(paise: int) -> str:
    """`₹ 1,23,456.70`, `−₹ 5.00`; a space that does not break."""
    return f"{'−' if paise < 0 else ''}₹\u00a0{written(abs(paise))}"


@register.filter
def owed(paise: int) -> int:
    """What stands on the credit side, as a positive amount."""
    return -paise


@register.filter
def state_name(code: str) -> str:
    """The State's name with its GST code, in the reader's language."""
    names = STATES.get(code)
    return f"{names[1 if get_language() == 'hi' else 0]} ({code})" if names else code


@register.filter
def per_cent(basis_points: int) -> str:
    """`18` for 1800, `2.5` for 250."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
