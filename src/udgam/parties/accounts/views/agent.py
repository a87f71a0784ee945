"""What the views with a token button share: hand the page a nonce, and check the answer that comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from udgam.parties.accounts import services
from udgam.parties.accounts.models import Nonce
from udgam.parties.accounts.reasons import AccountRefused, Told, words_of
from udgam.rules.refusals import Refused
from udgam.signing.trust.token import VerifiedToken


def agent_context(request: HttpRequest, *, purpose: str, now: datetime) -> dict[str, Any]:
    """What ``accounts/agent_fields.html`` needs: a fresh nonce and where the agent listens."""
    return {
        "agent_nonce": services.issue_nonce(session=request.session, purpose=purpose, now=now),
        "agent_url": settings.AGENT_URL,
        # The agent knows fewer purposes than we do: proving a reset is one more way of showing the token again.
        "agent_purpose": Nonce.Purpose.SIGN_IN if purpose == Nonce.Purpose.SIGN_IN else Nonce.Purpose.STEP_UP,
    }


def verified_answer(request: HttpRequest, *, token: str, nonce: str, purpose: str, now: datetime) -> VerifiedToken:
    """Use up the nonce, then check the token; no transaction is open, since CRL and OCSP may be asked.

    Raises ``Refused``: ours for the nonce, ``signing.trust``'s for the token.
    """
    if not token:
        raise AccountRefused("token.missing")
    consumed = services.consume_nonce(session=request.session, purpose=purpose, now=now, value=nonce)
    return services.verify_token_for(unverified_token=token, nonce=consumed, now=now)


def refusal_lines(refused: Refused) -> list[str]:
    """A refusal for the error summary: what happened, then what to do."""
    told: Told = words_of(refused)
    return [f"{told.message} {told.advice}"]
