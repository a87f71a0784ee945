"""The cheapest single change that would make failing goods qualify.

Tried in order of what they cost: cumulation that the case leaves unused, one material replaced by an Indian one, a part of the
value of non-originating materials replaced, the ex-works price stated. Each is tried by the engine itself, never estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from udgam.rules.origin.candidates import Candidates
from udgam.rules.origin.case import INDIA
from udgam.rules.origin.figures import exact_text, units
from udgam.rules.origin.finding import Change, Judgement
from udgam.rules.origin.inputs import Resolved, name
from udgam.rules.origin.judging import Judging
from udgam.rules.origin.rule import ValueContent
from udgam.rules.origin.sentences import say

_MOST_TRIED = 40


def cheapest_change(judging: Judging, judgement: Judgement, candidates: Candidates) -> Change | None:
    """The cheapest change after which the goods qualify, or None when none of those tried is enough."""
    if not candidates.rules or not judging.resolved:
        return None
    cumulated = _with_cumulation(judging)
    if cumulated is not None:
        return cumulated
    found = [change for change in (_one_material(judging), _part_of_value(judging, judgement)) if change is not None]
    if found:
        return min(found, key=lambda change: (change.amount or Decimal(0), change.kind))
    return _ex_works(judging, judgement)


def _qualifies(judging: Judging) -> bool:
    return judging.judge()[0].outcome == "pass"


def _with_cumulation(judging: Judging) -> Change | None:
    case, rules = judging.case, judging.data.rules
    origins = sorted({part.origin for part in judging.resolved if rules.admits(part.origin)} - set(case.cumulate_with))
    for country in origins:
        other = replace(case, cumulate_with=tuple(sorted((*case.cumulate_with, country))))
        if _qualifies(Judging(other, judging.data, judging.resolved)):
            return Change("cumulate", say("change.cumulate", country=country), None)
    return None


def _one_material(judging: Judging) -> Change | None:
    foreign = [(place, part) for place, part in enumerate(judging.resolved) if part.origin != INDIA]
    foreign.sort(key=lambda row: (row[1].material.value, row[0]))
    for place, part in _sample(foreign):
        changed = list(judging.resolved)
        changed[place] = replace(part, origin=INDIA, doubtful=False)
        if _qualifies(Judging(judging.case, judging.data, tuple(changed))):
            sentence = say(
                "change.replace",
                material=name(part.material),
                amount=_printed(judging, part.material.value),
                currency=judging.case.product.currency,
            )
            return Change("replace", sentence, part.material.value)
    return None


def _sample(rows: list[tuple[int, Resolved]]) -> Iterator[tuple[int, Resolved]]:
    """All rows of a short list; of a long one the smallest and the greatest, so that the effort stays bounded."""
    yield from rows[:_MOST_TRIED]
    yield from rows[max(_MOST_TRIED, len(rows) - _MOST_TRIED) :]


def _part_of_value(judging: Judging, judgement: Judgement) -> Change | None:
    """How much non-originating value must become Indian for the value tests alone, spread over the greatest materials."""
    for amount in sorted(_shortfalls(judgement)):
        changed = _moved(judging, amount)
        if changed is not None and _qualifies(changed):
            exact = Decimal(exact_text(amount, judging.places))
            sentence = say("change.part", amount=_printed(judging, exact), currency=judging.case.product.currency)
            return Change("part", sentence, exact)
    return None


def _shortfalls(judgement: Judgement) -> Iterable[int]:
    """For each failed value test the least amount, in whole units, that closes the gap."""
    for test in judgement.trial.tests:
        if test.outcome == "fail" and test.share is not None and test.threshold is not None:
            if not isinstance(test.leaf, ValueContent):
                continue
            up, down = test.threshold.as_integer_ratio()
            needed = up * test.share.whole - test.share.part * 100 * down
            gap = -needed if test.at_most else needed
            yield -(-gap // (100 * down))


def _moved(judging: Judging, amount: int) -> Judging | None:
    """The case with ``amount`` units of the greatest non-originating materials split off as Indian."""
    left = amount
    changed = []
    split = []
    order = sorted(
        (place for place, part in enumerate(judging.resolved) if part.origin != INDIA),
        key=lambda place: (-judging.resolved[place].material.value, place),
    )
    taken: dict[int, Decimal] = {}
    for place in order:
        if not left:
            break
        value = judging.resolved[place].material.value
        whole = int(value.scaleb(judging.places))
        part = min(whole, left)
        taken[place] = Decimal(exact_text(part, judging.places))
        left -= part
    if left:
        return None
    for place, part_of in enumerate(judging.resolved):
        if place not in taken:
            changed.append(part_of)
            continue
        material = part_of.material
        if taken[place] == material.value:
            changed.append(replace(part_of, origin=INDIA, doubtful=False))
            continue
        changed.append(replace(part_of, material=replace(material, value=material.value - taken[place])))
        # How the weight is shared out is not known: all of it stays with what is still foreign.
        weight = None if material.weight_kg is None else Decimal(0)
        indian = replace(material, value=taken[place], weight_kg=weight)
        split.append(replace(part_of, material=indian, origin=INDIA, doubtful=False))
    return Judging(judging.case, judging.data, (*changed, *split))


def _ex_works(judging: Judging, judgement: Judgement) -> Change | None:
    """Whether an ex-works price between what was spent and the FOB value would serve, where it was not stated."""
    case = judging.case
    if case.product.ex_works is not None or case.product.fob is None:
        return None
    for test in judgement.trial.tests:
        if test.outcome != "skipped" or not isinstance(test.leaf, ValueContent) or test.leaf.base != "EXW":
            continue
        other = replace(case, product=replace(case.product, ex_works=case.product.fob))
        if _qualifies(Judging(other, judging.data, judging.resolved)):
            least = _least_price(test.leaf, judgement)
            if least is None:
                continue
            exact = Decimal(exact_text(least, judging.places))
            sentence = say("change.ex_works", amount=_printed(judging, exact), currency=case.product.currency)
            return Change("ex-works", sentence, exact)
    return None


def _printed(judging: Judging, amount: Decimal) -> str:
    """An amount as the figures of the derivation are printed, however many zeros it was written with."""
    return judging.figures().text(units(amount, judging.places))


def _least_price(leaf: ValueContent, judgement: Judgement) -> int | None:
    """The lowest ex-works price at which a build-down is met."""
    if leaf.method != "build-down":
        return None
    up, down = leaf.threshold.as_integer_ratio()
    rest = 100 * down - up
    return None if rest <= 0 else -(-judgement.figures.vnm * 100 * down // rest)
