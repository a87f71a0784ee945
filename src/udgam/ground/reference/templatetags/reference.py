"""Codes in words, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import get_language

from udgam.ground.reference.countries import country
from udgam.ground.reference.ports import port
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
def port_name(code: str) -> str:
    """`Cochin Port (INCOK1)` for INCOK1; what is not in the list stays as it is."""
    found = port(code, get_language() or "en")
    return f"{found.name} ({found.code})" if found else code


@register.filter
def plain_number(value: object) -> object:
    """`2,500.5` for 2500.500000 and never `2.5E+3`; what is not a number stays as it is."""
    return formats.localize(Decimal(f"{value.normalize():f}")) if isinstance(value, Decimal) else value
