"""How often one place may ask. Counters live in the cache, so that counting writes no row.

The end of a counter's time is kept beside the count. The cache's own `incr` is not used: with caches that share their counters
between processes through files it gives a counter a new lease at each question, which would shorten long limits and stretch short ones.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass

from django.core.cache import cache

_lock = threading.Lock()


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``seconds``, counted from the first question; ``name`` tells the counters apart."""

    name: str
    times: int
    seconds: int


def within(limit: Limit, whom: str, *, now: float | None = None) -> bool:
    """Count one question of ``whom``. False: too many; the time does not begin anew by asking on.

    ``now`` is in seconds since 1970. Threads of one process count exactly. Processes share the counters, and two that count in
    the same instant may count one question too few.
    """
    moment = time.time() if now is None else now
    # The counter's name must not tell a reader of the cache who asked.
    key = f"limit:{limit.name}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"
    with _lock:
        count, ends = cache.get(key) or (0, moment + limit.seconds)
        if moment >= ends:
            count, ends = 0, moment + limit.seconds
        cache.set(key, (count + 1, ends), timeout=max(1, round(ends - moment)))
    return bool(count < limit.times)
