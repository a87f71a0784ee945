"""What a decision of origin costs: one with ten materials, and ten thousand comparisons across all agreements.

The baseline of a decision is the bare sum: the same materials added and the threshold compared with Python's fractions, without
rules, words or derivation. Memory is what the comparisons leave behind, measured after the first and after the last thousand.
"""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from bench.figure import Figure
from udgam.rules.agreements import agreement_codes, load_agreement
from udgam.rules.origin import Case, RuleData, answer_bytes, compare, decide, prepare, read_case
from udgam.rules.origin.tables import load_table

DAY = date(2026, 11, 22)
COMPARISONS = 10_000
_HS = ("390110", "847330", "854231", "740811", "720851", "280461", "401693", "482110", "853400", "850440")
_GOODS = ("847130", "292529", "610910", "870899", "300490", "090240", "711319", "390210", "640399", "100630")


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Figures in milliseconds of CPU time; a quick run compares a hundredth."""
    arrangements = [data for code in agreement_codes() if (data := _prepared(code)) is not None]
    one = next(data for data in arrangements if data.rules.agreement == "AIFTA")
    case = _case(0, "VN")
    often = 3 if quick else 400
    bare = _median(lambda: _bare(case), often)
    yield Figure(
        "origin: one decision, 10 materials", _median(lambda: decide(case, one), often), "ms CPU", "bare sum", bare
    )
    whole = _median(lambda: answer_bytes(decide(case, one)), often)
    yield Figure("origin: decision with its derivation in canonical JSON", whole, "ms CPU", "bare sum", bare)
    yield from _comparisons(arrangements, COMPARISONS // (100 if quick else 1))


def _comparisons(arrangements: list[RuleData], count: int) -> Iterator[Figure]:
    destinations = sorted({code for data in arrangements for code in data.rules.partners if code != "*"})
    cases = [_case(n, destinations[n % len(destinations)]) for n in range(500)]
    decisions = 0
    began = time.process_time()
    for n in range(count):
        decisions += len(compare(cases[n % len(cases)], arrangements))
    spent = time.process_time() - began
    bare = _median(lambda: _bare(cases[0]), 50)
    yield Figure(
        f"origin: {count:,} product-destination comparisons",
        spent,
        "s CPU",
        "as many bare sums",
        bare * decisions / 1000,
    )
    yield _memory(cases, arrangements, max(count // 20, 20))


def _memory(cases: list[Case], arrangements: list[RuleData], count: int) -> Figure:
    """Bytes held after many comparisons, beside those held after a tenth of them."""
    tracemalloc.start()
    held = []
    for upto in (count // 10, count):
        for n in range(upto):
            compare(cases[n % len(cases)], arrangements)
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return Figure("origin: memory held after comparisons", held[1] / 1024, "KiB", "after a tenth", held[0] / 1024)


def _prepared(code: str) -> RuleData | None:
    agreement = load_agreement(code, DAY)
    if agreement.origin is None or not agreement.issued:
        return None
    table = agreement.origin.product_rules.table
    return prepare(agreement.origin, None if table is None else load_table(table))


def _case(n: int, destination: str) -> Case:
    materials: list[dict[str, Any]] = [
        {
            "description": f"material {place}",
            "hs": _HS[(place + n) % len(_HS)],
            "value": f"{3 + (place * 7 + n) % 9}.{n % 100:02d}",
            "origin": ("IN", "CN", "unknown", "MY")[(place + n) % 4],
            "value_basis": "CIF",
        }
        for place in range(10)
    ]
    plain = {
        "agreement": "AIFTA",
        "destination": destination,
        "on": DAY.isoformat(),
        "product": {"hs": _GOODS[n % len(_GOODS)], "description": "good", "fob": "130.00", "ex_works": "120.00"},
        "wholly_obtained": False,
        "materials": materials,
        "costs": {"labour": "11.5", "overhead": "4", "profit": "9.25", "other": "3"},
    }
    return read_case(plain, known=lambda code: True)


def _bare(case: Case) -> bool:
    price = Fraction(case.product.fob or 1)
    foreign = sum((Fraction(part.value) for part in case.materials if part.origin != "IN"), Fraction())
    return (price - foreign) / price * 100 >= 35


def _median(work: Callable[[], object], often: int) -> float:
    """Milliseconds of CPU time, the median of batches of ten."""
    spent = []
    for _ in range(max(often // 10, 1)):
        began = time.process_time()
        for _ in range(10):
            work()
        spent.append((time.process_time() - began) * 100)
    return statistics.median(spent)
