"""Rules for single products of an agreement, and how the rule for a code is found: the most specific one wins."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from udgam.rules.origin.editions import GOODS_EDITION, Correlation
from udgam.rules.origin.rule import Rule, Source
from udgam.rules.origin.rules import HsEdition

TABLE_FORMAT: Literal["udgam.product-rules/1"] = "udgam.product-rules/1"


@dataclass(frozen=True, kw_only=True)
class ProductRule:
    """A rule for the codes ``first`` to ``last`` (ten digits each, both included).

    ``partial`` says that it holds only for the goods that ``goods`` describes ("ex" in the texts). ``text`` is the wording of the
    source. It is in force from ``effective`` until ``expires`` (None: as the table).
    """

    first: str
    last: str
    heading: str
    goods: str
    partial: bool
    effective: date | None
    expires: date | None
    text: str
    rule: Rule

    @property
    def key(self) -> str:
        """How a case names this rule among several: heading and goods."""
        return f"{self.heading}: {self.goods}"

    @property
    def breadth(self) -> int:
        """How many ten-digit codes it covers: the fewer, the more specific."""
        return int(self.last) - int(self.first)

    def in_force(self, day: date) -> bool:
        """Whether the rule stood on that day."""
        return (self.effective is None or self.effective <= day) and (self.expires is None or day <= self.expires)


@dataclass(frozen=True, kw_only=True)
class ProductRules:
    """All product rules of an agreement in one state. ``licence`` says under which terms the texts may be used."""

    agreement: str
    version: str
    hs_edition: HsEdition
    source: Source
    licence: str
    rules: tuple[ProductRule, ...]

    @cached_property
    def _firsts(self) -> tuple[list[str], list[ProductRule], list[str]]:
        ordered = sorted(self.rules, key=lambda rule: (rule.first, rule.last))
        reach, furthest = [], ""
        for rule in ordered:
            furthest = max(furthest, rule.last)
            reach.append(furthest)
        return [rule.first for rule in ordered], ordered, reach

    def covering(self, code: str, day: date) -> tuple[ProductRule, ...]:
        """The rules whose range touches a code of six to ten digits, most specific first, then in order of the table."""
        low, high = code.ljust(10, "0"), code.ljust(10, "9")
        firsts, ordered, reach = self._firsts
        place = bisect_right(firsts, high) - 1
        found = []
        while place >= 0 and reach[place] >= low:
            rule = ordered[place]
            if rule.last >= low and rule.in_force(day):
                found.append(rule)
            place -= 1
        found.reverse()
        return tuple(sorted(found, key=lambda rule: rule.breadth))


@dataclass(frozen=True)
class Choice:
    """What was found for a code. ``rules`` are those that may apply: one, or several between which only the description of the
    goods decides. ``problem`` is "none", "no-row" or "edition"."""

    rules: tuple[ProductRule, ...]
    problem: Literal["none", "no-row", "edition"]


def choose(table: ProductRules, code: str, day: date, correlation: Correlation | None) -> Choice:
    """The product rules that may apply to goods coded in HS 2022.

    A table in another edition is followed by the correlation when there is one for that edition; without it only where the rule
    names the goods' own six digits or heading.
    """
    if table.hs_edition == GOODS_EDITION:
        rules = _candidates(table, code, day)
        return Choice(rules, "none" if rules else "no-row")
    if correlation is not None and correlation.edition == table.hs_edition:
        earlier = correlation.codes(code)
        found = {_candidates(table, old, day) for old in earlier}
        if len(found) == 1:
            rules = found.pop()
            return Choice(rules, "none" if rules else "no-row")
        return Choice(tuple(dict.fromkeys(rule for rules in sorted(found, key=_order) for rule in rules)), "edition")
    rules = _candidates(table, code, day)
    named = {code[:6], code[:4]}
    if rules and all(not rule.partial and _named_code(rule) in named for rule in rules):
        return Choice(rules, "none")
    return Choice(rules, "edition")


def _candidates(table: ProductRules, code: str, day: date) -> tuple[ProductRule, ...]:
    """The most specific rule that covers the whole code, and every narrower or partial one that may claim the goods first."""
    low, high = code.ljust(10, "0"), code.ljust(10, "9")
    claiming: list[ProductRule] = []
    for rule in table.covering(code, day):
        claiming.append(rule)
        if not rule.partial and rule.first <= low and high <= rule.last:
            breadth = rule.breadth
            # Two whole rules for exactly the same codes contradict each other: both are shown.
            claiming += [
                twin
                for twin in table.covering(code, day)
                if twin not in claiming and not twin.partial and twin.breadth == breadth
            ]
            break
    return tuple(claiming)


def _named_code(rule: ProductRule) -> str:
    """The code that the range writes out: 8471 for 8471000000 to 8471999999; empty for anything else."""
    for digits in (4, 6):
        if rule.first == rule.first[:digits].ljust(10, "0") and rule.last == rule.first[:digits].ljust(10, "9"):
            return rule.first[:digits]
    return ""


def _order(rules: tuple[ProductRule, ...]) -> tuple[str, ...]:
    return tuple(rule.first + rule.last + rule.heading for rule in rules)
