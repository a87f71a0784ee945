"""The facts of one product on which its origin is decided: prices, materials, costs, processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

# What a material is to the product. All but "material" are treated as the agreement says for such side materials.
Role = Literal["material", "accessory", "retail-packing", "transport-packing", "indirect"]

INDIA = "IN"
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Material:
    """An input. ``origin`` is a country code, "IN", or "unknown", which counts as non-originating.

    ``hs`` is the code as far as it is known, without dots, or None. ``materials`` is the input's own bill of materials: when it is
    given and the input was made in India, its origin is worked out from it.
    """

    description: str
    hs: str | None
    value: Decimal
    origin: str
    weight_kg: Decimal | None
    value_basis: str | None
    role: Role
    materials: tuple[Material, ...]
    processes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Product:
    """The good: ``hs`` with six to ten digits. At least one of the prices is given; ``rule_row`` chooses one of the product rules
    whose goods are described only in words (its key, see ``ProductRule.key``)."""

    hs: str
    description: str
    fob: Decimal | None
    ex_works: Decimal | None
    currency: str
    weight_kg: Decimal | None
    rule_row: str | None


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What was spent on the product in India beside materials; ``other`` brings it from the factory on board."""

    labour: Decimal
    overhead: Decimal
    profit: Decimal
    other: Decimal


@dataclass(frozen=True, kw_only=True)
class Case:
    """One product on its way to one country under one agreement, judged by the rules in force ``on`` a day."""

    agreement: str
    destination: str
    on: date
    product: Product
    wholly_obtained: bool
    materials: tuple[Material, ...]
    costs: Costs
    cumulate_with: tuple[str, ...]
    processes: tuple[str, ...]
