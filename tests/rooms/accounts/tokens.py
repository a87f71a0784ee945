"""Tokens for tests: what the signing agent would answer, made with a software key."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.signing.pki import Credential


def make_token(credential: Credential, *, origin: str, nonce: str) -> str:
    """A web-eid:1.0 token over origin and nonce, ES256."""
    value = hashlib.sha256(origin.encode()).digest() + hashlib.sha256(nonce.encode()).digest()
    assert isinstance(credential.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(credential.key.sign(value, ec.ECDSA(hashes.SHA256())))
    return json.dumps(
        {
            "unverifiedCertificate": base64.b64encode(credential.der).decode(),
            "algorithm": "ES256",
            "signature": base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode(),
            "format": "web-eid:1.0",
            "appVersion": "urn:udgam-agent:0.1.0",
        }
    )
