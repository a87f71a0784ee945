"""What an agent answers for a token of the cast when there is no agent: the key lies in memory."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from udgam.sandbox.authority import LoadedToken
from udgam.signing.trust import detached


def authentication_token(token: LoadedToken, *, origin: str, nonce: str) -> str:
    """A `web-eid:1.0` token in JSON over the hashes of origin and nonce (Web eID, authentication token format)."""
    value = hashlib.sha256(origin.encode()).digest() + hashlib.sha256(nonce.encode()).digest()
    signature = raw_signature(token, value)
    algorithm = "RS256"
    if isinstance(token.key, ec.EllipticCurvePrivateKey):
        # JWS writes both numbers side by side (RFC 7518 section 3.4).
        algorithm, size = "ES256", (token.key.key_size + 7) // 8
        signature = b"".join(number.to_bytes(size, "big") for number in decode_dss_signature(signature))
    return json.dumps(
        {
            "unverifiedCertificate": base64.b64encode(token.der).decode(),
            "algorithm": algorithm,
            "signature": base64.b64encode(signature).decode(),
            "format": "web-eid:1.0",
            "appVersion": "urn:udgam-sandbox:soft-token",
        }
    )


def raw_signature(token: LoadedToken, data: bytes) -> bytes:
    """PKCS#1 v1.5 or ECDSA in DER over SHA-256."""
    if isinstance(token.key, rsa.RSAPrivateKey):
        return token.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return token.key.sign(data, ec.ECDSA(hashes.SHA256()))


def detached_signature(token: LoadedToken, content: bytes, *, signing_time: datetime) -> bytes:
    """A detached CAdES-BES signature of the bytes, in DER."""
    return detached.sign(content, key=token.key, certificate=token.certificate, signing_time=signing_time)
