"""Reading a criterion as it is printed: which of the agreement's texts it follows, and the figure it states.

The letter B states the share of non-originating materials, C and the words RVC or QVC the originating content, so a figure is
read together with the text it stands in, agreement by agreement; there is no table that serves two of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter

from udgam.rules.agreements import Agreement
from udgam.rules.content.parts import Item
from udgam.rules.origin import CriterionText, OriginRules, ValueContent, leaves

_NUMBER = r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,6})?"
_FORMS = {
    "percent": _NUMBER,
    "threshold": _NUMBER,
    "shift": "(?:CC|CTH|CTSH)",
    "value": "[A-Z]{2,4}",
    "method": "build (?:up|down)",
    "heading": r"[0-9]{2}\.?[0-9]{2}",
    "chapter": "[0-9]{2}",
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a printed criterion states. ``percent`` is None where the text has none, ``threshold`` where no text seen sets one."""

    row: CriterionText
    percent: Decimal | None
    threshold: Decimal | None

    @property
    def passes(self) -> bool:
        """Whether the figure is on the right side of the threshold, or nothing is to be compared."""
        if self.percent is None or self.threshold is None:
            return True
        return (
            self.percent <= self.threshold
            if self.row.percent_of == "non-originating"
            else self.percent >= self.threshold
        )


def has_texts(item: Item, agreement: Agreement) -> bool:
    """Whether the agreement fixes how this criterion is written."""
    return agreement.origin is not None and any(row.code == item.criterion for row in agreement.origin.criteria)


def read(item: Item, agreement: Agreement) -> Figure | None:
    """The figure of an item's criterion; None when what is printed follows none of the agreement's texts for it.

    Where several texts fit, the one whose figure passes is meant.
    """
    origin = agreement.origin
    if origin is None:
        return None
    printed = "" if item.criterion == "blank" else item.criterion_printed
    found = []
    for row in origin.criteria:
        # Nothing made in India is a product of a least developed country.
        match = (
            re.fullmatch(_pattern(row.box), printed)
            if row.code == item.criterion and row.when != "least-developed"
            else None
        )
        if match is not None:
            percent = match.groupdict().get("percent")
            found.append(
                Figure(row=row, percent=Decimal(percent) if percent else None, threshold=_threshold(row, origin))
            )
    return next((figure for figure in found if figure.passes), found[0] if found else None)


def _pattern(box: str) -> str:
    parts = []
    for text, name, _, _ in Formatter().parse(box):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P<{name}>{_FORMS[name]})" if f"(?P<{name}>" not in "".join(parts) else _FORMS[name])
    return "".join(parts)


def _threshold(row: CriterionText, origin: OriginRules) -> Decimal | None:
    """The threshold that the stated share must pass, in the terms of that share; only from texts that somebody has read."""
    if row.when == "general":
        rules = [general.rule for general in origin.general if general.expires is None]
    elif row.when == "cumulation":
        rules = [one.rule for one in origin.cumulation if one.rule is not None]
        rules = rules or [general.rule for general in origin.general if general.expires is None]
    else:
        return None
    values = [
        leaf
        for rule in rules
        for leaf in leaves(rule)
        if isinstance(leaf, ValueContent) and leaf.source.evidence != "unverified" and _is_for(row, leaf)
    ]
    wants_ceiling = row.percent_of == "non-originating"
    shares = [
        leaf.threshold if (leaf.method == "ceiling") == wants_ceiling else 100 - leaf.threshold for leaf in values
    ]
    if not shares:
        return None
    return max(shares) if wants_ceiling else min(shares)


def _is_for(row: CriterionText, leaf: ValueContent) -> bool:
    if row.by == "build-up":
        return leaf.method.startswith("build-up")
    if row.by == "build-down":
        return not leaf.method.startswith("build-up")
    return True
