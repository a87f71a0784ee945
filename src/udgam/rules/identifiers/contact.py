"""Mobile numbers and e-mail addresses: reading, comparing with the IEC record, and showing masked."""

from __future__ import annotations

import re
import unicodedata

from udgam.rules.identifiers.refused import IdentifierRefused, compact

_MOBILE = re.compile(r"(?:\+?91|0)?([6-9][0-9]{9})")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_EMAIL = 254


def parse_mobile(text: str) -> str:
    """Return the ten digits of an Indian mobile number, without country code. Raises ``IdentifierRefused``."""
    match = _MOBILE.fullmatch(compact(text).replace("(", "").replace(")", ""))
    if not match:
        raise IdentifierRefused("mobile.form")
    return match.group(1)


def ten_digits(text: str) -> str:
    """Return the last ten digits of a number as it is kept, whichever way it was written; all it has where it has fewer."""
    return "".join(character for character in text if character.isdecimal() and character.isascii())[-10:]


def parse_email(text: str) -> str:
    """Return the address trimmed, its domain in lower case. Raises ``IdentifierRefused``.

    Only what mail programs deliver is accepted: ASCII, one @, a domain with a dot. RFC 5321 section 4.5.3.1 gives the lengths.
    """
    address = unicodedata.normalize("NFKC", text).strip()
    local, at, domain = address.rpartition("@")
    domain = domain.lower()
    labels = domain.split(".")
    fits = (
        at
        and len(address) <= _LONGEST_EMAIL
        and _LOCAL.fullmatch(local)
        and not (local.startswith(".") or local.endswith(".") or ".." in local)
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not fits:
        raise IdentifierRefused("email.form")
    return f"{local}@{domain}"


def same_mobile(typed: str, recorded: str) -> bool:
    """Whether two writings are one mobile number. A recorded one that cannot be read equals nothing."""
    try:
        return parse_mobile(typed) == parse_mobile(recorded)
    except IdentifierRefused:
        return False


def same_email(typed: str, recorded: str) -> bool:
    """Whether two writings are one address; capital letters make no difference."""
    try:
        return parse_email(typed).casefold() == parse_email(recorded).casefold()
    except IdentifierRefused:
        return False


def mask_mobile(number: str) -> str:
    """A hint that its owner recognises: the last three digits."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return "•" * max(len(digits) - 3, 0) + digits[-3:] if len(digits) > 3 else "•" * len(digits)


def mask_email(address: str) -> str:
    """A hint that its owner recognises: first letter and domain's ends, as in a•••@e•••.in."""
    local, at, domain = address.partition("@")
    if not at or not local or not domain:
        return "•••"
    name, _, ending = domain.rpartition(".")
    return f"{local[0]}•••@{name[:1]}•••.{ending}"


def mask_name(name: str) -> str:
    """A person's name for lists: the first letter of each word."""
    return " ".join(word[0] + "•••" for word in name.split())
