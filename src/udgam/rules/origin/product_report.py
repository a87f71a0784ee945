"""What a table of product rules can decide by itself, and the same table in our own words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from udgam.rules.origin.product_rules import ProductRule, ProductRules
from udgam.rules.origin.rule import AnyOf, Process, Rule, Unread, leaves
from udgam.rules.origin.wording import wording

UNRECOGNISED = "wording not recognised"
PROCESS = "process, unless the case states it"


@dataclass(frozen=True)
class ImportReport:
    """What was imported: rules and rule sets, those the engine decides by itself, and the rest by reason."""

    rules: int
    rules_decided: int
    sets: int
    sets_decided: int
    left: dict[str, tuple[str, ...]]

    def lines(self) -> list[str]:
        """The report for people."""
        said = [
            f"rules: {self.rules_decided} of {self.rules} decided by themselves ({_share(self.rules_decided, self.rules)} %)",
            f"rule sets: {self.sets_decided} of {self.sets} decided by themselves ({_share(self.sets_decided, self.sets)} %)",
        ]
        for reason, where in self.left.items():
            said.append(f"{reason}: {len(where)}")
            said += [f"  {place}" for place in where]
        return said


def report_on(table: ProductRules) -> ImportReport:
    """The report on a table in our own format: each alternative of a row counts as a rule."""
    left: dict[str, list[str]] = {}
    rules = decided = sets = 0
    for row in table.rules:
        alternatives = row.rule.rules if isinstance(row.rule, AnyOf) else (row.rule,)
        reasons = [_reason(part) for part in alternatives]
        rules += len(reasons)
        decided += sum(reason is None for reason in reasons)
        sets += all(reason is None for reason in reasons)
        for part, reason in zip(alternatives, reasons, strict=True):
            if reason is not None:
                left.setdefault(reason, []).append(f"{row.heading} ({row.goods[:60]}): {wording(part)[:120]}")
    listed = {reason: tuple(where) for reason, where in sorted(left.items())}
    return ImportReport(rules, decided, len(table.rules), sets, listed)


def restated(table: ProductRules) -> ProductRules:
    """The same rules with our own wording; the goods are named only where the choice of the rule rests on them."""
    return replace(table, rules=tuple(_restated(row) for row in table.rules))


def _restated(row: ProductRule) -> ProductRule:
    unread = any(isinstance(leaf, Unread) for leaf in leaves(row.rule))
    return replace(row, text=row.text if unread else wording(row.rule), goods=row.goods if row.partial else "")


def _reason(rule: Rule) -> str | None:
    kinds = {type(leaf) for leaf in leaves(rule)}
    if Unread in kinds:
        return UNRECOGNISED
    return PROCESS if Process in kinds else None


def _share(part: int, whole: int) -> str:
    return f"{part * 1000 // whole // 10}.{part * 1000 // whole % 10}" if whole else "0"
