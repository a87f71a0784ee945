"""A registered firm's record is fetched again: what changed is applied, kept for the page, and filing stops where it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter, ExporterBranch
from udgam.flow.registration.places import TaxPlace, firm_pan, places_of
from udgam.flow.registration.services.complete import add_branch
from udgam.flow.registration.services.records import keep_local_copy
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.parties.accounts.queries import current_tokens
from udgam.rules.binding import CertificateFacts, Decision, decide_exporter
from udgam.rules.firm import FirmRecord
from udgam.rules.firm_changes import Difference, differences


def finish_refresh(*, exporter_id: UUID, firm: FirmRecord, actor: Actor, now: datetime) -> tuple[Difference, ...]:
    """Take a freshly fetched record over. Answers what changed, in the order of the page "My IEC details"."""
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(public_id=exporter_id)
        keep_local_copy(firm=firm, now=now)
        before = queries.firm_record(exporter)
        if firm.fetched_at < exporter.record_fetched_at:
            # Another fetch was quicker and brought a newer record.
            return ()
        changes = differences(before, firm)
        exporter.record = firm.to_json()
        exporter.record_fetched_at = firm.fetched_at
        exporter.name = firm.name[:300]
        exporter.unavailable_since = None
        _apply_branches(exporter, before, firm, now)
        decide_filing(exporter=exporter, firm=firm, now=now)
        if changes:
            exporter.last_changes = [_plain(change) for change in changes]
            exporter.last_changes_at = now
        exporter.save()
        audit(
            act="exporter.record_refreshed",
            subject=f"exporter:{exporter.public_id}",
            actor=actor,
            now=now,
            details={
                "changes": [change.code for change in changes],
                "source": firm.source,
                "stopped": exporter.filing_stopped,
            },
        )
    return changes


def refresh_unavailable(*, exporter_id: UUID, since: datetime) -> None:
    """The register does not answer; the stored record stays as it is."""
    with transaction.atomic():
        Exporter.objects.filter(public_id=exporter_id).update(unavailable_since=since)


def stop_unknown(*, exporter_id: UUID, actor: Actor, now: datetime) -> None:
    """The register no longer has this IEC: filing stops; the stored record stays for what was filed with it."""
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(public_id=exporter_id)
        exporter.filing_stopped = "register.iec_unknown"
        exporter.filing_stopped_params = {"iec": exporter.iec}
        exporter.unavailable_since = None
        exporter.save(update_fields=["filing_stopped", "filing_stopped_params", "unavailable_since"])
        audit(
            act="exporter.record_refreshed",
            subject=f"exporter:{exporter.public_id}",
            actor=actor,
            now=now,
            details={"stopped": exporter.filing_stopped},
        )


def decide_filing(*, exporter: Exporter, firm: FirmRecord, now: datetime) -> None:
    """Set why the firm may not file, or that it may: one of its tokens must still be good for this record.

    A withdrawn agreement stays what it is; the register cannot mend it.
    """
    if exporter.filing_stopped == "filing.consent_withdrawn":
        return
    decisions = [
        decide_exporter(
            facts,
            firm,
            exporter.iec,
            exceptions=queries.name_exceptions_for(exporter.iec, facts.to_json(), facts.sha256),
        )
        for facts in _facts_in_use(exporter, now=now)
    ]
    code, params = _stopped(decisions)
    exporter.filing_stopped, exporter.filing_stopped_params = code, dict(params)


def _facts_in_use(exporter: Exporter, *, now: datetime) -> list[CertificateFacts]:
    """The facts of the enrolled, unexpired certificates of the firm's people, newest first."""
    rows = [token for person in queries.members_of(exporter.id) for token in current_tokens(person)]
    return [CertificateFacts.from_json(token.facts) for token in rows if token.valid_to > now]


def _stopped(decisions: list[Decision]) -> tuple[str, Mapping[str, str]]:
    if any(decision.allowed for decision in decisions):
        return "", {}
    if not decisions:
        return "filing.no_token", {}
    return decisions[0].reason or "", decisions[0].params


def _apply_branches(exporter: Exporter, before: FirmRecord, firm: FirmRecord, now: datetime) -> None:
    """New branches come without a tax place; gone ones are marked; a moved branch or a new PAN needs its tax place again."""
    rows = {row.code: row for row in ExporterBranch.objects.select_for_update().filter(exporter=exporter)}
    pan_changed = firm_pan(before) != firm_pan(firm)
    wanted = {place.code: place for place in places_of(firm)}
    for code, place in wanted.items():
        row = rows.get(code)
        if row is None:
            add_branch(exporter=exporter, place=place, tax=TaxPlace(), now=now)
            continue
        if pan_changed or row.state_code != place.state_code or row.removed_at is not None:
            row.gstin, row.is_sez, row.sez_state_code = "", False, ""
        row.address = asdict(place.address)
        row.state_code = place.state_code
        row.removed_at = None
        row.save()
    for code, row in rows.items():
        if code not in wanted and row.removed_at is None:
            row.removed_at = now
            row.save(update_fields=["removed_at"])


def _plain(change: Difference) -> dict[str, object]:
    return {"code": change.code, "field": change.field, "effect": change.effect, "params": dict(change.params)}
