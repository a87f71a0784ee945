"""The amounts of a case as whole numbers of one small unit, so that every sum and comparison is exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from udgam.rules.origin.case import Case, Material
from udgam.rules.origin.rule import ValueBase

# Whether a material counts: as Indian, as a partner's by cumulation, or not.
Standing = Literal["originating", "partner", "non-originating"]


@dataclass(frozen=True, slots=True)
class Input:
    """A material as it counts in this trial. ``value`` is in the figures' unit; ``in_shift`` is False for side materials."""

    material: Material
    value: int
    standing: Standing
    in_shift: bool
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Share:
    """An exact share: ``part`` of ``whole``, both in the same unit."""

    part: int
    whole: int

    def at_least(self, percent: Decimal) -> bool:
        """Whether the share is ``percent`` or more, compared without rounding."""
        up, down = percent.as_integer_ratio()
        return self.part * 100 * down >= up * self.whole

    def at_most(self, percent: Decimal) -> bool:
        """Whether the share is ``percent`` or less, compared without rounding."""
        up, down = percent.as_integer_ratio()
        return self.part * 100 * down <= up * self.whole

    def text(self, decimals: int, *, rounding: Literal["down", "up", "half-up"] = "down") -> str:
        """The percentage as printed: down is towards minus infinity, up towards plus infinity."""
        scaled = self.part * 100 * 10**decimals
        if rounding == "down":
            units = scaled // self.whole
        elif rounding == "up":
            units = -(-scaled // self.whole)
        else:
            units = (2 * scaled + self.whole) // (2 * self.whole)
        return exact_text(units, decimals)


@dataclass(frozen=True, slots=True)
class Figures:
    """Prices, costs and materials of one trial; ``places`` is the number of decimals of the unit."""

    places: int
    fob: int | None
    ex_works: int | None
    labour: int
    overhead: int
    profit: int
    other: int
    inputs: tuple[Input, ...]
    vnm: int
    vom: int
    partner: int

    def base(self, name: ValueBase) -> int | None:
        """The price or cost that is the whole of a share; None when it is not stated or zero."""
        if name == "FOB":
            return self.fob or None
        if name == "EXW":
            return self.ex_works or None
        return (self.vnm + self.vom + self.labour + self.overhead + self.other) or None

    def text(self, amount: int | None) -> str:
        """An amount in plain notation, without idle zeros beyond two decimals; a dash when it is not stated."""
        if amount is None:
            return "-"
        whole, _, part = exact_text(amount, self.places).partition(".")
        return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def decimal_places(case: Case) -> int:
    """The number of decimals that holds every amount of the case exactly; idle zeros count for nothing."""
    amounts: list[Decimal] = [material.value for material in case.materials]
    amounts += [price for price in (case.product.fob, case.product.ex_works) if price is not None]
    costs = case.costs
    amounts += [costs.labour, costs.overhead, costs.profit, costs.other]
    return max((_decimals(amount) for amount in amounts), default=0)


def _decimals(amount: Decimal) -> int:
    _, digits, exponent = amount.as_tuple()
    places = -exponent if isinstance(exponent, int) and exponent < 0 and any(digits) else 0
    idle = 0
    while idle < places and digits[-1 - idle : len(digits) - idle] == (0,):
        idle += 1
    return places - idle


def units(amount: Decimal, places: int) -> int:
    """The amount in the unit: exact, because ``places`` holds every amount of the case."""
    up, down = amount.as_integer_ratio()
    scale: int = 10**places
    return up * scale // down


def figures_of(case: Case, inputs: Iterable[Input], places: int) -> Figures:
    """The figures of a trial from its inputs."""
    listed = tuple(inputs)
    sums: dict[Standing, int] = {"originating": 0, "partner": 0, "non-originating": 0}
    for part in listed:
        sums[part.standing] += part.value
    product, costs = case.product, case.costs
    return Figures(
        places=places,
        fob=None if product.fob is None else units(product.fob, places),
        ex_works=None if product.ex_works is None else units(product.ex_works, places),
        labour=units(costs.labour, places),
        overhead=units(costs.overhead, places),
        profit=units(costs.profit, places),
        other=units(costs.other, places),
        inputs=listed,
        vnm=sums["non-originating"],
        # A partner's material counts as originating; its sum is kept apart to see what India itself adds.
        vom=sums["originating"] + sums["partner"],
        partner=sums["partner"],
    )


def exact_text(units_of: int, places: int) -> str:
    """A whole number of small units in plain notation: 1234 with two places is 12.34."""
    sign, digits = ("-" if units_of < 0 else ""), str(abs(units_of)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
