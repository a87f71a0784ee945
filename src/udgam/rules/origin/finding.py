"""The finding about a product: yes, no or a person, with the whole working."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from udgam.rules.origin.case import Case
from udgam.rules.origin.data import RuleData
from udgam.rules.origin.figures import Figures
from udgam.rules.origin.rule import Source
from udgam.rules.origin.rules import Cumulation
from udgam.rules.origin.sentences import Sentence
from udgam.rules.origin.trial import Outcome, TestResult, Trial

# By which door the goods came in, or were turned away.
Route = Literal["wholly-obtained", "produced-entirely", "general", "product-specific", "none"]


@dataclass(frozen=True, slots=True)
class Change:
    """The cheapest single change that would make the goods qualify. ``amount`` is what it costs in materials, or None."""

    kind: Literal["cumulate", "replace", "part", "ex-works"]
    sentence: Sentence
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One complete attempt: the rule tried, on which figures, with or without cumulation."""

    outcome: Outcome
    route: Route
    text: str
    source: Source
    trial: Trial
    figures: Figures
    cumulation: Cumulation | None = None
    needs: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the engine found. ``qualifies`` is None where a person must decide; ``needs_person`` then says what."""

    case: Case
    data: RuleData
    judgement: Judgement
    criterion: str | None
    criterion_code: str | None
    box_text: str | None
    needs_person: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]
    told: tuple[Sentence, ...]
    change: Change | None

    @property
    def qualifies(self) -> bool | None:
        return {"pass": True, "fail": False}.get(self.judgement.outcome)

    @property
    def tests(self) -> tuple[TestResult, ...]:
        return self.judgement.trial.tests
