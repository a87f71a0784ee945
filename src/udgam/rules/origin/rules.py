"""The rules of origin of one arrangement, as far as they decide or print anything: format udgam.origin-rules/1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from udgam.rules.origin.rule import Measure, Rule, Source

RULES_FORMAT: Literal["udgam.origin-rules/1"] = "udgam.origin-rules/1"

HsEdition = Literal["1996", "2002", "2007", "2012", "2017", "2022"]


@dataclass(frozen=True, kw_only=True)
class GeneralRule:
    """The rule for goods without one of their own, from ``effective`` until ``expires`` (that day included; None: open).

    ``destinations`` narrows it to some countries (GSP donors); empty means all partners.
    """

    effective: date
    expires: date | None
    destinations: tuple[str, ...]
    rule: Rule
    text: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class ProductRuleReference:
    """Whether the arrangement has rules for single products, and whether we hold them.

    ``listed``: the agreement has such a list. ``precedence``: the product's rule stands "instead" of the general rule, or is an
    "alternative" to it. ``table`` names the data file with the rules, None while we do not have them. ``where`` says where the
    list stands.
    """

    listed: Literal["yes", "no", "unknown"]
    precedence: Literal["instead", "alternative"]
    table: str | None
    where: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class ToleranceBand:
    """Materials that fail the tariff shift are forgiven up to ``percent``; they still count in every value test.

    ``chapters`` are two-digit chapters of the product or ranges of them ("01-24"). ``base`` is the price for "value";
    ``weight_of`` is the whole for "weight": the good, or its textile materials (chapters 50-63). ``forgives`` names the leaf
    kinds that the band helps: "tariff-shift", "wholly-obtained". Several bands may cover a chapter: one is enough.
    """

    chapters: tuple[str, ...]
    percent: Decimal
    measure: Measure
    base: Literal["FOB", "EXW", "FOB-or-EXW"]
    weight_of: Literal["good", "textile-materials"]
    forgives: tuple[Literal["tariff-shift", "wholly-obtained"], ...]
    source: Source


@dataclass(frozen=True, kw_only=True)
class Cumulation:
    """When materials originating in other countries count as if they were Indian.

    ``countries`` are those whose materials count ("partners": every partner). ``rule`` is met with them counted so; None means
    the same rule as without. ``own_least`` is the least share of FOB that India itself must add (ISFTA 25, SAFTA 20), or None.
    "bilateral" needs the material's country to be the destination.
    """

    kind: Literal["bilateral", "regional", "aggregate"]
    countries: tuple[str, ...]
    rule: Rule | None
    own_least: Decimal | None
    source: Source


@dataclass(frozen=True, kw_only=True)
class MinimalOperation:
    """An operation that never confers origin, alone or with others of the list. ``code`` is one of ``PROCESSES``."""

    code: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class SideMaterials:
    """How accessories, retail packing, packing for transport and indirect materials are treated.

    "disregard": not looked at in the tariff shift (they count in value tests); "ignore": counted nowhere; "count": like any
    other material.
    """

    accessories: Literal["disregard", "ignore", "count"]
    retail_packing: Literal["disregard", "ignore", "count"]
    transport_packing: Literal["disregard", "ignore", "count"]
    indirect: Literal["disregard", "ignore", "count"]
    source: Source


@dataclass(frozen=True, kw_only=True)
class CriterionText:
    """What is written in the criterion box when goods qualify in this way.

    ``code`` is the criterion's code in the agreement's list. ``when`` is how the goods qualified, ``by`` narrows it to what the
    rule demanded. ``text`` is the criterion in words for people, ``box`` exactly what the box shows. Both may hold the
    placeholders {percent} (achieved, printed by the agreement's precision), {threshold}, {shift} (CC, CTH, CTSH), {value} (the
    name of the value test), {method} ("build up" or "build down"), {heading} (four digits) and {chapter}.
    ``percent_of`` says which share {percent} is: beware, with the letter B it is the NON-originating one.
    ``destinations`` narrows it to some countries; empty means all.
    """

    code: str
    when: Literal[
        "wholly-obtained", "produced-entirely", "general", "product-specific", "cumulation", "least-developed", "other"
    ]
    by: Literal["any", "shift", "value", "shift-and-value", "build-up", "build-down", "process"]
    text: str
    box: str
    percent_of: Literal["originating", "non-originating", "none"]
    destinations: tuple[str, ...]
    source: Source


@dataclass(frozen=True, kw_only=True)
class PercentPrint:
    """How a percentage is printed. Comparisons never use the rounded figure."""

    decimals: int
    rounding: Literal["down", "half-up"]
    source: Source


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition that no cost sheet can show (direct consignment, last manufacture in India): listed with every finding."""

    text: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class OriginRules:
    """All rules of origin of one arrangement. ``agreement`` is its code; ``partners`` are countries, or "*" for all.

    ``version`` names this state of the data. ``hs_edition`` is the edition of the Harmonized System in which the texts are
    written; None when not known. ``materials_valued`` is the value basis the texts demand for non-originating materials.
    ``wholly_obtained`` says where that concept is defined.
    """

    format: Literal["udgam.origin-rules/1"] = RULES_FORMAT
    agreement: str
    version: str
    partners: tuple[str, ...]
    effective: date
    expires: date | None
    hs_edition: HsEdition | None
    wholly_obtained: Source
    general: tuple[GeneralRule, ...]
    product_rules: ProductRuleReference
    tolerance: tuple[ToleranceBand, ...]
    cumulation: tuple[Cumulation, ...]
    minimal_operations: tuple[MinimalOperation, ...]
    side_materials: SideMaterials
    materials_valued: Literal["CIF", "any"]
    criteria: tuple[CriterionText, ...]
    percent: PercentPrint
    conditions: tuple[Condition, ...]

    def admits(self, country_code: str) -> bool:
        """Whether goods for that country of destination fall under the arrangement."""
        return country_code != "IN" and ("*" in self.partners or country_code in self.partners)
