"""Reading rules of origin, strictly: data that do not hold together are refused, never half used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from string import Formatter
from typing import Any, ClassVar

from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin.processes import PROCESSES
from udgam.rules.origin.rule import AllOf, AnyOf, MaterialLimit, Process, Rule, TariffShift, ValueContent, leaves
from udgam.rules.origin.rules import CriterionText, OriginRules, ToleranceBand
from udgam.rules.plain import from_plain, to_plain
from udgam.rules.refusals import Reason, Refused

REASONS = {
    "origin.rules": Reason("The rules of origin cannot be used: {detail}.", "Correct the data file."),
}

_DEEPEST = 40
_DEEPEST_RULE = 6
_CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2})?)?", re.ASCII)
_CHAPTERS = re.compile(r"([0-9]{2})(?:-([0-9]{2}))?", re.ASCII)
_HUNDRED = Decimal(100)
_PLACEHOLDERS = frozenset({"percent", "threshold", "shift", "value", "method", "heading", "chapter"})


class OriginRulesRefused(Refused):
    """Rules of origin that do not hold together."""

    reasons: ClassVar = REASONS


def read_origin_rules(data: bytes) -> OriginRules:
    """Read rules of origin from JSON. Raises ``OriginRulesRefused`` or ``ShapeRefused``."""
    plain = plain_from_json(data)
    rules = from_plain(OriginRules, plain)
    check_origin_rules(rules)
    return rules


def plain_from_json(data: bytes) -> Any:
    """The plain value of a JSON text; floats, repeated names and deep nesting are refused with ``OriginRulesRefused``."""
    try:
        plain = json.loads(data, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_no_repetition)
    except (ValueError, RecursionError) as fault:
        raise OriginRulesRefused(
            "origin.rules", detail="it is not JSON without fractions and repeated names"
        ) from fault
    if _depth(plain) > _DEEPEST:
        raise OriginRulesRefused("origin.rules", detail="it is nested too deeply")
    return plain


def rules_digest(rules: OriginRules) -> str:
    """SHA-256 over the canonical JSON of the rules, hexadecimal: names exactly what was applied."""
    return hashlib.sha256(canonical_json(to_plain(rules))).hexdigest()


def check_origin_rules(rules: OriginRules) -> None:
    """Raise ``OriginRulesRefused`` when the rules do not hold together; agreements call it on what their file embeds."""
    for code in rules.partners:
        _demand(code == "*" or _is_country(code), f"{code} is no partner")
    _demand(bool(rules.partners), "there is no partner")
    _demand(rules.expires is None or rules.expires >= rules.effective, "they expire before they begin")
    for general in rules.general:
        _demand(
            general.expires is None or general.expires >= general.effective, "a general rule expires before it begins"
        )
        check_rule(general.rule)
    for band in rules.tolerance:
        _check_band(band)
    for cumulation in rules.cumulation:
        if cumulation.rule is not None:
            check_rule(cumulation.rule)
        _check_share(cumulation.own_least)
        for code in cumulation.countries:
            _demand(code == "partners" or _is_country(code), f"{code} is no country of cumulation")
    for operation in rules.minimal_operations:
        _demand(operation.code in PROCESSES, f"there is no process {operation.code}")
    for criterion in rules.criteria:
        _check_criterion(criterion)
    _demand(0 <= rules.percent.decimals <= 6, "percentages have zero to six decimals")
    _check_products(rules)


def check_rule(rule: Rule) -> None:
    """Raise ``OriginRulesRefused`` when a rule's tree is too deep, empty somewhere, or holds an impossible figure."""
    _demand(_rule_depth(rule) <= _DEEPEST_RULE, "a rule is nested too deeply")
    for leaf in leaves(rule):
        if isinstance(leaf, TariffShift):
            _check_codes((*leaf.excluding, *leaf.tolerance_barred))
        elif isinstance(leaf, MaterialLimit):
            _demand(bool(leaf.codes), "a limit names no materials")
            _check_codes(leaf.codes)
            _check_share(leaf.threshold)
        elif isinstance(leaf, ValueContent):
            _check_share(leaf.threshold)
            _demand((leaf.method == "net-cost") == (leaf.base == "NC"), "net cost, and only net cost, has the base NC")
        elif isinstance(leaf, Process):
            _demand(leaf.code in PROCESSES, f"there is no process {leaf.code}")


def in_chapters(chapter: str, ranges: Iterable[str]) -> bool:
    """Whether a two-digit chapter lies in one of the ranges ("01-24", "50")."""
    return any(part[:2] <= chapter <= part[-2:] for part in ranges)


def _check_products(rules: OriginRules) -> None:
    reference = rules.product_rules
    _demand(bool(rules.general) or reference.listed != "no", "there is neither a general rule nor one for products")
    _demand(reference.table is None or reference.listed == "yes", "a table of product rules that are not listed")


def _check_band(band: ToleranceBand) -> None:
    _check_share(band.percent)
    _demand(bool(band.chapters) and bool(band.forgives), "a tolerance without chapters or effect")
    for part in band.chapters:
        found = _CHAPTERS.fullmatch(part)
        _demand(found is not None and (found[2] is None or found[1] <= found[2]), f"{part} is no range of chapters")


def _check_criterion(criterion: CriterionText) -> None:
    for pattern in (criterion.text, criterion.box):
        try:
            names = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
        except ValueError as fault:
            raise OriginRulesRefused("origin.rules", detail=f"the pattern {pattern} has unpaired braces") from fault
        _demand(names <= _PLACEHOLDERS, f"the pattern {pattern} holds an unknown placeholder")
        _demand("percent" not in names or criterion.percent_of != "none", f"{criterion.code} prints a share of nothing")


def _check_codes(codes: Iterable[str]) -> None:
    for code in codes:
        _demand(_CODE.fullmatch(code) is not None, f"{code} is no chapter, heading or subheading")


def _check_share(share: Decimal | None) -> None:
    _demand(share is None or 0 <= share <= _HUNDRED, "a percentage outside 0 to 100")


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _rule_depth(rule: Rule) -> int:
    if isinstance(rule, AllOf | AnyOf):
        _demand(bool(rule.rules), "a group of rules is empty")
        return 1 + max(_rule_depth(part) for part in rule.rules)
    return 1


def _demand(held: bool, detail: str) -> None:
    if not held:
        raise OriginRulesRefused("origin.rules", detail=detail[:200])


def _no_float(text: str) -> object:
    raise ValueError(text)


def _no_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is repeated")
    return value


def _depth(plain: object) -> int:
    deepest, waiting = 0, [(plain, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for part in value.values()]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
    return deepest
