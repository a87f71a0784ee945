"""The check of an authentication token, in numbered steps."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from udgam.signing.trust.certificates import fingerprint
from udgam.signing.trust.paths import ValidatedPath, validate_path
from udgam.signing.trust.refusals import PathRefused
from udgam.signing.trust.revocation import RevocationSource
from udgam.signing.trust.store import TrustStore
from udgam.signing.trust.token.algorithms import algorithm_for, check_signature, signed_value
from udgam.signing.trust.token.origins import check_origin
from udgam.signing.trust.token.parsing import parse_token
from udgam.signing.trust.token.purposes import check_purpose
from udgam.signing.trust.token.refusals import ChainRefused, NonceRefused
from udgam.signing.trust.token.signing_certificates import check_signing_certificate

NONCE_BYTES = 32
# The format lets clients refuse longer ones.
_LONGEST_NONCE = 128


@dataclass(frozen=True)
class VerifiedToken:
    """A token that proves: the holder of ``certificate`` signed for this origin and this nonce, and is believed now.

    ``signing_certificates`` came with a version 1.1 token and are believed but for their revocation. ``evidence`` holds what to
    keep, as plain JSON values: the token as it came, origin, nonce, path and revocation evidence.
    """

    certificate: x509.Certificate
    path: ValidatedPath
    algorithm: str
    format: str
    app_version: str | None
    signing_certificates: tuple[x509.Certificate, ...]
    evidence: Mapping[str, Any]


def new_nonce() -> str:
    """32 random bytes in base64: 44 characters. Store it in the session, use it once, forget it after five minutes."""
    return base64.b64encode(secrets.token_bytes(NONCE_BYTES)).decode("ascii")


def verify_token(
    token: bytes | str | Mapping[str, Any],
    *,
    origin: str,
    nonce: str,
    store: TrustStore,
    revocation: RevocationSource,
    at: datetime,
    policy: str | None = None,
    require_client_auth: bool = False,
) -> VerifiedToken:
    """Check a token of format web-eid:1.0 or 1.1 against our own origin and the nonce of this session, at ``at`` (aware).

    ``origin`` and ``nonce`` come from our settings and session store, never from the sender. ``policy`` is required only if
    named. Raises a subclass of ``TokenRefused``, one per way to fail.
    """
    # 1. What the token is checked against: an origin that a browser can attest, and a nonce.
    check_origin(origin)
    _check_nonce(nonce)
    # 2. Form: size, JSON, fields, encodings, version.
    unverified = parse_token(token)
    claimed = unverified.unverified_certificate
    # 3. The algorithm is on the list and belongs to the key.
    algorithm = algorithm_for(unverified.algorithm, claimed)
    # 4. The certificate is for people to sign with.
    check_purpose(claimed, require_client_auth=require_client_auth)
    # 5. Its key signed H(origin) || H(nonce). Before the path: this costs least and needs nothing from outside.
    check_signature(claimed, algorithm, unverified.signature, signed_value(origin, nonce, algorithm))
    # 6. Path to a pinned anchor, policy, validity and revocation.
    try:
        path = validate_path(
            claimed,
            store=store,
            revocation=revocation,
            at=at,
            policy=policy,
            intermediates=unverified.unverified_intermediates,
        )
    except PathRefused as refusal:
        raise ChainRefused(refusal.code, **refusal.params) from refusal
    # 7. Certificates for signing that came along belong to the same person.
    signing = tuple(
        check_signing_certificate(candidate, claimed, store=store, at=at)
        for candidate in unverified.unverified_signing_certificates
    )
    return VerifiedToken(
        certificate=claimed,
        path=path,
        algorithm=unverified.algorithm,
        format=unverified.format,
        app_version=unverified.app_version,
        signing_certificates=signing,
        evidence={
            "token": unverified.text,
            "origin": origin,
            "nonce": nonce,
            "certificate_sha256": fingerprint(claimed),
            **path.evidence(),
        },
    )


def _check_nonce(nonce: str) -> None:
    if not nonce:
        raise NonceRefused("nonce.missing")
    if not nonce.isascii() or not nonce.isprintable() or len(nonce) > _LONGEST_NONCE:
        raise NonceRefused("nonce.malformed")
