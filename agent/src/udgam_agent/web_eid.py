"""Authentication tokens in the format web-eid:1.0.

The signed message is H(origin) || H(nonce): the origin as the browser attested it, the nonce as the base64 text the site
sent. The agent builds the message itself, so a site can never have other bytes signed under the name of a sign-in.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from udgam_agent import __version__
from udgam_agent.errors import Refused

_EC = {"secp256r1": ("ES256", "sha256"), "secp384r1": ("ES384", "sha384"), "secp521r1": ("ES512", "sha512")}


def algorithm_of(certificate: x509.Certificate) -> tuple[str, str]:
    """Return the JWA name and the hash for a certificate's key: RS256 for RSA, ES256/384/512 by curve."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RS256", "sha256"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _EC:
        return _EC[key.curve.name]
    raise Refused("agent.key-unknown", status=409)


def message_to_sign(*, origin: str, nonce: str, hash_name: str) -> bytes:
    return hashlib.new(hash_name, origin.encode()).digest() + hashlib.new(hash_name, nonce.encode()).digest()


def app_version(kind: str) -> str:
    """Name this program and, in the sandbox's file mode, say so: a test can then prove that a real token was used."""
    return f"urn:udgam-agent:{__version__}" + (":sandbox-files" if kind == "file" else "")


def token(*, certificate_der: bytes, algorithm: str, signature: bytes, kind: str) -> dict[str, str]:
    return {
        "unverifiedCertificate": base64.b64encode(certificate_der).decode(),
        "algorithm": algorithm,
        "signature": base64.b64encode(signature).decode(),
        "format": "web-eid:1.0",
        "appVersion": app_version(kind),
    }
