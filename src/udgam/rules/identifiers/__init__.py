"""Identifiers of Indian foreign trade: form, check characters and what they say about each other."""

from udgam.rules.identifiers.aeo import Aeo, parse_aeo
from udgam.rules.identifiers.article import parse_article_number
from udgam.rules.identifiers.contact import (
    mask_email,
    mask_mobile,
    mask_name,
    parse_email,
    parse_mobile,
    same_email,
    same_mobile,
)
from udgam.rules.identifiers.gstin import Gstin, check_gstin
from udgam.rules.identifiers.iec import Iec, parse_iec
from udgam.rules.identifiers.pan import Pan, pan_of_register, parse_pan
from udgam.rules.identifiers.refused import REASONS, IdentifierRefused
from udgam.rules.identifiers.states import STATES, STATES_TO_CHOOSE, state_code_of

__all__ = [
    "REASONS",
    "STATES",
    "STATES_TO_CHOOSE",
    "Aeo",
    "Gstin",
    "IdentifierRefused",
    "Iec",
    "Pan",
    "check_gstin",
    "mask_email",
    "mask_mobile",
    "mask_name",
    "pan_of_register",
    "parse_aeo",
    "parse_article_number",
    "parse_email",
    "parse_iec",
    "parse_mobile",
    "parse_pan",
    "same_email",
    "same_mobile",
    "state_code_of",
]
