"""Check what a token answered. The network is asked here (CRL, OCSP), so no transaction may be open."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.signing.trust import check_usable_for_sign_in, read_facts
from udgam.signing.trust.token import VerifiedToken, verify_token

LONGEST_TOKEN = 16 * 1024


def verify_token_for(*, unverified_token: str, nonce: str, now: datetime) -> VerifiedToken:
    """Verify a web-eid token over this site's configured origin (never the Host header) and a consumed nonce.

    Structure, algorithm, signature, path to the pinned roots, class 3 policy, key usage, validity and revocation, hard-fail.
    Raises subclasses of ``rules.refusals.Refused`` from ``signing.trust``, each with its own reason.
    """
    store = trust_store()
    verified = verify_token(
        unverified_token,
        origin=settings.SITE_ORIGIN,
        nonce=nonce,
        store=store,
        revocation=revocation_source(),
        at=now,
        policy=settings.REQUIRED_POLICY or None,
    )
    check_usable_for_sign_in(read_facts(verified.certificate, store.profiles))
    return verified
