"""The number under which a postal article travels.

Registered and speed post use the identifier of UPU standard S10: two letters, eight digits, a check digit, and the country by its
two letters. Other carriers have numbers of their own, whose form nobody publishes; they are taken as they are.
"""

from __future__ import annotations

import re

from udgam.rules.identifiers.refused import IdentifierRefused, compact

_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", re.ASCII)
_OTHER = re.compile(r"[A-Z0-9/]{6,30}", re.ASCII)
# UPU S10, section on the check digit.
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def parse_article_number(text: str) -> str:
    """Read the number of a postal article, in capitals and without spaces.

    Raises ``IdentifierRefused``: "article.empty", "article.form", "article.check_digit".
    """
    value = compact(text)
    if not value:
        raise IdentifierRefused("article.empty")
    found = _S10.fullmatch(value)
    if found is not None:
        if _check_digit(found[1]) != int(found[2]):
            raise IdentifierRefused("article.check_digit")
        return value
    if not _OTHER.fullmatch(value) or not any(sign.isdigit() for sign in value):
        raise IdentifierRefused("article.form")
    return value


def _check_digit(serial: str) -> int:
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)
