"""Yes or no, with the reason: may the firm file, is this certificate good for signing, may this page be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from cryptography.x509 import Certificate

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter, Membership
from udgam.flow.registration.reasons import text_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.trust import facts_of
from udgam.rules import duties
from udgam.rules.binding import Decision, decide_exporter


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with the reason. The sentences are in the language of whoever reads them."""

    allowed: bool
    reason: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    decision: Decision | None = None

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def message(self) -> str:
        return text_of(self.reason, self.params).message if self.reason else ""

    @property
    def advice(self) -> str:
        return text_of(self.reason, self.params).advice if self.reason else ""


YES = Verdict(allowed=True)


def may_file(exporter: Exporter, now: datetime, *, branch: str | None = None) -> Verdict:
    """Whether the firm may file now, from the branch with this code or, without one, from any.

    No network: call `fetching.refresh_record` first, since a record older than a day refuses.
    """
    if exporter.filing_stopped:
        return Verdict(allowed=False, reason=exporter.filing_stopped, params=exporter.filing_stopped_params)
    ready = set(queries.branches_of(exporter, ready_only=True).values_list("code", flat=True))
    missing = set(queries.branches_of(exporter).values_list("code", flat=True)) - ready
    if not ready:
        return Verdict(allowed=False, reason="filing.no_branch_ready")
    firm = queries.firm_record(exporter)
    if firm.source == "import":
        # Where an operator imports files, the newest file is the register; its date is shown, not held against the firm.
        firm = replace(firm, fetched_at=now)
    answer = duties.may_file(
        firm,
        now=now,
        branches_without_tax_place=missing if branch is not None else (),
        contact_proved=not queries.unproved_channels(exporter),
        branch=branch,
    )
    return YES if answer.allowed else Verdict(allowed=False, reason=answer.reason or "", params=answer.params)


def may_undo(person: Person, exporter: Exporter, *, is_signed: bool) -> Verdict:
    """Whether this account may take back, withdraw or give up what belongs to the firm."""
    membership = queries.membership_of(person)
    acts = membership is not None and membership.exporter_id == exporter.pk
    answer = duties.may_undo(
        cast(duties.FirmRole, membership.role) if acts and membership is not None else None, is_signed=is_signed
    )
    return YES if answer.allowed else Verdict(allowed=False, reason=answer.reason or "", params=answer.params)


def may_sign(person: Person, exporter: Exporter) -> Verdict:
    """Whether this account may sign and submit for the firm. Whether the token may is the binding table's to say."""
    membership = queries.membership_of(person)
    acts = membership is not None and membership.exporter_id == exporter.pk
    if acts and membership is not None and membership.role == Membership.Role.SIGNATORY:
        return YES
    return Verdict(allowed=False, reason="people.not_signatory", params={"firm": exporter.name})


def may_manage_people(person: Person, exporter: Exporter) -> Verdict:
    """Whether this account may invite and dismiss for the firm: its signatories may."""
    return may_sign(person, exporter)


def signatory_token_accepts(exporter: Exporter, certificate: Certificate) -> Verdict:
    """Whether a certificate may sign for this firm: the binding table again, on the stored record.

    The caller has checked the certificate's path and revocation. A decision is kept in `Verdict.decision` for the evidence.
    """
    facts = facts_of(certificate)
    decision = decide_exporter(
        facts,
        queries.firm_record(exporter),
        exporter.iec,
        exceptions=queries.name_exceptions_for(exporter.iec, facts.to_json(), facts.sha256),
    )
    if decision.allowed:
        return Verdict(allowed=True, decision=decision)
    return Verdict(allowed=False, reason=decision.reason or "", params=decision.params, decision=decision)
