"""Reading the token that the agent put into a form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from udgam.flow.registration.services import ShownToken
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services import consume_nonce, issue_nonce, verify_token_for
from udgam.parties.accounts.trust import facts_of


def agent_context(request: HttpRequest, *, nonce_purpose: str, agent_purpose: str) -> dict[str, Any]:
    """What the token panel of a page needs: a fresh nonce, and where the agent listens."""
    return {
        "agent": {
            "url": settings.AGENT_URL,
            "purpose": agent_purpose,
            "nonce": issue_nonce(session=request.session, purpose=nonce_purpose, now=timezone.now()),
            "lang": "hi" if (get_language() or "").startswith("hi") else "en",
        }
    }


def read_shown_token(request: HttpRequest, *, nonce_purpose: str) -> ShownToken:
    """Verify the token of the form over this session's nonce. Asks for revocation evidence, so no transaction may be open.

    Raises `Refused`: the nonce's, the token's, the path's or the revocation's own reason.
    """
    raw = request.POST.get("token", "")
    if not raw.strip():
        raise AccountRefused("token.missing")
    now = timezone.now()
    named = request.POST.get("nonce") or None
    nonce = consume_nonce(session=request.session, purpose=nonce_purpose, now=now, value=named)
    verified = verify_token_for(unverified_token=raw, nonce=nonce, now=now)
    facts = facts_of(verified.certificate)
    return ShownToken(raw=raw, certificate=verified.certificate, path=verified.path, facts=facts)
