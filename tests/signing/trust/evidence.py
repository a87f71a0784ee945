"""What the tests of this folder share: evidence from memory, and the one store most of them need."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.signing.pki import NOW, Credential, Pki
from udgam.signing.trust import CrlIndex, PathRefused, TrustStore
from udgam.signing.trust.token import VerifiedToken, verify_token

ORIGIN = "https://origin.example"
NONCE = base64.b64encode(bytes(range(32))).decode()


class Evidence:
    """A revocation source over fixed bytes: CRLs for everybody, OCSP answers by serial number."""

    def __init__(self, crls: Sequence[bytes] = (), ocsp: Mapping[int, bytes] | None = None) -> None:
        self.crls, self.ocsp = list(crls), dict(ocsp or {})
        self.crl_index = CrlIndex()

    def crls_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Sequence[bytes]:
        return self.crls

    def ocsp_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        return self.ocsp.get(certificate.serial_number)


def store_of(pki: Pki) -> TrustStore:
    return TrustStore([pki.root.certificate], [pki.ca.certificate, pki.sub.certificate])


def refused(code: str, act: Callable[[], object], kind: type[Exception] = PathRefused) -> Any:
    """The refusal with exactly this code."""
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.code == code, f"{caught.value.code}: {caught.value}"  # type: ignore[attr-defined]
    # Every sentence is filled in completely.
    assert "{" not in caught.value.message  # type: ignore[attr-defined]
    return caught.value


_HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def sign_token(key: object, algorithm: str, origin: str = ORIGIN, nonce: str = NONCE) -> bytes:
    """The signature as any client of the format makes it, written here without the code under test."""
    hashed = _HASHES[algorithm[2:]]
    digest = lambda text: hashlib.new(hashed.name, text.encode()).digest()  # noqa: E731
    value = digest(origin) + digest(nonce)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(value, ec.ECDSA(hashed)))
        size = (key.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    assert isinstance(key, rsa.RSAPrivateKey)
    if algorithm.startswith("PS"):
        return key.sign(value, padding.PSS(padding.MGF1(hashed), hashed.digest_size), hashed)
    return key.sign(value, padding.PKCS1v15(), hashed)


def make_token(
    credential: Credential, algorithm: str = "ES256", *, origin: str = ORIGIN, nonce: str = NONCE, **changes: Any
) -> dict[str, Any]:
    """A token of format 1.0; ``changes`` replace fields, ``None`` removes one."""
    token: dict[str, Any] = {
        "unverifiedCertificate": base64.b64encode(credential.der).decode(),
        "algorithm": algorithm,
        "signature": base64.b64encode(sign_token(credential.key, algorithm, origin, nonce)).decode(),
        "format": "web-eid:1.0",
        "appVersion": "https://agent.example/releases/1.0.0",
    }
    return {name: value for name, value in (token | changes).items() if value is not None}


def as_bytes(token: Mapping[str, Any]) -> bytes:
    return json.dumps(token).encode()


def verify(pki: Pki, token: bytes | str | Mapping[str, Any], **changes: Any) -> VerifiedToken:
    """Check a token against the usual origin, nonce, store, evidence and moment; ``changes`` replace any of them."""
    given: dict[str, Any] = {
        "origin": ORIGIN,
        "nonce": NONCE,
        "store": store_of(pki),
        "revocation": Evidence(pki.crls()),
        "at": NOW,
    }
    return verify_token(token, **given | changes)
