"""What happens when a person comes with a renewed certificate. The rooms that know the rule hang it in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.rules.binding import CertificateFacts, Decision

Decide = Callable[[Person, CertificateFacts, datetime], Decision]
After = Callable[[Person, EnrolledToken, datetime], None]


@dataclass(frozen=True)
class Renewal:
    """``decide`` says whether the new certificate satisfies the same rule; ``after`` runs in the transaction that enrols it."""

    decide: Decide
    after: After | None


_renewals: dict[str, Renewal] = {}


def register_renewal(kind: str, decide: Decide, after: After | None = None) -> None:
    """Let renewed certificates of people of this kind in when ``decide`` allows. Called from ``AppConfig.ready``."""
    _renewals[kind] = Renewal(decide, after)


def renewal_for(kind: str) -> Renewal | None:
    """The rule for this kind; None: a renewed certificate must be enrolled by somebody."""
    return _renewals.get(kind)
