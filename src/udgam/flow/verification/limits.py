"""How often one place may ask about certificates."""

from __future__ import annotations

from django.http import HttpRequest

from udgam.ground.pages.limits import Limit, give_back, within
from udgam.parties.accounts.visitors import visitor_of

API_LIMIT = Limit("api", 120, 60)
COMPARE_LIMIT = Limit("compare", 30, 600)
OPEN_LIMIT = Limit("open", 10, 600)
# Against guessing from many places: wrong answers about one certificate, whoever gives them. It lies well above what a few places
# can use up under `OPEN_LIMIT`, so that they do not shut out the customs officer who knows the answer.
OPEN_CERTIFICATE_LIMIT = Limit("open-certificate", 300, 3600)
COMPARE_CERTIFICATE_LIMIT = Limit("compare-certificate", 120, 3600)
FILE_LIMIT = Limit("file", 30, 600)
# The trust folder as a file. Whoever sends back its ETag and has it already is not counted.
TRUST_LIMIT = Limit("trust", 30, 600)


def may_ask(request: HttpRequest, limit: Limit, *, about: str = "") -> bool:
    """Count a question from the sender's network, or about a certificate when ``about`` names one. False: too many."""
    return within(limit, about or visitor_of(request).network)


def was_right(limit: Limit, *, about: str) -> None:
    """The question about this certificate was answered rightly, so it does not count against guessing."""
    give_back(limit, about)
