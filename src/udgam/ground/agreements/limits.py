"""How often one place may ask about rules of origin. Only the counting is kept, by a digest of the network."""

from __future__ import annotations

from django.http import HttpRequest

from udgam.ground.pages.limits import Limit, within
from udgam.ground.pages.visitors import visitor_of

# A calculation tries every agreement with the destination, so it costs more than a look-up.
CALCULATOR = Limit("origin-calculator", 60, 600)
FINDER = Limit("origin-finder", 120, 60)


def may_ask(request: HttpRequest, limit: Limit) -> bool:
    """Count a question from the sender's network. False: too many."""
    return within(limit, visitor_of(request).network)
