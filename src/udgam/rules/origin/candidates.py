"""Which rules a product may be tried against: its own rule, the general one, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from udgam.rules.origin.case import Case
from udgam.rules.origin.case_reading import CaseRefused
from udgam.rules.origin.data import RuleData
from udgam.rules.origin.product_rules import Choice, ProductRule, choose
from udgam.rules.origin.rule import Rule, Source
from udgam.rules.origin.rules import HsEdition
from udgam.rules.origin.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that may decide, with its words and source. ``also`` holds rules between which only the description of the goods
    decides: the candidate is met or failed only when all of them agree. ``uncertain``: only the description of the goods says
    whether the rule is theirs at all."""

    kind: Literal["general", "product-specific"]
    rule: Rule
    text: str
    source: Source
    edition: HsEdition | None
    also: tuple[ProductRule, ...] = ()
    uncertain: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The rules to try in order, what only a person can find out, and what to warn about."""

    rules: tuple[Candidate, ...]
    needs: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]


def candidates_of(case: Case, data: RuleData) -> Candidates:
    """The rules for the product of the case. Raises ``CaseRefused`` when the case names a row that does not exist."""
    general = _general(case, data)
    reference = data.rules.product_rules
    code = case.product.hs[:6]
    if data.products is not None:
        return _with_table(case, data, general)
    if reference.listed == "no":
        return Candidates(general, () if general else (_no_rule(case),), ())
    where = reference.where or reference.source.citation
    if not general:
        return Candidates((), (say("person.no_table", where=where, code=code),), ())
    word = "warning.product_rules" if reference.precedence == "instead" else "warning.product_rules_alternative"
    return Candidates(general, (), (say(word, where=where, code=code),))


def _with_table(case: Case, data: RuleData, general: tuple[Candidate, ...]) -> Candidates:
    table = data.products
    assert table is not None  # noqa: S101 - the only caller has looked
    choice = choose(table, case.product.hs, case.on, data.correlation)
    code, edition = case.product.hs[:6], table.hs_edition
    if choice.problem == "edition":
        needs: tuple[Sentence, ...] = (say("person.edition", edition=edition, code=code),)
        return Candidates(general if data.rules.product_rules.precedence == "alternative" else (), needs, ())
    if choice.problem == "no-row":
        return Candidates(general, () if general else (say("person.no_row", code=code),), ())
    rules, warnings = _chosen(case, choice)
    first = rules[0]
    uncertain = len(rules) == 1 and first.partial and case.product.rule_row is None
    own = Candidate(
        "product-specific", first.rule, _words(first), table.source, edition, rules[1:], uncertain, first.key
    )
    if data.rules.product_rules.precedence == "alternative":
        return Candidates((own, *general), (), warnings)
    return Candidates((own,), (), warnings)


def _chosen(case: Case, choice: Choice) -> tuple[tuple[ProductRule, ...], tuple[Sentence, ...]]:
    row = case.product.rule_row
    if row is None:
        return choice.rules, ()
    for rule in choice.rules:
        if rule.key == row:
            return (rule,), (say("warning.row", row=row[:120]),) if len(choice.rules) > 1 else ()
    raise CaseRefused("case.rule_row", row=row[:120])


def _general(case: Case, data: RuleData) -> tuple[Candidate, ...]:
    return tuple(
        Candidate("general", rule.rule, rule.text, rule.source, data.rules.hs_edition)
        for rule in data.rules.general
        if rule.effective <= case.on
        and (rule.expires is None or case.on <= rule.expires)
        and (not rule.destinations or case.destination in rule.destinations)
    )


def _words(rule: ProductRule) -> str:
    return f"{rule.heading}: {rule.text}"


def _no_rule(case: Case) -> Sentence:
    return say("person.no_rule", on=case.on.isoformat(), country=case.destination)
