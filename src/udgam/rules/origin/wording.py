"""A rule of origin in plain words, put together from sentences that can be translated one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from udgam.rules.origin.processes import PROCESSES
from udgam.rules.origin.rule import (
    AllOf,
    AnyOf,
    MaterialLimit,
    Process,
    ProducedEntirely,
    Rule,
    TariffShift,
    Unread,
    ValueContent,
    WhollyObtained,
)
from udgam.rules.origin.sentences import as_it_is, told

WORDINGS: Mapping[str, str] = MappingProxyType(
    {
        "wholly-obtained": "the goods are wholly obtained",
        "produced-entirely": "the goods are made of originating materials only",
        "CC": "every non-originating material comes from another chapter (CC)",
        "CTH": "every non-originating material comes from another heading (CTH)",
        "CTSH": "every non-originating material comes from another subheading (CTSH)",
        "excluding": "{rule}, none of them from {codes}",
        "barred": "{rule}, without any tolerance for {codes}",
        "least": "{name} of at least {percent} % of {base} ({method})",
        "most": "non-originating materials of at most {percent} % of {base}",
        "limit": "non-originating materials of {codes} are at most {percent} % ({measure})",
        "process": "the process is carried out: {process}",
        "unread": "in the words of the text: {text}",
        "all": "{first} and {second}",
        "any": "{first}, or {second}",
        "group": "({rule})",
        "build-down": "build-down",
        "build-up-profit-and-other": "build-up with profit and other costs",
        "build-up-profit": "build-up with profit",
        "build-up-cost": "build-up without profit",
        "build-up-materials": "build-up of materials only",
        "net-cost": "of net cost",
        "FOB": "the FOB value",
        "EXW": "the ex-works price",
        "NC": "the net cost",
        "by-value": "by value",
        "by-weight": "by weight",
        "by-value-or-weight": "by value or by weight",
    }
)


def wording(rule: Rule, translate: Callable[[str], str] = as_it_is, quote: Callable[[str], str] = as_it_is) -> str:
    """The rule in words. ``translate`` turns each English piece, with its placeholders, into another language; ``quote`` marks what
    stays in the language of its text."""

    def piece(key: str, **values: str) -> str:
        return translate(WORDINGS[key]).format_map(values)

    if isinstance(rule, AllOf | AnyOf):
        key = "all" if isinstance(rule, AllOf) else "any"
        parts = [
            piece("group", rule=wording(part, translate, quote))
            if isinstance(part, AllOf | AnyOf)
            else wording(part, translate, quote)
            for part in rule.rules
        ]
        joined = parts[-1]
        for part in reversed(parts[:-1]):
            joined = piece(key, first=part, second=joined)
        return joined
    if isinstance(rule, TariffShift):
        text = piece(rule.level)
        if rule.excluding:
            text = piece("excluding", rule=text, codes=", ".join(rule.excluding))
        return piece("barred", rule=text, codes=", ".join(rule.tolerance_barred)) if rule.tolerance_barred else text
    if isinstance(rule, ValueContent):
        percent, base = _percent(rule.threshold), piece(rule.base)
        if rule.method == "ceiling":
            return piece("most", percent=percent, base=base)
        return piece("least", name=rule.name, percent=percent, base=base, method=piece(rule.method))
    if isinstance(rule, MaterialLimit):
        measure = piece(f"by-{rule.measure}")
        return piece("limit", codes=", ".join(rule.codes), percent=_percent(rule.threshold), measure=measure)
    if isinstance(rule, Process):
        return piece("process", process=translate(PROCESSES[rule.code]))
    if isinstance(rule, Unread):
        return piece("unread", text=told(rule.text, translate, quote))
    if not isinstance(rule, WhollyObtained | ProducedEntirely):
        raise TypeError(type(rule).__name__)
    return piece(rule.kind)


def _percent(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
