"""How often one place may ask about certificates."""

from __future__ import annotations

from django.http import HttpRequest

from udgam.ground.pages.limits import Limit, within
from udgam.parties.accounts.visitors import visitor_of

API_LIMIT = Limit("api", 120, 60)
COMPARE_LIMIT = Limit("compare", 30, 600)
OPEN_LIMIT = Limit("open", 10, 600)
# Against guessing from many places: per certificate, whoever asks.
OPEN_CERTIFICATE_LIMIT = Limit("open-certificate", 30, 3600)
COMPARE_CERTIFICATE_LIMIT = Limit("compare-certificate", 120, 3600)
FILE_LIMIT = Limit("file", 30, 600)


def may_ask(request: HttpRequest, limit: Limit, *, about: str = "") -> bool:
    """Count a question from the sender's network, or about a certificate when ``about`` names one. False: too many."""
    return within(limit, about or visitor_of(request).network)
