"""From the edition of the Harmonized System in which goods are coded to the one in which a rule is written.

The tables come from the operator: the United Nations Statistics Division publishes the correlations of the World Customs Organization,
code against code. Without one, a code is followed only where it stands in the rule itself.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, get_args

from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin.rules import HsEdition
from udgam.rules.refusals import Reason, Refused

CORRELATION_REASONS = {
    "correlation.form": Reason(
        "The correlation table cannot be used: {detail}.",
        "Give a CSV file with one column of codes for each of the two editions, named like HS2022 and HS2017.",
    ),
}

GOODS_EDITION: HsEdition = "2022"
_MOST_ROWS = 60_000
_SUBHEADING = 6
_HEADER = re.compile(r"\W*HS\W*(\d{4})\W*", re.ASCII | re.IGNORECASE)
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


class CorrelationRefused(Refused):
    """The table of correlations cannot be read."""

    reasons: ClassVar = CORRELATION_REASONS


@dataclass(frozen=True)
class Correlation:
    """For six-digit codes of HS 2022 the codes they had in ``edition``; ``sha256`` is over the rows in order."""

    edition: HsEdition
    earlier: Mapping[str, tuple[str, ...]]
    sha256: str

    def codes(self, code: str) -> tuple[str, ...]:
        """What a code may have been, as far as it is written out; empty when the table does not know it."""
        if len(code) >= _SUBHEADING:
            return self.earlier.get(code[:_SUBHEADING], ())
        under = (old for new, codes in self.earlier.items() if new.startswith(code) for old in codes)
        return tuple(sorted({old[: len(code)] for old in under}))


def read_correlation(data: bytes) -> Correlation:
    """Read a CSV with a header naming both editions. Raises ``CorrelationRefused``."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise CorrelationRefused("correlation.form", detail="it is not CSV in UTF-8") from fault
    if len(rows) < 2 or len(rows) > _MOST_ROWS:
        raise CorrelationRefused("correlation.form", detail="it has no rows, or far too many")
    goods, rule, edition = _columns(rows[0])
    earlier: dict[str, set[str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(goods, rule):
            raise CorrelationRefused("correlation.form", detail=f"line {number} is too short")
        code, old = (row[place].strip().replace(".", "").zfill(6) for place in (goods, rule))
        if _CODE.fullmatch(code) is None or _CODE.fullmatch(old) is None:
            raise CorrelationRefused("correlation.form", detail=f"line {number} holds no two codes of six digits")
        earlier.setdefault(code, set()).add(old)
    ordered = {code: tuple(sorted(earlier[code])) for code in sorted(earlier)}
    written = canonical_json({"edition": edition, "rows": {code: list(codes) for code, codes in ordered.items()}})
    return Correlation(edition=edition, earlier=ordered, sha256=hashlib.sha256(written).hexdigest())


def _columns(header: list[str]) -> tuple[int, int, HsEdition]:
    named = {found[1]: place for place, cell in enumerate(header) if (found := _HEADER.fullmatch(cell.strip()))}
    others = [edition for edition in named if edition != GOODS_EDITION]
    if GOODS_EDITION not in named or len(others) != 1 or others[0] not in get_args(HsEdition):
        raise CorrelationRefused("correlation.form", detail="its header does not name HS2022 and one other edition")
    return named[GOODS_EDITION], named[others[0]], others[0]  # type: ignore[return-value]
