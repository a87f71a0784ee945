"""Each test that a rule of origin can ask for, on the figures of one trial."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from udgam.rules.origin.figures import Figures, Input, Share
from udgam.rules.origin.reading import in_chapters
from udgam.rules.origin.rule import (
    AllOf,
    AnyOf,
    Leaf,
    MaterialLimit,
    Process,
    ProducedEntirely,
    Rule,
    TariffShift,
    Unread,
    ValueContent,
    WhollyObtained,
)
from udgam.rules.origin.sentences import Sentence, say
from udgam.rules.origin.tolerance import forgiven, weight_share, weights_wanted
from udgam.rules.origin.trial import Outcome, Setting, TestResult, Trial, doubt, join

_DIGITS = {"CC": 2, "CTH": 4, "CTSH": 6}
_MOST_NAMED = 6
PRINTED = 2


def try_rule(rule: Rule, setting: Setting) -> Trial:
    """Try a rule. A leaf whose text nobody has read is computed and left open."""
    if isinstance(rule, AllOf | AnyOf):
        return join(rule, [try_rule(part, setting) for part in rule.rules])
    result = _TESTS[type(rule)](rule, setting)
    if doubt(rule.source.evidence) and result.outcome != "open":
        because = say("person.unverified", what=result.name, source=rule.source.citation)
        result = _opened(result, because)
    return Trial(result.outcome, (result,), (result,) if result.outcome == "pass" else ())


def _opened(result: TestResult, because: Sentence) -> TestResult:
    return TestResult(
        name=result.name,
        outcome="open",
        detail=result.detail,
        source=result.source,
        leaf=result.leaf,
        share=result.share,
        threshold=result.threshold,
        at_most=result.at_most,
        open_because=(*result.open_because, because),
        warning=result.warning,
    )


def _wholly_obtained(leaf: WhollyObtained, setting: Setting) -> TestResult:
    name = "WO"
    if setting.wholly_obtained:
        return TestResult(name, "pass", say("test.wholly_obtained"), leaf.source, leaf)
    foreign = _non_originating(setting.figures)
    outcome, tolerated = forgiven(foreign, "wholly-obtained", setting)
    if tolerated is not None:
        detail = say(
            "test.wholly_tolerated",
            percent=_plain(tolerated.band.percent),
            share=tolerated.share.text(PRINTED, rounding="up"),
        )
        return TestResult(name, "pass", detail, leaf.source, leaf, tolerated=tolerated)
    because = (say("person.weight"),) if outcome == "open" else ()
    warning = weights_wanted(foreign, "wholly-obtained", setting) if outcome == "fail" else None
    detail = say("test.not_wholly_obtained")
    return TestResult(name, outcome, detail, leaf.source, leaf, open_because=because, warning=warning)


def _produced_entirely(leaf: ProducedEntirely, setting: Setting) -> TestResult:
    foreign = _non_originating(setting.figures)
    if foreign:
        return TestResult("PE", "fail", say("test.not_entirely", materials=name_all(foreign)), leaf.source, leaf)
    return TestResult("PE", "pass", say("test.entirely"), leaf.source, leaf)


def _tariff_shift(leaf: TariffShift, setting: Setting) -> TestResult:
    failing: list[Input] = []
    unclear: list[Input] = []
    looked_at = [part for part in _non_originating(setting.figures) if part.in_shift]
    seen: dict[str | None, Outcome] = {}
    for part in looked_at:
        code = part.material.hs
        if code not in seen:
            seen[code] = _shifts(code, leaf, setting)
        if seen[code] == "fail":
            failing.append(part)
        elif seen[code] == "open":
            unclear.append(part)
    warning = None
    if looked_at and setting.edition not in (None, "2022") and not setting.earlier:
        warning = say("warning.edition", edition=str(setting.edition))
    if not failing and not unclear:
        code = "test.shift" if looked_at else "test.shift_none"
        params = {"code": setting.product_code[:6], "level": leaf.level} if looked_at else {}
        return TestResult(leaf.level, "pass", say(code, **params), leaf.source, leaf, warning=warning)
    return _forgive_shift(leaf, setting, failing, unclear, warning)


def _forgive_shift(
    leaf: TariffShift, setting: Setting, failing: list[Input], unclear: list[Input], warning: Sentence | None
) -> TestResult:
    code = setting.product_code[:6]
    barred = any(_under(part.material.hs, leaf.tolerance_barred, setting) for part in failing)
    outcome, tolerated = ("fail", None) if barred else forgiven([*failing, *unclear], "tariff-shift", setting)
    hidden = [
        part for part in (*failing, *unclear) if _under(part.material.hs, leaf.tolerance_barred, setting) is not False
    ]
    if tolerated is not None and hidden:
        # Of a code that is missing or too short nobody can say that the tolerance may forgive it.
        detail = say("test.shift_failed", level=leaf.level, code=code, materials=name_all([*failing, *unclear]))
        because = say("person.codes", materials=name_all(hidden))
        return TestResult(leaf.level, "open", detail, leaf.source, leaf, open_because=(because,), warning=warning)
    if tolerated is not None:
        detail = say(
            "test.shift_tolerated",
            level=leaf.level,
            code=code,
            materials=name_all([*failing, *unclear]),
            percent=_plain(tolerated.band.percent),
            measure=f"by {tolerated.measure}",
            share=tolerated.share.text(PRINTED, rounding="up"),
        )
        return TestResult(leaf.level, "pass", detail, leaf.source, leaf, tolerated=tolerated, warning=warning)
    if failing and unclear and outcome == "fail" and not barred:
        # The unclear ones may be all right: then only the failing ones need forgiving.
        outcome = "open" if forgiven(failing, "tariff-shift", setting)[0] != "fail" else "fail"
    if not failing:
        detail = say("test.shift_open", level=leaf.level, materials=name_all(unclear))
        because = say("person.codes", materials=name_all(unclear))
        return TestResult(leaf.level, "open", detail, leaf.source, leaf, open_because=(because,), warning=warning)
    detail = say("test.shift_failed", level=leaf.level, code=code, materials=name_all(failing))
    reasons = _tolerance_doubts(setting) if outcome == "open" else ()
    if outcome == "fail" and not barred:
        warning = warning or weights_wanted(failing, "tariff-shift", setting)
    return TestResult(leaf.level, outcome, detail, leaf.source, leaf, open_because=reasons, warning=warning)


def _tolerance_doubts(setting: Setting) -> tuple[Sentence, ...]:
    bands = [band for band in setting.rules.tolerance if in_chapters(setting.chapter, band.chapters)]
    unread = [band for band in bands if doubt(band.source.evidence)]
    if unread:
        return (say("person.unverified", what="the tolerance", source=unread[0].source.citation),)
    return (say("person.weight"),)


def _shifts(code: str | None, leaf: TariffShift, setting: Setting) -> Outcome:
    """Whether a material of that code meets the shift; "open" when its code is too short or may have moved either way."""
    if code is None:
        return "open"
    answers: set[Outcome] = set()
    for mine in setting.codes(code):
        for product in setting.codes(setting.product_code):
            answers.add(_shifts_between(mine, product, leaf))
    return answers.pop() if len(answers) == 1 else "open"


def _shifts_between(code: str, product: str, leaf: TariffShift) -> Outcome:
    if any(code.startswith(part) for part in leaf.excluding):
        return "fail"
    digits = _DIGITS[leaf.level]
    common = min(len(code), digits)
    if code[:common] == product[:common]:
        return "open" if common < digits else "fail"
    return "open" if any(part.startswith(code) for part in leaf.excluding) else "pass"


def _value(leaf: ValueContent, setting: Setting) -> TestResult:
    figures = setting.figures
    name = f"{leaf.name} {'build-up' if leaf.method.startswith('build-up') else leaf.method}"
    price = figures.base(leaf.base)
    if price is None:
        because = say("person.price", base=leaf.base)
        detail = say("test.no_base", base=leaf.base)
        return TestResult(name, "skipped", detail, leaf.source, leaf, threshold=leaf.threshold, open_because=(because,))
    share = content_share(leaf, figures)
    at_most = leaf.method == "ceiling"
    met = share.at_most(leaf.threshold) if at_most else share.at_least(leaf.threshold)
    outcome: Outcome = "pass" if met else "fail"
    reasons: tuple[Sentence, ...] = ()
    if leaf.method.startswith("build-up") and share.part > share.whole:
        outcome, reasons = "open", (say("person.over_whole"),)
        detail = say("test.over_whole", base=leaf.base, share=share.text(PRINTED))
    else:
        detail = _value_detail(leaf, figures, share, price)
    return TestResult(
        name,
        outcome,
        detail,
        leaf.source,
        leaf,
        share=share,
        threshold=leaf.threshold,
        at_most=at_most,
        open_because=reasons,
    )


def content_share(leaf: ValueContent, figures: Figures) -> Share:
    """The share a value test compares; the base must be stated."""
    price = figures.base(leaf.base)
    if price is None:
        raise ValueError(leaf.base)
    if leaf.method == "ceiling":
        return Share(figures.vnm, price)
    if leaf.method in ("build-down", "net-cost"):
        return Share(price - figures.vnm, price)
    return Share(figures.vom + sum(amount for _, amount in _added(leaf, figures)), price)


def _added(leaf: ValueContent, figures: Figures) -> list[tuple[str, int]]:
    """What a build-up adds to the materials."""
    if leaf.method == "build-up-materials":
        return []
    parts = [("labour", figures.labour), ("overhead", figures.overhead)]
    if leaf.method in ("build-up-profit", "build-up-profit-and-other"):
        parts.append(("profit", figures.profit))
    if leaf.method == "build-up-profit-and-other":
        parts.append(("other", figures.other))
    return parts


def _value_detail(leaf: ValueContent, figures: Figures, share: Share, price: int) -> Sentence:
    threshold = _plain(leaf.threshold)
    if leaf.method == "ceiling":
        return say(
            "test.ceiling",
            vnm=figures.text(figures.vnm),
            base=leaf.base,
            price=figures.text(price),
            share=share.text(PRINTED, rounding="up"),
            threshold=threshold,
        )
    printed = share.text(PRINTED)
    if leaf.method == "net-cost":
        vnm = figures.text(figures.vnm)
        return say("test.net_cost", price=figures.text(price), vnm=vnm, share=printed, threshold=threshold)
    common = {"base": leaf.base, "price": figures.text(price), "share": printed, "threshold": threshold}
    if leaf.method == "build-down":
        return say("test.build_down", vnm=figures.text(figures.vnm), **common)
    added = {name: figures.text(amount) for name, amount in _added(leaf, figures)}
    sentence = f"test.{leaf.method.replace('-', '_')}"
    return say(sentence, vom=figures.text(figures.vom), **added, **common)


def _material_limit(leaf: MaterialLimit, setting: Setting) -> TestResult:
    """The limit on what is surely of the codes; open where codes too short to say would decide it."""
    foreign = _non_originating(setting.figures)
    counted = [part for part in foreign if _under(part.material.hs, leaf.codes, setting)]
    hidden = [part for part in foreign if _under(part.material.hs, leaf.codes, setting) is None]
    result = _limit_on(counted, leaf, setting)
    if not hidden or result.outcome == "fail":
        return result
    if _limit_on([*counted, *hidden], leaf, setting).outcome == result.outcome:
        return result
    because = say("person.codes", materials=name_all(hidden))
    return _opened(result, because)


def _limit_on(counted: list[Input], leaf: MaterialLimit, setting: Setting) -> TestResult:
    name = f"limit {','.join(leaf.codes)}"
    shares: list[Share] = []
    if leaf.measure in ("value", "value-or-weight"):
        value = sum(part.value for part in counted)
        figures = setting.figures
        bases = {"FOB": (figures.fob,), "EXW": (figures.ex_works,)}.get(leaf.base, (figures.fob, figures.ex_works))
        shares += [Share(value, price) for price in bases if price]
    warning = None
    if leaf.measure in ("weight", "value-or-weight"):
        by_weight = weight_share(counted, setting, textile=False)
        shares += [by_weight] if by_weight is not None else []
        warning = say("warning.no_weight") if by_weight is None else None
    if not shares:
        detail = say("test.limit_open", codes=", ".join(leaf.codes))
        return TestResult(name, "skipped", detail, leaf.source, leaf, open_because=(say("person.weight"),))
    best = min(shares, key=lambda share: Fraction(share.part, share.whole))
    detail = say(
        "test.limit",
        codes=", ".join(leaf.codes),
        share=best.text(PRINTED, rounding="up"),
        threshold=_plain(leaf.threshold),
    )
    outcome: Outcome = "pass" if any(share.at_most(leaf.threshold) for share in shares) else "fail"
    return TestResult(
        name,
        outcome,
        detail,
        leaf.source,
        leaf,
        share=best,
        threshold=leaf.threshold,
        at_most=True,
        warning=warning if outcome == "fail" else None,
    )


def _process(leaf: Process, setting: Setting) -> TestResult:
    if leaf.code in setting.processes:
        return TestResult(leaf.code, "pass", say("test.process", process=leaf.text), leaf.source, leaf)
    because = (say("person.process", process=leaf.text),)
    detail = say("test.process_unstated", process=leaf.text)
    return TestResult(leaf.code, "open", detail, leaf.source, leaf, open_because=because)


def _unread(leaf: Unread, setting: Setting) -> TestResult:
    because = (say("person.unread", text=leaf.text),)
    return TestResult("text", "open", say("test.unread", text=leaf.text), leaf.source, leaf, open_because=because)


def _non_originating(figures: Figures) -> list[Input]:
    return [part for part in figures.inputs if part.standing == "non-originating"]


def _under(code: str | None, codes: Iterable[str], setting: Setting) -> bool | None:
    """Whether a material is of one of the codes in the edition of the rule; None when its code is missing, too short, or may
    have moved either way."""
    listed = tuple(codes)
    if not listed:
        return False
    if code is None:
        return None
    answers = {_prefixed(mine, listed) for mine in setting.codes(code)}
    return answers.pop() if len(answers) == 1 else None


def _prefixed(code: str, codes: tuple[str, ...]) -> bool | None:
    if any(code.startswith(part) for part in codes):
        return True
    return None if any(part.startswith(code) for part in codes) else False


def name_all(inputs: Iterable[Input]) -> str:
    """The first few materials by code and description, and how many more there are."""
    listed = [f"{part.material.hs or '?'} {part.material.description}".strip()[:80] for part in inputs]
    more = f" (+{len(listed) - _MOST_NAMED})" if len(listed) > _MOST_NAMED else ""
    return "; ".join(listed[:_MOST_NAMED]) + more


def _plain(percent: Any) -> str:
    text = format(percent, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_TESTS: dict[type[Leaf], Any] = {
    WhollyObtained: _wholly_obtained,
    ProducedEntirely: _produced_entirely,
    TariffShift: _tariff_shift,
    ValueContent: _value,
    MaterialLimit: _material_limit,
    Process: _process,
    Unread: _unread,
}
