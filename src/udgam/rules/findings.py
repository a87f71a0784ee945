"""Findings of origin about the goods of an application: the facts from what it says, the rules from its agreement.

Everything here can be done again from the signed content: the same content and the same rule data give the same bytes. The rule
data come in as an argument, because an operator may have put other data in force than those that come with the platform.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from udgam.rules.content import ApplicationContent, CostSheet, Item, MaterialRow, OriginClaim
from udgam.rules.origin import (
    DEEPEST_BILL,
    Case,
    CaseRefused,
    Costs,
    Finding,
    Material,
    Product,
    RuleData,
    answer_bytes,
    answer_digest,
    answer_of,
    compare,
    decide,
    digest_of,
)
from udgam.rules.refusals import Refused

# How a claim stands to the finding: as proposed, another text or criterion, against a "no", where a person decides, or with
# nothing computed.
ClaimStanding = Literal["agrees", "differs", "against", "open", "uncomputed"]

STANDINGS: Mapping[ClaimStanding, str] = MappingProxyType(
    {
        "agrees": "The claim is what was computed.",
        "differs": "The claim names another criterion or text than was computed.",
        "against": "By the computation the goods do not originate.",
        "open": "A person must decide whether the goods originate.",
        "uncomputed": "Nothing could be computed for this line.",
    }
)


@dataclass(frozen=True)
class ItemFinding:
    """What was computed for one line: the finding, or why nothing could be computed."""

    item: int
    finding: Finding | None
    refusal: Refused | None = None

    @property
    def sha256(self) -> str | None:
        """The digest of the derivation, as the claim names it."""
        return None if self.finding is None else answer_digest(self.finding)

    @property
    def derivation(self) -> bytes | None:
        """The derivation in canonical JSON, as it is kept."""
        return None if self.finding is None else answer_bytes(self.finding)

    @property
    def qualifies(self) -> bool | None:
        return None if self.finding is None else self.finding.qualifies


@dataclass(frozen=True)
class LineFinding:
    """What a claim and a page need of a finding: the answer as data and its digest, computed just now or read from what was kept.

    ``answer`` is None where nothing could be computed; ``refusal`` then says why, if it was tried.
    """

    item: int
    answer: Mapping[str, Any] | None
    sha256: str | None
    refusal: Refused | None = None

    @classmethod
    def of(cls, found: ItemFinding) -> LineFinding:
        """The finding that was computed just now."""
        answer = None if found.finding is None else answer_of(found.finding)
        return cls(found.item, answer, None if answer is None else digest_of(answer), found.refusal)

    @classmethod
    def kept(cls, item: int, derivation: bytes, *, named: str | None) -> LineFinding | None:
        """The finding in a kept derivation; None unless its bytes are those that the signed content names by their digest."""
        sha256 = hashlib.sha256(derivation).hexdigest()
        return cls(item, json.loads(derivation), sha256) if sha256 == named else None


def case_of_item(item: Item, sheet: CostSheet, *, agreement: str, destination: str, on: date) -> Case:
    """The facts of one line of goods as the engine takes them. Only the exporter's own figures; nothing is added.

    Raises ``CaseRefused`` when the parts of materials do not make a bill of materials.
    """
    return Case(
        agreement=agreement,
        destination=destination,
        on=on,
        product=Product(
            hs=item.hs_code,
            description=item.description,
            fob=item.fob,
            ex_works=sheet.ex_works,
            currency=item.currency,
            # Not the gross weight of the line: tolerances are measured by what the goods weigh without packing.
            weight_kg=sheet.net_weight_kg,
            rule_row=None,
        ),
        wholly_obtained=sheet.wholly_obtained,
        materials=_materials(sheet.materials),
        costs=Costs(labour=sheet.labour, overhead=sheet.overhead, profit=sheet.profit, other=sheet.other),
        cumulate_with=sheet.cumulate_with,
        processes=sheet.processes,
    )


def _materials(rows: Sequence[MaterialRow]) -> tuple[Material, ...]:
    """The rows as bills of materials: each part stands inside the material that it went into."""
    parts: dict[int | None, list[int]] = {}
    for number, row in enumerate(rows, start=1):
        if row.part_of is not None and not 1 <= row.part_of <= len(rows):
            raise CaseRefused("case.bill", bill=str(row.part_of))
        parts.setdefault(row.part_of, []).append(number)
    reached = 0

    def inside(whole: int | None, depth: int) -> tuple[Material, ...]:
        nonlocal reached
        if depth > DEEPEST_BILL:
            raise CaseRefused("case.too_deep", most=str(DEEPEST_BILL))
        numbers = parts.get(whole, [])
        reached += len(numbers)
        return tuple(_material(rows[number - 1], inside(number, depth + 1)) for number in numbers)

    whole = inside(None, 1)
    if reached != len(rows):
        # What is never reached from the goods hangs on itself.
        lost = next(number for number, row in enumerate(rows, start=1) if row.part_of is not None)
        raise CaseRefused("case.cycle", bill=str(lost))
    return whole


def _material(row: MaterialRow, parts: tuple[Material, ...]) -> Material:
    return Material(
        description=row.description,
        hs=row.hs_code or None,
        value=row.value,
        origin=row.origin,
        weight_kg=row.weight_kg,
        value_basis=row.basis,
        role=row.role,
        materials=parts,
        processes=row.processes,
    )


def finding_for_item(
    item: Item, sheet: CostSheet | None, *, data: RuleData | None, destination: str, on: date
) -> ItemFinding:
    """The finding for one line; without a cost sheet, or without rules that may decide (``data`` None), there is none."""
    if data is None or sheet is None or not item.fob:
        return ItemFinding(item.number, None)
    try:
        case = case_of_item(item, sheet, agreement=data.rules.agreement, destination=destination, on=on)
        return ItemFinding(item.number, decide(case, data))
    except CaseRefused as refusal:
        return ItemFinding(item.number, None, refusal)


def findings_of(content: ApplicationContent, data: RuleData | None) -> tuple[ItemFinding, ...]:
    """The findings for all lines of an application by the rules ``data``, on the day of its declaration."""
    sheets = {sheet.item: sheet for sheet in content.cost_sheets}
    return tuple(
        finding_for_item(
            item,
            sheets.get(item.number),
            data=data,
            destination=content.destination.code,
            on=content.declaration.date,
        )
        for item in content.items
    )


def standing_of(claim: OriginClaim | None, found: LineFinding) -> ClaimStanding:
    """How the claim for a line stands to what was computed. No claim where one is needed never agrees."""
    answer = found.answer
    if answer is None:
        return "uncomputed"
    if answer["qualifies"] is False:
        return "against"
    if answer["qualifies"] is None:
        return "open"
    if claim is None or claim.criterion != answer["criterion_code"]:
        return "differs"
    return "agrees" if not claim.text or claim.text == (answer["box_text"] or claim.text) else "differs"


def contradicts(standing: ClaimStanding) -> bool:
    """Whether a claim of that standing needs a reason of its own."""
    return standing in ("differs", "against")


def alternatives(case: Case, others: Sequence[RuleData]) -> tuple[Finding, ...]:
    """The findings for the same facts under other agreements, best first."""
    return compare(case, list(others))
