"""Exporters and officers who work at once over HTTP against the processes of `make run`; the books are added up afterwards.

The same script is gone through by one exporter and one officer alone, and by the crowd; the first is the baseline. `UDGAM_BENCH_CROWD`
sets how many there are, as EXPORTERS,OFFICERS. Anything that went wrong makes the figures worthless, and is said in their place.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.crowd.browser import LATENCIES
from tests.crowd.run import Outcome, let_them_work

from bench.figure import Figure

EXPORTERS, OFFICERS = 80, 20
LONGEST_SECONDS = 1500


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Requests in a second, the wait of a request, and the processor time of a whole application."""
    exporters, officers = (6, 3) if quick else _size()
    alone, alone_waits = _work(1, 1)
    crowd, waits = _work(exporters, officers)
    people = f"{exporters} exporters and {officers} officers"
    yield Figure(
        f"crowd: {people}", crowd.requests / crowd.seconds, "requests/s", "one of each", alone.requests / alone.seconds
    )
    yield Figure(
        "crowd: wait of a request, median",
        statistics.median(waits),
        "ms",
        "one of each",
        statistics.median(alone_waits),
    )
    yield Figure("crowd: wait of a request, p95", _p95(waits), "ms", "one of each", _p95(alone_waits))
    each = crowd.cpu * 1000 / exporters
    yield Figure(
        "crowd: an application from the form to the certificate", each, "ms CPU", "one of each", alone.cpu * 1000
    )


def _size() -> tuple[int, int]:
    exporters, _, officers = os.environ.get("UDGAM_BENCH_CROWD", "").partition(",")
    return (int(exporters), int(officers)) if exporters and officers else (EXPORTERS, OFFICERS)


def _work(exporters: int, officers: int) -> tuple[Outcome, list[float]]:
    LATENCIES.clear()
    with tempfile.TemporaryDirectory(prefix="udgam-crowd-") as name:
        folder = Path(name)
        # The embedded database runs as another user when this runs as root: it must reach its folder.
        folder.chmod(0o755)
        outcome = let_them_work(folder, exporters=exporters, officers=officers, seconds=LONGEST_SECONDS)
    wrong = [*outcome.broken, *outcome.log_lines, *outcome.books["faults"]]
    if wrong:
        raise RuntimeError(f"{len(wrong)} things went wrong, the first: {wrong[0]}")
    return outcome, [span * 1000 for _, span in LATENCIES]


def _p95(values: list[float]) -> float:
    return sorted(values)[min(int(len(values) * 0.95), len(values) - 1)]
