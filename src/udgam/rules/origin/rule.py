"""A rule of origin as a small tree: leaves that can be tested, joined by "all of" and "any of".

Each leaf carries its citation and how surely its text is known. A leaf whose text nobody has seen decides nothing: it asks for
a person. Percentages are decimals of one hundred; tariff codes are written without dots, two, four or six digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

# How surely a field is known: read in the text it cites, taken from somebody's account of it, or neither.
Evidence = Literal["seen", "secondary", "unverified"]

# The level at which the tariff classification of each non-originating material must differ from the product's.
ShiftLevel = Literal["CC", "CTH", "CTSH"]

# How originating content is computed; the formulas stand in ``content_share``.
#   build-down                      (base - VNM) / base
#   ceiling                         VNM / base, not more than the threshold
#   build-up-profit-and-other       (VOM + labour + overhead + profit + other) / base
#   build-up-profit                 (VOM + labour + overhead + profit) / base
#   build-up-cost                   (VOM + labour + overhead) / base
#   build-up-materials              VOM / base
#   net-cost                        (net cost - VNM) / net cost
ValueMethod = Literal[
    "build-down",
    "ceiling",
    "build-up-profit-and-other",
    "build-up-profit",
    "build-up-cost",
    "build-up-materials",
    "net-cost",
]
ValueBase = Literal["FOB", "EXW", "NC"]
Measure = Literal["value", "weight", "value-or-weight"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a field was read, and how surely."""

    citation: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class WhollyObtained:
    """The product itself must be wholly obtained or produced in the exporting country."""

    kind: Literal["wholly-obtained"] = "wholly-obtained"
    source: Source


@dataclass(frozen=True, kw_only=True)
class ProducedEntirely:
    """The product must be made of originating materials only."""

    kind: Literal["produced-entirely"] = "produced-entirely"
    source: Source


@dataclass(frozen=True, kw_only=True)
class TariffShift:
    """Every non-originating material must be classified elsewhere than the product, at ``level``.

    ``excluding`` lists chapters, headings or subheadings from which no non-originating material may come ("except from"); they
    fail even where the level is met. ``tolerance_barred`` lists those whose materials no tolerance forgives.
    """

    kind: Literal["tariff-shift"] = "tariff-shift"
    level: ShiftLevel
    excluding: tuple[str, ...]
    tolerance_barred: tuple[str, ...]
    source: Source


@dataclass(frozen=True, kw_only=True)
class ValueContent:
    """A share of the base price. ``threshold`` is the least share, for the method "ceiling" the greatest non-originating one.

    ``name`` is what the agreement calls it (RVC, QVC, DVA, VA …). The base of "net-cost" is NC, that of all others FOB or EXW.
    """

    kind: Literal["value"] = "value"
    name: str
    method: ValueMethod
    base: ValueBase
    threshold: Decimal
    source: Source


@dataclass(frozen=True, kw_only=True)
class MaterialLimit:
    """Non-originating materials of the listed codes together may not exceed a share of the product's price or net weight.

    The base "FOB-or-EXW" means whichever price is given; with both, either may serve.
    """

    kind: Literal["material-limit"] = "material-limit"
    codes: tuple[str, ...]
    measure: Measure
    base: Literal["FOB", "EXW", "FOB-or-EXW"]
    threshold: Decimal
    source: Source


@dataclass(frozen=True, kw_only=True)
class Process:
    """A named operation must have been carried out. ``code`` is one of ``PROCESSES``; ``text`` is the rule's own wording."""

    kind: Literal["process"] = "process"
    code: str
    text: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A rule in words that are kept but not understood: always a matter for a person."""

    kind: Literal["unread"] = "unread"
    text: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class AllOf:
    """Every one of the rules must be met."""

    kind: Literal["all-of"] = "all-of"
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """One of the rules must be met."""

    kind: Literal["any-of"] = "any-of"
    rules: tuple[Rule, ...]


Leaf = WhollyObtained | ProducedEntirely | TariffShift | ValueContent | MaterialLimit | Process | Unread
Rule = WhollyObtained | ProducedEntirely | TariffShift | ValueContent | MaterialLimit | Process | Unread | AllOf | AnyOf


def leaves(rule: Rule) -> tuple[Leaf, ...]:
    """The leaves of a rule from left to right."""
    if isinstance(rule, AllOf | AnyOf):
        return tuple(leaf for part in rule.rules for leaf in leaves(part))
    return (rule,)
