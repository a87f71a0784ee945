"""Why an office refuses, what a visit to the goods can show, and when a second person must sign.

The codes are kept with the decision for ever; the sentences are what people read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from udgam.rules.refusals import Reason

# Reasons for refusing an application. Handbook of Procedures, paragraphs 2.91 to 2.93: what the agency must be satisfied of.
REFUSAL_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "origin_not_shown": "The origin of the goods is not shown",
        "origin_not_met": "The goods do not meet the rule of origin",
        "papers_contradict": "The papers contradict the application",
        "papers_missing": "Papers that are needed were not given",
        "paper_not_genuine": "A paper is not genuine",
        "question_not_answered": "The questions of the office were not answered",
        "visit_failed": "The visit to the goods did not confirm the application",
        "applied_twice": "A certificate for this consignment exists or is applied for elsewhere",
        "wrong_arrangement": "The goods or the destination do not fall under this arrangement",
        "too_late": "The time within which a certificate can be issued is over",
        "other": "Another reason",
    }
)

# The fee of a refused application is paid back, except where somebody tried to deceive.
NOT_REFUNDED = frozenset({"paper_not_genuine"})

# What a visit to the goods or the works showed.
VISIT_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": "The goods and the production are as applied for",
        "differs": "Something differs from the application",
        "impossible": "The visit was not possible",
    }
)

Level = Literal["low", "medium", "high"]
LEVELS: Mapping[Level, str] = MappingProxyType({"low": "Low", "medium": "Medium", "high": "High"})

# What raises the risk of a case: the weight, and the sentence that the officer reads.
SIGNALS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "rules_find": (3, "The rules find something in the signed data."),
        "same_invoice": (3, "Another application of the firm names the same invoice."),
        "refused_before": (2, "An application of the firm was refused within a year."),
        "contradicts_engine": (2, "The exporter claims another criterion than the rules compute."),
        "first_of_firm": (1, "This is the firm’s first certificate from this agency."),
        "new_goods": (1, "The firm has no earlier certificate for these goods."),
        "after_shipment": (1, "The goods have already left."),
        "third_party": (1, "A third party invoices the goods."),
    }
)
_HIGH, _MEDIUM = 4, 2

REASONS = {
    "duty.same_person": Reason(
        "Another officer must sign this certificate, for you have approved the application.",
        "Leave it to a colleague, or give the case back to examination.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Risk:
    """How carefully a case wants to be looked at, and the codes of ``SIGNALS`` that say why."""

    level: Level
    signals: tuple[str, ...]


def assess(**signals: bool) -> Risk:
    """The risk of a case from the signals that hold. An unknown signal raises ``KeyError``."""
    if unknown := set(signals) - set(SIGNALS):
        raise KeyError(*unknown)
    held = tuple(code for code in SIGNALS if signals.get(code))
    weight = sum(SIGNALS[code][0] for code in held)
    return Risk(level="high" if weight >= _HIGH else "medium" if weight >= _MEDIUM else "low", signals=held)


@dataclass(frozen=True, kw_only=True)
class SeparationPolicy:
    """When an agency wants examiner and signatory to be two people.

    ``always``: for every case. ``from_amount``: from this FOB value in rupees on; a value that is not known counts as large.
    ``from_level``: from this risk on. With none of them one person may do both.
    """

    always: bool = False
    from_amount: Decimal | None = None
    from_level: Level | None = None


def two_people_needed(policy: SeparationPolicy, *, risk: Risk, fob_inr: Decimal | None) -> bool:
    """Whether somebody else than the officer who approved must sign."""
    if policy.always:
        return True
    if policy.from_amount is not None and (fob_inr is None or fob_inr >= policy.from_amount):
        return True
    order = list(LEVELS)
    return policy.from_level is not None and order.index(risk.level) >= order.index(policy.from_level)
