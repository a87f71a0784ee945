"""What is computed of the origin of the goods, and how the exporter's claim stands to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from udgam.flow.applications.arrangements import is_preferential, offered
from udgam.flow.applications.models import ApplicationItem
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.ground.agreements.queries import rule_data_for, rule_data_on
from udgam.rules import findings as rules
from udgam.rules.content import ApplicationContent, CostSheet, Item, OriginClaim
from udgam.rules.findings import (
    ClaimStanding,
    ItemFinding,
    LineFinding,
    alternatives,
    contradicts,
    finding_for_item,
    standing_of,
)
from udgam.rules.origin import Finding, RuleData

# How many other agreements are named beside a finding.
MOST_ALTERNATIVES = 6
NOTHING_KEPT: Mapping[int, bytes] = MappingProxyType({})


def findings_for(
    items: Sequence[Item], sheets: Sequence[CostSheet], *, data: RuleData | None, destination: str, on: date
) -> dict[int, ItemFinding]:
    """The finding for every line, by its number. ``data`` decides; None where no rule of origin does."""
    listed = {sheet.item: sheet for sheet in sheets}
    return {
        item.number: finding_for_item(item, listed.get(item.number), data=data, destination=destination, on=on)
        for item in items
    }


def findings_of(content: ApplicationContent) -> tuple[ItemFinding, ...]:
    """The findings for all lines of what was signed, by the data under which it was signed."""
    return rules.findings_of(content, rule_data_for(content))


def item_with(item: Item, claim: ApplicationItem, found: ItemFinding) -> Item:
    """The line as it will be signed: it names its finding, and where the claim leaves the box open the proposed text."""
    text = item.criterion_text
    finding = found.finding
    if not text and finding is not None and finding.criterion_code == claim.criterion and finding.box_text:
        text = finding.box_text
    return replace(item, criterion_text=text, finding_sha256=found.sha256)


def claim_with(row: ApplicationItem, item: Item, found: ItemFinding) -> OriginClaim:
    """The claim as it will be signed, beside the finding on which it rests or which it contradicts."""
    return OriginClaim(
        item=row.position,
        criterion=row.criterion,
        text=item.criterion_text,
        finding_sha256=found.sha256,
        qualifies=found.qualifies,
        reason=row.claim_reason,
    )


def claim_fault(claim: OriginClaim, found: ItemFinding) -> ApplicationRefused | None:
    """The refusal of a claim that contradicts what was computed and does not say why; None when it may stand."""
    if contradicts(standing_of(claim, LineFinding.of(found))) and not claim.reason.strip():
        return ApplicationRefused("application.claim_needs_reason", line=str(claim.item))
    return None


def unexplained_claims(content: ApplicationContent, computed: Sequence[ItemFinding]) -> list[ApplicationRefused]:
    """The refusals of all claims that lack a reason, in the order of the lines. ``computed`` are the findings of the content."""
    found = {one.item: one for one in computed}
    faults = (claim_fault(claim, found[claim.item]) for claim in content.claims)
    return [fault for fault in faults if fault is not None]


@dataclass(frozen=True)
class LineStanding:
    """A line of goods of the signed content: its claim, what is computed, and how the two stand to each other."""

    item: Item
    claim: OriginClaim | None
    found: LineFinding
    standing: ClaimStanding


def lines_of(content: ApplicationContent, kept: Mapping[int, bytes] = NOTHING_KEPT) -> list[LineStanding]:
    """Every line with its standing.

    ``kept`` are the derivations that were kept at the signature, by line. What the signed content names by digest is taken from
    there; only what is not there, or is not what was signed, is computed anew.
    """
    claims = {claim.item: claim for claim in content.claims}
    found = _kept_findings(content, kept)
    missing = tuple(item for item in content.items if item.number not in found)
    if missing:
        found |= {one.item: LineFinding.of(one) for one in findings_of(replace(content, items=missing))}
    return [_standing(item, claims.get(item.number), found[item.number]) for item in content.items]


def _kept_findings(content: ApplicationContent, kept: Mapping[int, bytes]) -> dict[int, LineFinding]:
    read = (
        LineFinding.kept(item.number, kept[item.number], named=item.finding_sha256)
        for item in content.items
        if item.number in kept
    )
    return {one.item: one for one in read if one is not None}


def line_computed(content: ApplicationContent, number: int) -> tuple[LineStanding, ItemFinding] | None:
    """The line with that number and its finding, computed anew; None when there is none."""
    item = next((one for one in content.items if one.number == number), None)
    if item is None:
        return None
    [found] = findings_of(replace(content, items=(item,)))
    claim = next((claim for claim in content.claims if claim.item == number), None)
    return _standing(item, claim, LineFinding.of(found)), found


def _standing(item: Item, claim: OriginClaim | None, found: LineFinding) -> LineStanding:
    return LineStanding(item, claim, found, standing_of(claim, found))


def against_the_findings(content: ApplicationContent, kept: Mapping[int, bytes] = NOTHING_KEPT) -> list[LineStanding]:
    """The lines that an approval would certify against what is computed: then the officer's own reason is recorded."""
    return [line for line in lines_of(content, kept) if contradicts(line.standing)]


def other_agreements(row: ApplicationItem, found: ItemFinding, on: date) -> tuple[Finding, ...]:
    """What the same facts give under the other agreements that one may choose for the destination, best first."""
    if found.finding is None or not is_preferential(row.application):
        return ()
    own = row.application.agreement
    others = (rule_data_on(agreement.code, on) for agreement in offered(on) if agreement.code not in (own, "NP"))
    return alternatives(found.finding.case, [data for data in others if data is not None])[:MOST_ALTERNATIVES]
