"""Which materials count as originating: by their own origin, by cumulation, or by their own bill of materials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from udgam.rules.origin.case import INDIA, UNKNOWN, Case, Costs, Material, Product
from udgam.rules.origin.figures import Input, Standing, units
from udgam.rules.origin.rules import OriginRules
from udgam.rules.origin.sentences import Sentence, say
from udgam.rules.origin.trial import Outcome

_NOTHING = Decimal(0)
_NO_COSTS = Costs(labour=_NOTHING, overhead=_NOTHING, profit=_NOTHING, other=_NOTHING)
_SUBHEADING = 6

InnerDecision = Callable[[Case], Outcome]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A material with the origin it has by itself: a country, "IN" or "unknown". ``doubtful`` ones may be Indian."""

    material: Material
    origin: str
    doubtful: bool


def resolve(
    case: Case, decide_inner: InnerDecision
) -> tuple[tuple[Resolved, ...], tuple[Sentence, ...], tuple[Sentence, ...]]:
    """The materials with their own origin, what is to be told about inner bills, and warnings about them.

    An input made in India of materials that are listed too originates when it meets the rule itself; then its whole value
    counts (roll-up). Otherwise its whole value does not.
    """
    resolved: list[Resolved] = []
    told: list[Sentence] = []
    warnings: list[Sentence] = []
    for material in case.materials:
        origin, doubtful = material.origin, False
        if material.materials:
            if origin in (INDIA, UNKNOWN):
                outcome = _inner_outcome(case, material, decide_inner)
                origin, doubtful = (INDIA if outcome == "pass" else UNKNOWN), outcome in ("open", "skipped")
                status = (
                    "originating"
                    if outcome == "pass"
                    else "non-originating until a person decides"
                    if doubtful
                    else "non-originating"
                )
                told.append(say("about.inner", material=name(material), status=status))
            else:
                warnings.append(say("warning.foreign_bill", material=name(material)))
        resolved.append(Resolved(material, origin, doubtful))
    return tuple(resolved), tuple(told), tuple(warnings)


def inputs_of(
    resolved: tuple[Resolved, ...],
    rules: OriginRules,
    places: int,
    *,
    counted: frozenset[str] = frozenset(),
    doubtful_originate: bool = False,
    side_treated: bool = True,
) -> tuple[Input, ...]:
    """The materials as they count when those of the countries ``counted`` are cumulated; "ignored" ones are left out.

    ``side_treated`` False counts side materials like any other.
    """
    side = rules.side_materials
    treatment: dict[str, str] = {}
    if side_treated:
        treatment = {
            "accessory": side.accessories,
            "retail-packing": side.retail_packing,
            "transport-packing": side.transport_packing,
            "indirect": side.indirect,
        }
    listed = []
    for part in resolved:
        treated = treatment.get(part.material.role, "count")
        if treated == "ignore":
            continue
        standing: Standing = "non-originating"
        if part.origin == INDIA or (part.doubtful and doubtful_originate):
            standing = "originating"
        elif part.origin in counted:
            standing = "partner"
        value = units(part.material.value, places)
        listed.append(Input(part.material, value, standing, treated == "count", part.doubtful))
    return tuple(listed)


def _inner_outcome(case: Case, material: Material, decide_inner: InnerDecision) -> Outcome:
    if material.hs is None or len(material.hs) < _SUBHEADING or not material.value:
        return "open"
    inner = Case(
        agreement=case.agreement,
        destination=case.destination,
        on=case.on,
        product=Product(
            hs=material.hs,
            description=material.description,
            fob=material.value,
            ex_works=material.value,
            currency=case.product.currency,
            weight_kg=material.weight_kg,
            rule_row=None,
        ),
        wholly_obtained=False,
        materials=material.materials,
        costs=_NO_COSTS,
        cumulate_with=case.cumulate_with,
        processes=material.processes,
    )
    return decide_inner(inner)


def name(material: Material) -> str:
    """Code and description of a material."""
    return f"{material.hs or '?'} {material.description}".strip()[:80]
