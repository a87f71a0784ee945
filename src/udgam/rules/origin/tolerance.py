"""Whether an agreement forgives materials that fail a test, because they are few."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from udgam.rules.origin.figures import Input, Share
from udgam.rules.origin.reading import in_chapters
from udgam.rules.origin.rules import ToleranceBand
from udgam.rules.origin.sentences import Sentence, say
from udgam.rules.origin.trial import Outcome, Setting, Tolerated, doubt

_TEXTILES = ("50-63",)


def forgiven(
    inputs: Iterable[Input], kind: Literal["tariff-shift", "wholly-obtained"], setting: Setting
) -> tuple[Outcome, Tolerated | None]:
    """Whether the inputs together stay within a band of the product's chapter.

    "open" when only a band that nobody has read would forgive them, or when the weights a band needs are not stated.
    """
    failing = tuple(inputs)
    answer: Outcome = "fail"
    for band in setting.rules.tolerance:
        if kind not in band.forgives or not in_chapters(setting.chapter, band.chapters):
            continue
        shares = _shares(failing, band, setting)
        for measure, share in shares:
            if share.at_most(band.percent):
                if not doubt(band.source.evidence):
                    return "pass", Tolerated(band, measure, share)
                answer = "open"
        # A band by weight alone cannot be judged without weights; beside a value that was judged it is passed over.
        if not shares:
            answer = "open"
    return answer, None


def weights_wanted(
    inputs: Iterable[Input], kind: Literal["tariff-shift", "wholly-obtained"], setting: Setting
) -> Sentence | None:
    """The warning that a band which may also go by weight was tried by value alone, because a weight is not stated."""
    failing = tuple(inputs)
    for band in setting.rules.tolerance:
        if band.measure != "value-or-weight" or kind not in band.forgives:
            continue
        if not in_chapters(setting.chapter, band.chapters):
            continue
        if weight_share(failing, setting, textile=band.weight_of == "textile-materials") is None:
            return say("warning.no_weight")
    return None


def _shares(
    failing: tuple[Input, ...], band: ToleranceBand, setting: Setting
) -> list[tuple[Literal["value", "weight"], Share]]:
    found: list[tuple[Literal["value", "weight"], Share]] = []
    if band.measure in ("value", "value-or-weight"):
        value = sum(part.value for part in failing)
        figures = setting.figures
        bases = {"FOB": (figures.fob,), "EXW": (figures.ex_works,)}.get(band.base, (figures.fob, figures.ex_works))
        found += [("value", Share(value, price)) for price in bases if price]
    if band.measure in ("weight", "value-or-weight"):
        share = weight_share(failing, setting, textile=band.weight_of == "textile-materials")
        if share is not None:
            found.append(("weight", share))
    return found


def weight_share(inputs: Iterable[Input], setting: Setting, *, textile: bool) -> Share | None:
    """The inputs' share of the weight of the good, or of its textile materials; None while a weight is not stated."""
    weights = [part.material.weight_kg for part in inputs]
    if textile:
        whole_weights = [
            part.material.weight_kg
            for part in setting.figures.inputs
            if part.material.hs is not None and in_chapters(part.material.hs[:2], _TEXTILES)
        ]
        whole = _total(whole_weights)
    else:
        whole = None if setting.product_weight is None else Fraction(setting.product_weight)
    total = _total(weights)
    if total is None or not whole:
        return None
    share = total / whole
    return Share(share.numerator, share.denominator)


def _total(weights: list[Decimal | None]) -> Fraction | None:
    """The exact sum, or None while one is missing."""
    if any(weight is None for weight in weights):
        return None
    return sum((Fraction(weight) for weight in weights if weight is not None), Fraction())
