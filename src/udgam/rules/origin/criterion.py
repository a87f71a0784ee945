"""What stands in the criterion box: the agreement's own text, chosen by how the goods qualified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from udgam.rules.origin.figures import Figures, Share
from udgam.rules.origin.finding import Judgement
from udgam.rules.origin.rule import Process, TariffShift, ValueContent
from udgam.rules.origin.rules import CriterionText, OriginRules
from udgam.rules.origin.trial import TestResult


@dataclass(frozen=True, slots=True)
class Criterion:
    """The criterion with its texts. ``box`` is None when nobody has read the wording in the agreement or on its form."""

    code: str
    text: str
    box: str | None
    chosen: CriterionText


def criterion_of(judgement: Judgement, rules: OriginRules, destination: str, hs: str) -> Criterion | None:
    """The criterion of goods that qualify; None when the agreement's list has no code for this way."""
    chosen = _chosen(judgement, rules, destination)
    if chosen is None:
        return None
    values = _values(judgement, rules, chosen, hs)
    prints_share = chosen.percent_of != "none" and "{percent}" in chosen.box
    unread = chosen.source.evidence == "unverified"
    unread = unread or (prints_share and rules.percent.source.evidence == "unverified")
    return Criterion(
        code=chosen.code,
        text=chosen.text.format_map(values),
        box=None if unread else chosen.box.format_map(values),
        chosen=chosen,
    )


def _chosen(judgement: Judgement, rules: OriginRules, destination: str) -> CriterionText | None:
    whens = [str(judgement.route)]
    if judgement.cumulation is not None:
        # Goods that meet their own product rule with partners' materials are certified by that rule; a provision with a test of
        # its own, like the aggregate content of the letter C, is a criterion by itself.
        own_rule = judgement.route == "product-specific" and judgement.cumulation.rule is None
        whens.insert(1 if own_rule else 0, "cumulation")
    marks = _marks(judgement.trial.winning)
    for when in whens:
        fitting = [
            text
            for text in rules.criteria
            if text.when == when and (not text.destinations or destination in text.destinations)
        ]
        # A text for this very way comes before one for any; the order of the data decides among equals.
        for text in fitting:
            if text.by != "any" and text.by in marks:
                return text
        for text in fitting:
            if text.by == "any":
                return text
    return None


def _marks(winning: tuple[TestResult, ...]) -> frozenset[str]:
    """How the rule was met: by shift, value, both, a method, a process."""
    shift = any(isinstance(test.leaf, TariffShift) for test in winning)
    values = [test.leaf for test in winning if isinstance(test.leaf, ValueContent)]
    process = any(isinstance(test.leaf, Process) for test in winning)
    marks = {"build-up" if leaf.method.startswith("build-up") else "build-down" for leaf in values}
    if shift and values:
        marks.add("shift-and-value")
    elif shift and not process:
        marks.add("shift")
    elif values and not process:
        marks.add("value")
    if process and not shift and not values:
        marks.add("process")
    return frozenset(marks)


def _values(judgement: Judgement, rules: OriginRules, chosen: CriterionText, hs: str) -> dict[str, str]:
    winning = judgement.trial.winning
    value = next((test for test in winning if isinstance(test.leaf, ValueContent)), None)
    leaf = value.leaf if value is not None and isinstance(value.leaf, ValueContent) else None
    shift = next((test.leaf.level for test in winning if isinstance(test.leaf, TariffShift)), "")
    return {
        "percent": _percent(judgement, rules, chosen, value),
        "threshold": "" if leaf is None else f"{leaf.threshold:f}",
        "shift": shift,
        "value": "" if leaf is None else leaf.name,
        "method": "" if leaf is None else ("build up" if leaf.method.startswith("build-up") else "build down"),
        "heading": hs[:4],
        "chapter": hs[:2],
    }


def _percent(judgement: Judgement, rules: OriginRules, chosen: CriterionText, value: TestResult | None) -> str:
    if chosen.percent_of == "none":
        return ""
    figures = judgement.figures
    share = _originating(figures, value) if chosen.percent_of == "originating" else _foreign(figures)
    if share is None:
        return ""
    rounding: Literal["down", "up", "half-up"] = "half-up"
    if rules.percent.rounding == "down":
        # "Down" is towards the less favourable figure: a non-originating share is never printed lower than it is.
        rounding = "down" if chosen.percent_of == "originating" else "up"
    return share.text(rules.percent.decimals, rounding=rounding)


def _originating(figures: Figures, value: TestResult | None) -> Share | None:
    """The content by the test that was met; a ceiling's complement; else the price less non-originating materials."""
    if value is not None and value.share is not None and not value.at_most:
        return value.share
    price = figures.fob or figures.ex_works
    if value is not None and value.share is not None:
        price = value.share.whole
    return None if price is None else Share(price - figures.vnm, price)


def _foreign(figures: Figures) -> Share | None:
    price = figures.fob or figures.ex_works
    return None if price is None else Share(figures.vnm, price)
