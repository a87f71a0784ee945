"""What a test of a rule gives back: its outcome, its figures and why, in words and as data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from udgam.rules.origin.figures import Figures, Share
from udgam.rules.origin.rule import AllOf, AnyOf, Evidence, Leaf, Source
from udgam.rules.origin.rules import HsEdition, OriginRules, ToleranceBand
from udgam.rules.origin.sentences import Sentence

# "open": a person must decide. "skipped": what the test needs is not stated, and another alternative may serve.
Outcome = Literal["pass", "fail", "open", "skipped"]


@dataclass(frozen=True, slots=True)
class Tolerated:
    """The tolerance that forgave materials: the band and the share they are."""

    band: ToleranceBand
    measure: Literal["value", "weight"]
    share: Share


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test with its figures. ``share`` was compared with ``threshold``; ``open_because`` says what a person must decide."""

    __test__ = False

    name: str
    outcome: Outcome
    detail: Sentence
    source: Source
    leaf: Leaf | None = None
    share: Share | None = None
    threshold: Decimal | None = None
    at_most: bool = False
    tolerated: Tolerated | None = None
    open_because: tuple[Sentence, ...] = ()
    warning: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule tried on figures: every test in the order of the rule, and those through which it was met."""

    outcome: Outcome
    tests: tuple[TestResult, ...]
    winning: tuple[TestResult, ...]

    @property
    def tolerance_used(self) -> bool:
        return any(test.tolerated is not None for test in self.winning)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tests of a trial share. ``codes`` gives the codes that a code of HS 2022 may have in the rule's edition."""

    rules: OriginRules
    figures: Figures
    product_code: str
    product_weight: Decimal | None
    wholly_obtained: bool
    processes: frozenset[str]
    edition: HsEdition | None
    earlier: dict[str, tuple[str, ...]]
    currency: str

    def codes(self, code: str) -> tuple[str, ...]:
        """The code in the edition of the rule: itself where nothing says otherwise."""
        return self.earlier.get(code[:6]) or (code,)

    @property
    def chapter(self) -> str:
        return self.product_code[:2]


def join(rule: AllOf | AnyOf, trials: list[Trial]) -> Trial:
    """Join the trials of the parts: one failure fails "all of", one success is enough for "any of".

    A skipped part leaves "all of" open and is passed over in "any of" while another part was decided.
    """
    tests = tuple(test for trial in trials for test in trial.tests)
    outcomes = [trial.outcome for trial in trials]
    if isinstance(rule, AllOf):
        if "fail" in outcomes:
            return Trial("fail", tests, ())
        if all(outcome == "pass" for outcome in outcomes):
            return Trial("pass", tests, tuple(test for trial in trials for test in trial.winning))
        return Trial("skipped" if set(outcomes) <= {"pass", "skipped"} else "open", tests, ())
    for trial in trials:
        if trial.outcome == "pass":
            return Trial("pass", tests, trial.winning)
    decided = [outcome for outcome in outcomes if outcome != "skipped"]
    if not decided:
        return Trial("skipped", tests, ())
    return Trial("open" if "open" in decided else "fail", tests, ())


def doubt(evidence: Evidence) -> bool:
    """Whether a field of that evidence decides nothing."""
    return evidence == "unverified"
