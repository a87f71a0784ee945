"""What the table answers, in a form that can be kept as evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from udgam.rules.binding.facts import IecFinding
from udgam.rules.binding.names import names_agree
from udgam.rules.binding.reasons import REASONS
from udgam.rules.refusals import Answer

# The table's version is kept with every decision. It changes whenever a decision could come out differently.
TABLE_VERSION = "udgam.binding/1"


@dataclass(frozen=True)
class NameException:
    """An administrator's recorded decision that two close writings mean the same person or organisation.

    It opens exactly this pair of writings and only a near miss: two different names stay refused. ``reference`` names the
    record of that decision, with its evidence.
    """

    subject: Literal["holder", "organisation"]
    in_certificate: str
    in_record: str
    reference: str


@dataclass(frozen=True)
class Decision:
    """Whether a certificate may act, by which row of which version of the table, or why not.

    ``rule`` is the row that decided, or "before the table" when none was reached. ``near_miss`` holds the name in the
    certificate and the name in the record. ``person`` is the listed person the holder was found to be. ``exception`` is the
    reference of the administrator's decision that was needed, or None.
    """

    allowed: bool
    rule: str
    reason: str | None = None
    message: str = ""
    advice: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    near_miss: tuple[str, str] | None = None
    version: str = TABLE_VERSION
    person: str | None = None
    finding: IecFinding | None = None
    exception: str | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def to_json(self) -> dict[str, Any]:
        """The decision as plain JSON values, to be kept with the evidence."""
        finding = self.finding
        return {
            "allowed": self.allowed,
            "rule": self.rule,
            "reason": self.reason,
            "message": self.message,
            "advice": self.advice,
            "params": dict(self.params),
            "near_miss": list(self.near_miss) if self.near_miss else None,
            "version": self.version,
            "person": self.person,
            "finding": {
                "value": finding.value,
                "profile": finding.profile,
                "where": finding.where,
                "evidence": finding.evidence,
            }
            if finding
            else None,
            "exception": self.exception,
        }


def refuse(rule: str, code: str, /, *, near_miss: tuple[str, str] | None = None, **params: str) -> Decision:
    """The refusing decision for ``code``."""
    reason = REASONS[code]
    return Decision(
        allowed=False,
        rule=rule,
        reason=code,
        message=reason.message.format_map(params),
        advice=reason.advice.format_map(params),
        params=params,
        near_miss=near_miss,
    )


def refuse_kind(rule: str, answer: Answer) -> Decision:
    """The refusing decision for an answer about the kind of certificate."""
    return Decision(
        allowed=False,
        rule=rule,
        reason=answer.reason,
        message=answer.message,
        advice=answer.advice,
        params=answer.params,
    )


def exception_for(
    subject: Literal["holder", "organisation"], in_certificate: str, in_record: str, exceptions: Sequence[NameException]
) -> NameException | None:
    """The recorded decision that opens this near miss, if there is one."""
    kind: Literal["person", "organisation"] = "person" if subject == "holder" else "organisation"
    for exception in exceptions:
        if (
            exception.subject == subject
            and names_agree(exception.in_certificate, in_certificate, kind) == "equal"
            and names_agree(exception.in_record, in_record, kind) == "equal"
        ):
            return exception
    return None
