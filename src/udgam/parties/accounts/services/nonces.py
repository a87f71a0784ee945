"""Challenges for tokens: made for one session and one purpose, answered once, within five minutes (Web eID, nonce rules)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from udgam.parties.accounts.models import Nonce
from udgam.parties.accounts.reasons import AccountRefused
from udgam.rules.duties import NONCE_LIFETIME

# The binding lives in the session's data rather than being its key, so it survives the change of key at sign-in
# and ends with the session.
BINDING = "accounts.binding"


def issue_nonce(*, session: SessionBase, purpose: str, now: datetime) -> str:
    """A fresh nonce: base64 of 32 random bytes, remembered for this session and purpose."""
    if purpose not in Nonce.Purpose.values:
        raise ValueError(f"There is no purpose called {purpose}.")
    if not session.get(BINDING):
        session[BINDING] = secrets.token_urlsafe(32)
    value = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    Nonce.objects.create(
        value=value,
        session_binding=_hashed(session[BINDING]),
        purpose=purpose,
        issued_at=now,
        expires_at=now + NONCE_LIFETIME,
    )
    return value


def consume_nonce(*, session: SessionBase, purpose: str, now: datetime, value: str | None = None) -> str:
    """Use up the nonce that a token is about to be checked against, whatever the check will say.

    ``value`` is the one named by the form; without it the session's latest for this purpose counts. Raises
    ``AccountRefused``: "nonce.unknown" (none for this session and purpose), "nonce.used", "nonce.expired".
    """
    binding = session.get(BINDING)
    rows = Nonce.objects.filter(session_binding=_hashed(binding), purpose=purpose) if binding else Nonce.objects.none()
    if value is not None:
        # Ours are base64; a form can send anything, also signs that the database refuses to be asked about.
        if not (value.isascii() and value.isprintable()):
            raise AccountRefused("nonce.unknown")
        rows = rows.filter(value=value)
    nonce = rows.order_by("-issued_at", "-pk").first()
    if nonce is None:
        raise AccountRefused("nonce.unknown")
    if Nonce.objects.filter(pk=nonce.pk, used_at__isnull=True).update(used_at=now) != 1:
        raise AccountRefused("nonce.used")
    if nonce.expires_at <= now:
        raise AccountRefused("nonce.expired")
    return nonce.value


def _hashed(binding: str) -> str:
    return hashlib.sha256(binding.encode()).hexdigest()
