"""The key that signs the head of the chain of links.

An Ed25519 key derived from SECRET_KEY by HKDF-SHA256 (RFC 5869), or, when an operator wants it to outlive that secret, from the
setting AUDIT_KEY (64 hexadecimal digits). Each link names its key, and keys that are no longer used can be listed in
AUDIT_OLD_PUBLIC_KEYS, so that old links stay checkable.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"udgam audit links 1"


@dataclass(frozen=True)
class LinkKey:
    """The private key and its name, the first 16 hexadecimal digits of the SHA-256 of the public key."""

    private: Ed25519PrivateKey
    key_id: str

    @property
    def public_hex(self) -> str:
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, digest: str) -> str:
        """Sign a link's hash (hexadecimal in, hexadecimal out)."""
        return self.private.sign(PURPOSE + bytes.fromhex(digest)).hex()


def current() -> LinkKey:
    """The key of this installation."""
    given: str = getattr(settings, "AUDIT_KEY", "")
    seed = (
        bytes.fromhex(given)
        if given
        else HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(settings.SECRET_KEY.encode())
    )
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return LinkKey(private, _key_id(private.public_key()))


def is_signed(digest: str, signature: str, key_id: str) -> bool | None:
    """Whether the signature over the hash holds; None when the key that it names is not known here."""
    known = {_key_id(key): key for key in [current().private.public_key(), *_old_keys()]}
    if key_id not in known:
        return None
    try:
        known[key_id].verify(bytes.fromhex(signature), PURPOSE + bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def _old_keys() -> list[Ed25519PublicKey]:
    listed: list[str] = getattr(settings, "AUDIT_OLD_PUBLIC_KEYS", [])
    return [Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in listed]


def _key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
