"""What a lint and a finding are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.refusals import Reason


@dataclass(frozen=True)
class Fault:
    """Where a lint does not hold, and the values its sentence needs. ``where`` is a path in the content: items[2].hs_code."""

    where: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Lint:
    """A rule about the content of certificates. ``name`` states what must hold; ``citation`` says who says so."""

    name: str
    citation: str
    effective: date
    reason: Reason
    check: Callable[[CertificateContent, Agreement], Iterable[Fault]]

    @property
    def code(self) -> str:
        return f"lint.{self.name}"


@dataclass(frozen=True)
class Finding:
    """A lint that does not hold, ready to be shown. A certificate with any finding is not signed."""

    lint: str
    code: str
    where: str
    message: str
    advice: str
    params: Mapping[str, str]


def finding(lint: Lint, fault: Fault) -> Finding:
    """Fill in the sentences of a fault."""
    return Finding(
        lint=lint.name,
        code=lint.code,
        where=fault.where,
        message=lint.reason.message.format_map(fault.params),
        advice=lint.reason.advice.format_map(fault.params),
        params=fault.params,
    )
