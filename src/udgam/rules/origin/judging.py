"""Trying a case against the rules that may apply to it: first by itself, then with cumulation, and keeping the best attempt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from udgam.rules.origin.candidates import Candidate, Candidates, candidates_of
from udgam.rules.origin.case import Case
from udgam.rules.origin.data import RuleData
from udgam.rules.origin.figures import Figures, Share, decimal_places, figures_of
from udgam.rules.origin.finding import Judgement
from udgam.rules.origin.inputs import Resolved, inputs_of, name
from udgam.rules.origin.leaf_tests import PRINTED, try_rule
from udgam.rules.origin.processes import PROCESSES
from udgam.rules.origin.rule import Rule, Source
from udgam.rules.origin.rules import Cumulation, HsEdition
from udgam.rules.origin.sentences import Sentence, say
from udgam.rules.origin.trial import Outcome, Setting, TestResult, Trial, doubt

_NOBODY: frozenset[str] = frozenset()
_RANK: dict[Outcome, int] = {"pass": 0, "open": 1, "skipped": 2, "fail": 3}


class Judging:
    """One case under one agreement, with what all attempts share."""

    def __init__(self, case: Case, data: RuleData, resolved: tuple[Resolved, ...]) -> None:
        self.case, self.data, self.resolved = case, data, resolved
        self.places = decimal_places(case)
        self._earlier: dict[HsEdition | None, dict[str, tuple[str, ...]]] = {}
        self._doubtful = tuple(part for part in resolved if part.doubtful)
        side = data.rules.side_materials.source
        has_side = any(part.material.role != "material" for part in resolved)
        # A treatment that nobody has read is not applied: side materials count like any other until a person decides.
        self._side_unread = has_side and doubt(side.evidence)

    def judge(self) -> tuple[Judgement, Candidates]:
        """The best attempt: the first that passes, else the first that a person could decide, else the first."""
        figures = self.figures()
        minimal = self._minimal_only(figures)
        settled = self._settled_before_any_rule(figures)
        if settled is None and minimal is not None and minimal.outcome == "fail":
            settled = minimal
        if settled is not None:
            return settled, Candidates((), (), ())
        entirely = self._entirely(figures)
        judgement, candidates = self._by_rule() if entirely is None else (entirely, Candidates((), (), ()))
        if minimal is None or judgement.outcome == "fail":
            return judgement, candidates
        # A list of minimal operations that nobody has read bars nothing by itself, and what meets the rule may still be barred.
        trial = replace(judgement.trial, tests=(*judgement.trial.tests, *minimal.trial.tests), winning=())
        needs = tuple(needs_of((*judgement.needs, *minimal.needs)))
        return replace(judgement, outcome="open", trial=trial, needs=needs), candidates

    def _by_rule(self) -> tuple[Judgement, Candidates]:
        candidates = candidates_of(self.case, self.data)
        if not candidates.rules:
            nothing = Trial("open", (), ())
            source = self.data.rules.product_rules.source
            figures = self.figures()
            return Judgement("open", "none", "", source, nothing, figures, needs=candidates.needs), candidates
        best: Judgement | None = None
        for judgement in self._attempts(candidates.rules):
            if best is None or _RANK[judgement.outcome] < _RANK[best.outcome]:
                best = judgement
            if best.outcome == "pass":
                break
        assert best is not None  # noqa: S101 - there is at least one candidate
        if candidates.needs and best.outcome == "fail":
            # A rule that could not be followed may still be met.
            best = replace(best, outcome="open", needs=(*best.needs, *candidates.needs))
        return best, candidates

    def figures(
        self, counted: frozenset[str] = _NOBODY, *, doubtful_originate: bool = False, treated: bool | None = None
    ) -> Figures:
        """The figures when the materials of these countries count. ``treated``: side materials as the agreement is thought to
        say; None: only where its text was read."""
        inputs = inputs_of(
            self.resolved,
            self.data.rules,
            self.places,
            counted=counted,
            doubtful_originate=doubtful_originate,
            side_treated=not self._side_unread if treated is None else treated,
        )
        return figures_of(self.case, inputs, self.places)

    def countries(self, cumulation: Cumulation) -> frozenset[str]:
        """The countries whose materials the case may count under that provision."""
        rules, case = self.data.rules, self.case
        permitted: Iterable[str] = rules.partners if "partners" in cumulation.countries else cumulation.countries
        allowed = {case.destination} if cumulation.kind == "bilateral" else set(permitted)
        if cumulation.kind == "bilateral" and case.destination not in permitted and "*" not in permitted:
            allowed = set()
        return frozenset(allowed & set(case.cumulate_with))

    def _settled_before_any_rule(self, figures: Figures) -> Judgement | None:
        case, rules = self.case, self.data.rules
        source = rules.wholly_obtained
        if case.wholly_obtained:
            needs: tuple[Sentence, ...] = ()
            if figures.vnm:
                needs = (say("person.contradiction"),)
            if doubt(source.evidence):
                needs = (*needs, say("person.unverified", what="WO", source=source.citation))
            outcome: Outcome = "open" if needs else "pass"
            test = TestResult("WO", outcome, say("test.wholly_obtained"), source)
            trial = Trial(outcome, (test,), () if needs else (test,))
            return Judgement(outcome, "wholly-obtained", "", source, trial, figures, needs=needs)
        if not case.materials:
            trial = Trial("open", (), ())
            needs = (say("person.no_materials"),)
            return Judgement("open", "none", "", source, trial, figures, needs=needs)
        return None

    def _minimal_only(self, figures: Figures) -> Judgement | None:
        """Goods on which only insufficient operations were carried out never originate."""
        carried_out = [code for code in self.case.processes if code in PROCESSES]
        listed = {operation.code: operation.source for operation in self.data.rules.minimal_operations}
        if not carried_out or not all(code in listed for code in carried_out):
            return None
        sources = [listed[code] for code in carried_out]
        unread = [source for source in sources if doubt(source.evidence)]
        detail = say("test.minimal", processes=", ".join(carried_out))
        outcome: Outcome = "open" if unread else "fail"
        what = "the list of minimal operations"
        needs = (say("person.unverified", what=what, source=unread[0].citation),) if unread else ()
        test = TestResult("minimal operations", outcome, detail, sources[0], open_because=needs)
        trial = Trial(outcome, (test,), ())
        return Judgement(outcome, "none", "", sources[0], trial, figures, needs=needs)

    def _entirely(self, figures: Figures) -> Judgement | None:
        """Goods made of originating materials only, where the agreement has a criterion for them."""
        words = [text for text in self.data.rules.criteria if text.when == "produced-entirely"]
        if not words or doubt(words[0].source.evidence) or self._doubtful:
            return None
        if any(part.standing != "originating" for part in figures.inputs):
            return None
        test = TestResult("PE", "pass", say("test.entirely"), words[0].source)
        trial = Trial("pass", (test,), (test,))
        return Judgement("pass", "produced-entirely", "", words[0].source, trial, figures)

    def _attempts(self, candidates: Iterable[Candidate]) -> Iterator[Judgement]:
        listed = tuple(candidates)
        for candidate in listed:
            yield self._attempt(candidate, None, _NOBODY)
        for cumulation in self.data.rules.cumulation:
            counted = self.countries(cumulation)
            if counted and any(part.origin in counted for part in self.resolved):
                for candidate in listed:
                    yield self._attempt(candidate, cumulation, counted)

    def _attempt(self, candidate: Candidate, cumulation: Cumulation | None, counted: frozenset[str]) -> Judgement:
        """The rule on the figures as they are known. What only holds, or only fails, while nobody knows whether a part
        originates or how side materials are treated is left to a person."""
        judgement = self._tried(candidate, cumulation, counted, self.figures(counted))
        if judgement.outcome == "open":
            return judgement
        for doubtful, treated in self._other_ways(judgement.outcome):
            figures = self.figures(counted, doubtful_originate=doubtful, treated=treated)
            if self._tried(candidate, cumulation, counted, figures).outcome != judgement.outcome:
                needs = (*judgement.needs, *self._doubts(judgement.outcome))
                return replace(judgement, outcome="open", needs=needs)
        return judgement

    def _other_ways(self, outcome: Outcome) -> list[tuple[bool, bool | None]]:
        """How else the figures may be. A part that originates can only help, so what holds without it needs no second look."""
        parts = [False, True] if self._doubtful and outcome == "fail" else [False]
        treatments: list[bool | None] = [None, True] if self._side_unread else [None]
        return [(part, treatment) for part in parts for treatment in treatments][1:]

    def _doubts(self, outcome: Outcome) -> list[Sentence]:
        needs = []
        if self._doubtful and outcome == "fail":
            needs.append(say("person.inner", materials="; ".join(name(part.material) for part in self._doubtful)))
        if self._side_unread:
            source = self.data.rules.side_materials.source
            needs.append(say("person.unverified", what="the treatment of side materials", source=source.citation))
        return needs

    def _tried(
        self, candidate: Candidate, cumulation: Cumulation | None, counted: frozenset[str], figures: Figures
    ) -> Judgement:
        own_rule = cumulation.rule if cumulation is not None else None
        rule = own_rule if own_rule is not None else candidate.rule
        setting = self._setting(figures, candidate.edition)
        trial, needs = self._agreed(candidate, rule, setting)
        outcome: Outcome = "open" if trial.outcome == "skipped" else trial.outcome
        source = candidate.source
        if cumulation is not None and cumulation.own_least is not None:
            trial = _with_own_share(trial, cumulation, figures)
            outcome = "open" if trial.outcome == "skipped" else trial.outcome
        for source_in_doubt, what in (
            (candidate.source, "the rule"),
            (cumulation and cumulation.source, "the cumulation"),
        ):
            if source_in_doubt and doubt(source_in_doubt.evidence) and outcome != "open":
                if what == "the cumulation" and outcome == "fail":
                    continue
                outcome = "open"
                needs = (*needs, say("person.unverified", what=what, source=source_in_doubt.citation))
        if outcome == "open":
            needs = (*needs, *_open_reasons(trial))
        return Judgement(
            outcome, candidate.kind, candidate.text, source, trial, figures, cumulation, tuple(needs_of(needs))
        )

    def _agreed(self, candidate: Candidate, rule: Rule, setting: Setting) -> tuple[Trial, tuple[Sentence, ...]]:
        """The trial of the rule; where several rules may be the goods' own, all must come to the same end."""
        trial = try_rule(rule, setting)
        if candidate.kind == "general" or rule is not candidate.rule:
            return trial, ()
        others = [try_rule(other.rule, setting) for other in candidate.also]
        if not candidate.uncertain and all(other.outcome == trial.outcome for other in others):
            # With equal outcomes the first stands for all.
            return trial, ()
        rows = "; ".join([candidate.key, *(other.key for other in candidate.also)])
        tests = (*trial.tests, *(test for other in others for test in other.tests))
        return Trial("open", tests, ()), (say("person.which_row", rows=rows[:600]),)

    def _setting(self, figures: Figures, edition: HsEdition | None) -> Setting:
        case = self.case
        return Setting(
            rules=self.data.rules,
            figures=figures,
            product_code=case.product.hs,
            product_weight=case.product.weight_kg,
            wholly_obtained=case.wholly_obtained,
            processes=frozenset(case.processes),
            edition=edition,
            earlier=self._codes_in(edition),
            currency=case.product.currency,
        )

    def _codes_in(self, edition: HsEdition | None) -> dict[str, tuple[str, ...]]:
        correlation = self.data.correlation
        if correlation is None or correlation.edition != edition:
            return {}
        if edition not in self._earlier:
            codes = {self.case.product.hs[:6]}
            codes |= {part.material.hs[:6] for part in self.resolved if part.material.hs is not None}
            self._earlier[edition] = {code: correlation.codes(code) for code in codes}
        return self._earlier[edition]


