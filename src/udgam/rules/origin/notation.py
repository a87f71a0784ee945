"""Rules in one line, as people write them: ``CTH except 2009 or (CTSH and QVC build-down FOB 45)``.

    rule    = term { "or" term }
    term    = factor { "and" factor }
    factor  = "(" rule ")" | leaf
    leaf    = "WO" | "PE"
            | ("CC" | "CTH" | "CTSH") [ "except" codes ] [ "untolerated" codes ]
            | name method base percent            QVC build-down EXW 40
            | "LIMIT" codes measure base percent  LIMIT 10,11 value-or-weight FOB-or-EXW 30
            | "PROCESS" code                      PROCESS chemical-reaction
            | "UNREAD"                            the wording beside it is for a person
    codes   = code { "," code }                   two, four or six digits each

Names of value tests are capital letters. The leaves take their source, and unread ones their wording, from the row
in which the line stands.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import ClassVar, get_args

from udgam.rules.origin.processes import PROCESSES
from udgam.rules.origin.rule import (
    AllOf,
    AnyOf,
    MaterialLimit,
    Measure,
    Process,
    ProducedEntirely,
    Rule,
    ShiftLevel,
    Source,
    TariffShift,
    Unread,
    ValueBase,
    ValueContent,
    ValueMethod,
    WhollyObtained,
)
from udgam.rules.refusals import Reason, Refused

NOTATION_REASONS = {
    "notation.form": Reason(
        "The rule {text} cannot be read at {place}.", "Write it as the format of product rules describes."
    ),
}

_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_NAME = re.compile(r"[A-Z]{2,12}", re.ASCII)
_DEEPEST = 6
_LONGEST = 2_000


class NotationRefused(Refused):
    """A line that is not a rule in our notation."""

    reasons: ClassVar = NOTATION_REASONS


def read_rule(line: str, *, source: Source, text: str) -> Rule:
    """Read a rule from its line. Raises ``NotationRefused``."""
    return _Reader(line, source, text).whole()


def write_rule(rule: Rule) -> str:
    """The line of a rule; reading it again with the same source and wording gives the same rule."""
    if isinstance(rule, AllOf | AnyOf):
        word = " and " if isinstance(rule, AllOf) else " or "
        return word.join(
            f"({write_rule(part)})" if isinstance(part, AllOf | AnyOf) else write_rule(part) for part in rule.rules
        )
    if isinstance(rule, TariffShift):
        excluding = f" except {','.join(rule.excluding)}" if rule.excluding else ""
        barred = f" untolerated {','.join(rule.tolerance_barred)}" if rule.tolerance_barred else ""
        return f"{rule.level}{excluding}{barred}"
    if isinstance(rule, ValueContent):
        return f"{rule.name} {rule.method} {rule.base} {rule.threshold}"
    if isinstance(rule, MaterialLimit):
        return f"LIMIT {','.join(rule.codes)} {rule.measure} {rule.base} {rule.threshold}"
    if isinstance(rule, Process):
        return f"PROCESS {rule.code}"
    return {"wholly-obtained": "WO", "produced-entirely": "PE", "unread": "UNREAD"}[rule.kind]


class _Reader:
    def __init__(self, line: str, source: Source, text: str) -> None:
        self._line, self._source, self._text = line, source, text
        self._tokens = _TOKEN.findall(line[:_LONGEST])
        self._at = 0

    def whole(self) -> Rule:
        rule = self._either(1)
        if self._at != len(self._tokens) or len(self._line) > _LONGEST:
            raise self._refused()
        return rule

    def _either(self, depth: int) -> Rule:
        if depth > _DEEPEST:
            raise self._refused()
        parts = [self._both(depth)]
        while self._takes("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(rules=tuple(parts))

    def _both(self, depth: int) -> Rule:
        parts = [self._factor(depth)]
        while self._takes("and"):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else AllOf(rules=tuple(parts))

    def _factor(self, depth: int) -> Rule:
        if self._takes("("):
            rule = self._either(depth + 1)
            if not self._takes(")"):
                raise self._refused()
            return rule
        return self._leaf(self._next())

    def _leaf(self, word: str) -> Rule:
        if word == "WO":
            return WhollyObtained(source=self._source)
        if word == "PE":
            return ProducedEntirely(source=self._source)
        if word == "UNREAD":
            return Unread(text=self._text, source=self._source)
        if word == "PROCESS":
            code = self._next()
            if code not in PROCESSES:
                raise self._refused()
            return Process(code=code, text=PROCESSES[code], source=self._source)
        if word in get_args(ShiftLevel):
            excluding = self._codes() if self._takes("except") else ()
            barred = self._codes() if self._takes("untolerated") else ()
            return TariffShift(level=word, excluding=excluding, tolerance_barred=barred, source=self._source)  # type: ignore[arg-type]
        if word == "LIMIT":
            codes = self._codes()
            measure, base = self._one_of(get_args(Measure)), self._one_of(("FOB", "EXW", "FOB-or-EXW"))
            percent = self._percent()
            return MaterialLimit(
                codes=codes,
                measure=measure,  # type: ignore[arg-type]
                base=base,  # type: ignore[arg-type]
                threshold=percent,
                source=self._source,
            )
        if _NAME.fullmatch(word) is None:
            raise self._refused()
        method, base = self._one_of(get_args(ValueMethod)), self._one_of(get_args(ValueBase))
        return ValueContent(name=word, method=method, base=base, threshold=self._percent(), source=self._source)  # type: ignore[arg-type]

    def _codes(self) -> tuple[str, ...]:
        codes = tuple(self._next().split(","))
        if not all(code.isascii() and code.isdigit() and len(code) in (2, 4, 6) for code in codes):
            raise self._refused()
        return codes

    def _percent(self) -> Decimal:
        word = self._next()
        try:
            value = Decimal(word) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", word, re.ASCII) else None
        except InvalidOperation:
            value = None
        if value is None or value > 100:
            raise self._refused()
        return value

    def _one_of(self, words: tuple[str, ...]) -> str:
        word = self._next()
        if word not in words:
            raise self._refused()
        return word

    def _takes(self, word: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == word:
            self._at += 1
            return True
        return False

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise self._refused()
        self._at += 1
        token: str = self._tokens[self._at - 1]
        return token

    def _refused(self) -> NotationRefused:
        place = self._tokens[self._at - 1] if 0 < self._at <= len(self._tokens) else "its end"
        return NotationRefused("notation.form", text=self._line[:120], place=place[:40])
