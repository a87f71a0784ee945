"""How often one place may ask. Counters live in the database, so that all processes and machines count together.

One statement counts and answers: whoever asks at the same instant waits for the row, and nobody is counted too few.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.models import F

from udgam.ground.pages.models import RateCount

_COUNT = """
INSERT INTO pages_ratecount AS held (key, times, ends_at) VALUES (%(key)s, 1, %(ends)s)
ON CONFLICT (key) DO UPDATE SET
  times = CASE WHEN held.ends_at <= %(now)s THEN 1 ELSE least(held.times, 1000000) + 1 END,
  ends_at = CASE WHEN held.ends_at <= %(now)s THEN EXCLUDED.ends_at ELSE held.ends_at END
RETURNING times
"""


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``seconds``, counted from the first question; ``name`` tells the counters apart."""

    name: str
    times: int
    seconds: int


def within(limit: Limit, whom: str, *, now: float | None = None) -> bool:
    """Count one question of ``whom``. False: too many; the time does not begin anew by asking on.

    ``now`` is in seconds since 1970. Threads, processes and machines count exactly, since one statement does it; a caller in a
    transaction that is rolled back takes its count back with it.
    """
    moment = time.time() if now is None else now
    values: dict[str, str | datetime] = {
        "key": _key(limit.name, whom),
        "now": datetime.fromtimestamp(moment, UTC),
        "ends": datetime.fromtimestamp(moment + limit.seconds, UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        (times,) = cursor.fetchone()
    return bool(times <= limit.times)


def give_back(limit: Limit, whom: str, *, now: float | None = None) -> None:
    """Take one count back, where only some outcomes of a question are to count."""
    moment = datetime.fromtimestamp(time.time() if now is None else now, UTC)
    rows = RateCount.objects.filter(key=_key(limit.name, whom), ends_at__gt=moment, times__gt=0)
    rows.update(times=F("times") - 1)


def forget_counts(*, now: datetime) -> int:
    """Delete the counters whose time is over; return how many."""
    return RateCount.objects.filter(ends_at__lte=now).delete()[0]


def _key(name: str, whom: str) -> str:
    text = b"pages.limits\x1f" + f"{name}\x1f{whom}".encode(errors="replace")
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()
