"""Public keys of codes, credentials and register files: elliptic curve P-256, signatures ES256 (RFC 7518, 3.4; RFC 9053, 2.1)."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from udgam.rules.content import canonical_json

CURVE = "P-256"
SIGNATURE_BYTES = 64
# The number of points of P-256 (SEC 2, 2.4.2). With (r, s) also (r, n - s) is a signature of the same, so everybody could write a
# second text of a credential. Our keys write the smaller s; what they signed before this moment (ADR 0059) has either.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SMALLER_S_SINCE = datetime(2026, 12, 2, tzinfo=UTC)


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Read base64url without padding, in its one spelling: left-over bits are zero. Raises ``ValueError``."""
    data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if to_base64url(data) != text:
        raise ValueError("base64url that is not in its one spelling")
    return data


def with_smaller_s(signature: bytes) -> bytes:
    """The signature (r and s, 32 bytes each) in the one of its two spellings that our keys write."""
    s = int.from_bytes(signature[32:])
    return signature[:32] + min(s, _ORDER - s).to_bytes(32)


@dataclass(frozen=True)
class PublicKey:
    """A P-256 key by its two coordinates in base64url, as in a JWK (RFC 7517)."""

    x: str
    y: str

    @classmethod
    def of(cls, key: ec.EllipticCurvePublicKey) -> PublicKey:
        """Take a key of the library. Raises ``ValueError`` for another curve."""
        if not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("the key is not on the curve P-256")
        numbers = key.public_numbers()
        return cls(to_base64url(numbers.x.to_bytes(32)), to_base64url(numbers.y.to_bytes(32)))

    @cached_property
    def opened(self) -> ec.EllipticCurvePublicKey:
        """The key of the library. Raises ``ValueError`` when the coordinates are no point of the curve."""
        x, y = from_base64url(self.x), from_base64url(self.y)
        if len(x) != 32 or len(y) != 32:
            raise ValueError("a coordinate is not 32 bytes")
        return ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1()).public_key()

    @cached_property
    def id(self) -> str:
        """The first eight bytes of the JWK thumbprint (RFC 7638), in hexadecimal."""
        members = {"crv": CURVE, "kty": "EC", "x": self.x, "y": self.y}
        return hashlib.sha256(canonical_json(members)).digest()[:8].hex()

    def jwk(self) -> dict[str, str]:
        """The key as a JWK."""
        return {"kty": "EC", "crv": CURVE, "x": self.x, "y": self.y}

    def signed(self, signature: bytes, data: bytes) -> bool:
        """Whether this key made the ES256 ``signature`` (r and s, 32 bytes each) over ``data``."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        pair = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
        try:
            self.opened.verify(pair, data, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True
