"""The shape of every "no" in the platform.

A refusal has a stable code ("area.reason"), an English sentence that says what is wrong and one that says what to do.
Both sentences may hold named placeholders in braces. The code and the placeholders are the contract: a web page looks up
the translated sentence by its English text and fills in the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple


class Reason(NamedTuple):
    """The two English sentences behind a code; placeholders stand in braces."""

    message: str
    advice: str


class Refused(Exception):
    """Base of every refusal raised by the rules.

    A subclass owns its table of reasons; a code outside that table is a programming error and raises ``KeyError``.
    """

    reasons: ClassVar[Mapping[str, Reason]] = {}

    def __init__(self, code: str, /, **params: str) -> None:
        reason = self.reasons[code]
        self.code = code
        self.params: Mapping[str, str] = params
        self.message = reason.message.format_map(params)
        self.advice = reason.advice.format_map(params)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions travel between processes in background work; keyword arguments are lost by the default way.
        return _rebuild, (type(self), self.code, dict(self.params))


def _rebuild(kind: type[Refused], code: str, params: dict[str, str]) -> Refused:
    return kind(code, **params)


@dataclass(frozen=True)
class Answer:
    """Yes, or no with the reason: what a policy question returns."""

    allowed: bool
    reason: str | None = None
    message: str = ""
    advice: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(allowed=True)


def no(reasons: Mapping[str, Reason], code: str, /, **params: str) -> Answer:
    """Make the refusing answer for ``code``, with its sentences filled in."""
    reason = reasons[code]
    return Answer(
        allowed=False,
        reason=code,
        message=reason.message.format_map(params),
        advice=reason.advice.format_map(params),
        params=params,
    )
