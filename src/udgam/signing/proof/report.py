"""The outcome of checking a file: numbered steps, each with its own result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from udgam.signing.proof.code import CodeClaims
from udgam.signing.proof.told import Told

Outcome = Literal["pass", "fail", "skipped"]
Status = Literal["issued", "superseded", "cancelled", "unknown"]
Kind = Literal["pdf", "credential", "code", "foreign-pdf", "foreign-credential"]


@dataclass(frozen=True)
class Check:
    """One numbered step. ``id`` is stable for ever; ``name`` is an English msgid.

    ``detail`` is an English sentence; its ``template`` (a msgid) and ``params`` say it in another language.
    """

    step: int
    id: str
    name: str
    outcome: Outcome
    detail: Told
    code: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The step as `udgam verify --json` prints it."""
        return {
            "step": self.step,
            "id": self.id,
            "name": self.name,
            "outcome": self.outcome,
            "detail": str(self.detail),
        }


@dataclass(frozen=True)
class Report:
    """What was found. ``valid``: every proof present holds and the certificate is ours; what became of it later is ``status``.

    ``content`` are the canonical bytes of the content, where the input carries all of it; ``code`` is what a signed code says,
    ``shown`` what a credential shows. None of them is set before the signature over it held. ``other_register`` is the register that
    a proof names when it is not the one believed here, and nothing else speaks against the proof.
    """

    valid: bool
    kind: Kind
    certificate_number: str | None
    status: Status
    integrity: bool
    checks: tuple[Check, ...]
    warnings: tuple[Told, ...] = ()
    content: bytes | None = field(default=None, repr=False)
    code: CodeClaims | None = field(default=None, repr=False)
    shown: Mapping[str, Any] | None = field(default=None, repr=False)
    other_register: str | None = None

    def accepted(self, *, offline: bool) -> bool:
        """Whether the file may be relied on: valid and issued, or valid with its status unknown because nobody was to be asked."""
        return self.valid and (self.status == "issued" or (offline and self.status == "unknown"))

    def outcome(self, check_id: str) -> Outcome | None:
        """The outcome of one step, by its id; None when the file is not of the kind that is checked so."""
        return next((one.outcome for one in self.checks if one.id == check_id), None)

    def to_json(self) -> dict[str, Any]:
        """The object that `udgam verify --json` prints."""
        return {
            "valid": self.valid,
            "kind": self.kind,
            "certificate_number": self.certificate_number,
            "status": self.status,
            "integrity": self.integrity,
            "other_register": self.other_register,
            "warnings": [str(one) for one in self.warnings],
            "checks": [one.to_json() for one in self.checks],
        }
