"""How often one place may ask. Counters live in the cache, so that verification writes no row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from udgam.parties.accounts.visitors import visitor_of


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``seconds``; ``name`` tells the counters apart."""

    name: str
    times: int
    seconds: int


API_LIMIT = Limit("api", 120, 60)
COMPARE_LIMIT = Limit("compare", 30, 600)
OPEN_LIMIT = Limit("open", 10, 600)
# Against guessing from many places: per certificate, whoever asks.
OPEN_CERTIFICATE_LIMIT = Limit("open-certificate", 30, 3600)
COMPARE_CERTIFICATE_LIMIT = Limit("compare-certificate", 120, 3600)
FILE_LIMIT = Limit("file", 30, 600)


def may_ask(request: HttpRequest, limit: Limit, *, about: str = "") -> bool:
    """Count a question from the sender's network, or about a certificate when ``about`` names one. False: too many."""
    whom = about or visitor_of(request).network
    # The counter's name must not tell a reader of the cache who asked.
    key = f"verify:{limit.name}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, limit.seconds):
        return True
    try:
        return bool(cache.incr(key) <= limit.times)
    except ValueError:
        # The counter ended between the two calls: a new time begins.
        cache.add(key, 1, limit.seconds)
        return True
