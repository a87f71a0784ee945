"""Deciding the origin of a product, with the working: the one door into the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from udgam.rules.origin.case import Case
from udgam.rules.origin.case_reading import CaseRefused
from udgam.rules.origin.changes import cheapest_change
from udgam.rules.origin.criterion import Criterion, criterion_of
from udgam.rules.origin.data import RuleData
from udgam.rules.origin.finding import Finding, Judgement
from udgam.rules.origin.inputs import name, resolve
from udgam.rules.origin.judging import Judging, needs_of
from udgam.rules.origin.processes import PROCESSES
from udgam.rules.origin.rules import OriginRules
from udgam.rules.origin.sentences import Sentence, say
from udgam.rules.origin.trial import Outcome

_MOST_NAMED = 5
_NOTHING = Decimal(0)


def decide(case: Case, data: RuleData, *, with_change: bool = True) -> Finding:
    """Decide whether the goods of the case originate under the agreement of ``data``.

    ``with_change`` also looks for the cheapest single change when they do not. Raises ``CaseRefused`` when agreement, partner
    and date do not fit together.
    """
    _check_fit(case, data.rules)
    resolved, told, inner_warnings = resolve(case, lambda inner: _outcome(inner, data))
    judging = Judging(case, data, resolved)
    judgement, candidates = judging.judge()
    criterion = None
    needs = list(judgement.needs)
    if judgement.outcome == "pass":
        criterion = criterion_of(judgement, data.rules, case.destination, case.product.hs)
        needs += _box_needs(criterion, data.rules)
    change = None
    if with_change and judgement.outcome == "fail":
        change = cheapest_change(judging, judgement, candidates)
    warnings = (*candidates.warnings, *inner_warnings, *_warnings(case, data.rules, judgement))
    return Finding(
        case=case,
        data=data,
        judgement=judgement,
        criterion=None if criterion is None else criterion.text,
        criterion_code=None if criterion is None else criterion.code,
        box_text=None if criterion is None else criterion.box,
        needs_person=tuple(needs_of(needs)),
        warnings=tuple(needs_of(warnings)),
        told=told,
        change=change,
    )


def compare(case: Case, arrangements: Iterable[RuleData], *, with_change: bool = False) -> tuple[Finding, ...]:
    """The findings under every arrangement that admits the destination on the day, best first.

    Best is: qualifies, then needs a person, then does not; among equals the greater headroom over the threshold, then the code.
    The agreement named in the case is not looked at.
    """
    found = []
    for data in arrangements:
        if data.rules.admits(case.destination) and _in_force(case, data.rules):
            found.append(decide(_under(case, data.rules), data, with_change=with_change))
    return tuple(sorted(found, key=_merit))


def headroom(finding: Finding) -> int:
    """By how many ten-thousandths of a percent the tightest value test was met or missed; a shift alone has all the room."""
    tight = 100 * 10_000
    for test in finding.judgement.trial.winning or finding.tests:
        if test.share is not None and test.threshold is not None:
            up, down = test.threshold.as_integer_ratio()
            gap = test.share.part * 100 * 10_000 // test.share.whole - up * 10_000 // down
            tight = min(tight, -gap if test.at_most else gap)
    return tight


def _merit(finding: Finding) -> tuple[int, int, str]:
    rank = {True: 0, None: 1, False: 2}[finding.qualifies]
    return rank, -headroom(finding), finding.data.rules.agreement


def _outcome(case: Case, data: RuleData) -> Outcome:
    """Whether a part made in India originates. What was spent on it beside its materials is not stated, only that it cannot be
    more than its value leaves: "open" where such costs might make it originate."""
    resolved, _, _ = resolve(case, lambda inner: _outcome(inner, data))
    judgement, _ = Judging(case, data, resolved).judge()
    left = (case.product.fob or _NOTHING) - sum(part.value for part in case.materials)
    if judgement.outcome == "fail" and left > 0:
        costly = replace(case, costs=replace(case.costs, labour=left))
        return "fail" if Judging(costly, data, resolved).judge()[0].outcome == "fail" else "open"
    return judgement.outcome


def _under(case: Case, rules: OriginRules) -> Case:
    """The same facts under another agreement; countries it does not know cannot be cumulated."""
    return Case(
        agreement=rules.agreement,
        destination=case.destination,
        on=case.on,
        product=case.product,
        wholly_obtained=case.wholly_obtained,
        materials=case.materials,
        costs=case.costs,
        cumulate_with=tuple(code for code in case.cumulate_with if _may_cumulate(code, rules)),
        processes=case.processes,
    )


def _may_cumulate(country: str, rules: OriginRules) -> bool:
    named = {code for cumulation in rules.cumulation for code in cumulation.countries} - {"partners"}
    return country != "IN" and (country in named or country in rules.partners)


def _in_force(case: Case, rules: OriginRules) -> bool:
    return rules.effective <= case.on and (rules.expires is None or case.on <= rules.expires)


def _check_fit(case: Case, rules: OriginRules) -> None:
    if case.agreement != rules.agreement:
        raise CaseRefused("case.agreement", agreement=case.agreement, given=rules.agreement)
    if not rules.admits(case.destination):
        raise CaseRefused("case.partner", country=case.destination, agreement=rules.agreement)
    if not _in_force(case, rules):
        raise CaseRefused("case.not_in_force", agreement=rules.agreement, on=case.on.isoformat())
    for country in case.cumulate_with:
        if not _may_cumulate(country, rules):
            raise CaseRefused("case.partner", country=country, agreement=rules.agreement)


def _box_needs(criterion: Criterion | None, rules: OriginRules) -> list[Sentence]:
    if criterion is None:
        return [say("person.unverified", what="the criterion", source=rules.agreement)]
    if criterion.box is None:
        return [say("person.unverified", what="the wording of the box", source=criterion.chosen.source.citation)]
    return []


def _warnings(case: Case, rules: OriginRules, judgement: Judgement) -> list[Sentence]:
    found: list[Sentence] = []
    figures = judgement.figures
    for test in judgement.trial.tests:
        if test.warning is not None and (judgement.outcome != "pass" or test.warning.code != "warning.no_weight"):
            found.append(test.warning)
        if test.source.evidence == "secondary" and test.outcome != "open":
            found.append(say("warning.secondary", what=test.name, source=test.source.citation))
        if test.outcome == "skipped" and judgement.outcome == "fail":
            found.append(say("warning.no_ex_works"))
        if test.tolerated is not None and test.tolerated.band.source.evidence == "secondary":
            found.append(say("warning.secondary", what="the tolerance", source=test.tolerated.band.source.citation))
    price = figures.fob or figures.ex_works or 0
    spent = figures.vnm + figures.vom + figures.labour + figures.overhead + figures.profit
    spent += figures.other if figures.fob else 0
    if spent > price:
        found.append(say("warning.costs", sum=figures.text(spent), price=figures.text(price)))
    if rules.materials_valued == "CIF":
        stated = [
            part
            for part in figures.inputs
            if part.standing == "non-originating" and part.material.value_basis not in (None, "CIF", "cif")
        ]
        if stated:
            names = "; ".join(name(part.material) for part in stated[:_MOST_NAMED])
            found.append(say("warning.basis", basis="CIF", materials=names))
    if not rules.cumulation:
        found += [say("warning.cumulation", country=country) for country in case.cumulate_with]
    found += [say("warning.process", process=code[:60]) for code in case.processes if code not in PROCESSES]
    return found
