"""One measured figure beside its baseline, in the one form in which the benchmarks print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``value`` in ``unit``; the baseline is in the same unit and was measured in the same run."""

    name: str
    value: float
    unit: str
    baseline_name: str
    baseline_value: float

    @property
    def ratio(self) -> float:
        """How many baselines the value is."""
        return self.value / self.baseline_value if self.baseline_value else float("inf")

    def __str__(self) -> str:
        value, baseline = _short(self.value), _short(self.baseline_value)
        return f"{self.name} {value} {self.unit} (baseline {self.baseline_name} {baseline}, ratio {_short(self.ratio)})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