def needs_of(needs: Iterable[Sentence]) -> list[Sentence]:
    """The sentences, each once."""
    seen: dict[str, Sentence] = {}
    for sentence in needs:
        seen.setdefault(sentence.english, sentence)
    return list(seen.values())


def _open_reasons(trial: Trial) -> list[Sentence]:
    return [
        reason
        for test in trial.tests
        if test.outcome == "open" or (test.outcome == "skipped" and trial.outcome == "skipped")
        for reason in test.open_because
    ]


def _with_own_share(trial: Trial, cumulation: Cumulation, figures: Figures) -> Trial:
    """Add the test of what India itself adds: the price less the materials of all other countries."""
    threshold = cumulation.own_least
    base = "FOB" if figures.fob else "EXW"
    price = figures.fob or figures.ex_works
    if threshold is None or price is None:
        return trial
    share = Share(price - figures.vnm - figures.partner, price)
    outcome: Outcome = "pass" if share.at_least(threshold) else "fail"
    detail = say(
        "test.own_share", share=share.text(PRINTED), base=base, price=figures.text(price), threshold=f"{threshold:f}"
    )
    source: Source = cumulation.source
    own = TestResult("own content", outcome, detail, source, share=share, threshold=threshold)
    tests = (*trial.tests, own)
    if outcome == "fail":
        return Trial("fail", tests, ())
    return Trial(trial.outcome, tests, (*trial.winning, own) if trial.outcome == "pass" else ())
