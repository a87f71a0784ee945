"""When two writings of a name are the same, close, or different.

The same: Unicode NFKC; capital letters, spaces, punctuation and honorifics make no difference; the order of the words is
free. Nothing else is forgiven. Close: a person looking at both would ask whether they mean the same: a middle name left
out, an initial for a word, "Pvt" for "Private", a slip of one letter. Close is never enough by itself; it only lets the
refusal show both names and an administrator open the case.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["person", "organisation"]
NameAgreement = Literal["equal", "near", "different"]

_LONGEST_NAME = 300
_CLOSE = 0.88

# Stripped from either end of a person's name.
_HONORIFICS = frozenset(
    {"mr", "mrs", "ms", "miss", "shri", "smt", "shrimati", "kum", "dr", "prof", "श्री", "श्रीमती", "डॉ"}
)
# Names as well as honorifics, so they are stripped only in front, and never needed for equality.
_HONORIFICS_IN_FRONT = frozenset({"sri", "sree", "shree", "kumari", "कुमारी"})
_MESSRS = re.compile(r"^\s*(?:m\s*/\s*s\b\.?|messrs\b\.?)", re.IGNORECASE)

_ABBREVIATIONS = {
    "pvt": "private",
    "ltd": "limited",
    "co": "company",
    "corp": "corporation",
    "inc": "incorporated",
    "intl": "international",
    "bros": "brothers",
    "mfg": "manufacturing",
    "mfrs": "manufacturers",
    "ind": "industries",
    "inds": "industries",
    "ent": "enterprises",
    "exp": "exports",
    "assn": "association",
    "govt": "government",
    "dept": "department",
}


def names_agree(a: str, b: str, kind: Kind = "person") -> NameAgreement:
    """Compare two writings of a name. A name without any letter or digit agrees with nothing, not even with itself."""
    if len(a) > _LONGEST_NAME or len(b) > _LONGEST_NAME:
        return "different"
    forms_a, forms_b = _forms(a, kind), _forms(b, kind)
    if not forms_a or not forms_b:
        return "different"
    if any(Counter(x) == Counter(y) for x in forms_a for y in forms_b):
        return "equal"
    if _scripts(a) != _scripts(b):
        # Letters of another alphabet can look the same; an administrator could not see the difference either.
        return "different"
    if any(_near(x, y) for x in forms_a for y in forms_b):
        return "near"
    return "different"


def _forms(name: str, kind: Kind) -> list[tuple[str, ...]]:
    """The ways to read a name as words: as written, and without honorifics where something remains."""
    if kind == "organisation":
        written = _words(_MESSRS.sub(" ", unicodedata.normalize("NFKC", name)))
        return [written] if written else []
    written = _words(name)
    stripped = list(written)
    while len(stripped) > 1 and (stripped[0] in _HONORIFICS or stripped[0] in _HONORIFICS_IN_FRONT):
        stripped.pop(0)
    while len(stripped) > 1 and stripped[-1] in _HONORIFICS:
        stripped.pop()
    forms = [written] if written else []
    if stripped and tuple(stripped) != written:
        forms.append(tuple(stripped))
    return forms


def _words(name: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    signs: list[str] = []
    for sign in folded:
        category = unicodedata.category(sign)
        # Apostrophes stand inside words; joiners and other format characters are invisible. Both vanish.
        if sign in "'’‘`´" or category == "Cf":
            continue
        # Marks belong to the letters of Indian scripts, so they are kept with letters and numbers.
        signs.append(sign if category[0] in "LMN" else " ")
    return tuple("".join(signs).split())


def _scripts(name: str) -> frozenset[str]:
    return frozenset(
        unicodedata.name(sign, "UNKNOWN").split(" ", 1)[0]
        for sign in unicodedata.normalize("NFKC", name)
        if unicodedata.category(sign)[0] == "L"
    )


def _near(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if "".join(a) == "".join(b):
        return True
    long_a, long_b = _expanded(a), _expanded(b)
    if Counter(long_a) == Counter(long_b):
        return True
    if _initials_fit(long_a, long_b):
        return True
    return _similar("".join(sorted(long_a)), "".join(sorted(long_b))) or _similar("".join(long_a), "".join(long_b))


def _expanded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_ABBREVIATIONS.get(word, word) for word in words if word != "and")


def _initials_fit(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether every word of the shorter name is, or begins, a word of its own in the longer, with one real word shared."""
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) < 2:
        return False
    left = list(longer)
    shared = 0
    # Whole words first, so that an initial cannot take the place that a whole word needs.
    initials = []
    for word in shorter:
        if word in left:
            left.remove(word)
            shared += len(word) > 2
        else:
            initials.append(word)
    for word in initials:
        partner = next((other for other in left if _initial_of(word, other)), None)
        if partner is None:
            return False
        left.remove(partner)
    return shared > 0


def _initial_of(word: str, other: str) -> bool:
    return (len(word) == 1 and other.startswith(word)) or (len(other) == 1 and word.startswith(other))


def _similar(a: str, b: str) -> bool:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _CLOSE
