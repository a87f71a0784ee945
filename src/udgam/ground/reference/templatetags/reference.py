"""Codes in words, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from udgam.ground.reference.countries import country
from udgam.ground.reference.units import unit

register = template.Library()


@register.filter
def unit_symbol(code: str) -> str:
    """`kg` for KGM (UN/ECE Recommendation 20); what is not in the list stays as it is."""
    found = unit(code, get_language() or "en")
    return (found.symbol or found.name) if found else code


@register.filter
def country_name(code: str) -> str:
    """`Germany` for DE (ISO 3166-1); what is not in the list stays as it is."""
    found = country(code, get_language() or "en")
    return found.name if found else code


@register.filter
def plain_number(value: object) -> object:
    """`500` for 500.000000 and never `5E+2`; what is not a number stays as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
