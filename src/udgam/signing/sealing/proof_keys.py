"""Keys that sign codes, credentials and register files (P-256), and the log's key (Ed25519).

An office's proof key is another one than its seal: codes are signed with ES256 because a P-256 signature is small enough for a
code, and many seals are RSA. In earnest both lie in a key store; in the sandbox in files.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from udgam.signing.proof.keys import PublicKey, with_smaller_s
from udgam.signing.proof.log.notes import COSIGNATURE, ED25519, NoteKey, cosigned_message
from udgam.signing.sealing.keys import SealKeyUnusable, in_owner, open_private_key


class ProofKey(Protocol):
    """What signing a code, a credential or a register file needs of a key. ``sign`` answers r and the smaller s, 32 bytes each."""

    @property
    def public(self) -> PublicKey: ...

    def sign(self, data: bytes) -> bytes: ...


class SoftwareProofKey:
    """A P-256 key in memory. Signs deterministically (RFC 6979), so that a rebuilt register has the same bytes."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        try:
            self.public = PublicKey.of(key.public_key())
        except ValueError as error:
            raise SealKeyUnusable("seal_key.unreadable", detail=str(error)) from error
        self._key = key
        self._algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

    @classmethod
    def generate(cls) -> SoftwareProofKey:
        """A new key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, key_file: Path, *, password: bytes | None = None) -> SoftwareProofKey:
        """Open a PEM key file. Raises SealKeyUnusable."""
        key = _load(key_file, password)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SealKeyUnusable("seal_key.unreadable", detail="it is no key on an elliptic curve")
        return cls(key)

    def to_pem(self) -> bytes:
        """The private key, unencrypted, for the sandbox's files."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        """Sign ``data`` with ES256."""
        r, s = decode_dss_signature(self._key.sign(data, self._algorithm))
        return with_smaller_s(r.to_bytes(32) + s.to_bytes(32))


class Pkcs11ProofKey:
    """A P-256 key behind PKCS#11. ``public`` is the published key that it must belong to."""

    def __init__(self, *, module: Path, token_label: str, key_label: str, pin: str, public: PublicKey) -> None:
        """Open the store and find the key.

        Raises:
            SealKeyUnusable: the module, token, PIN or key is wrong, or the key is another one than ``public``.
        """
        self.public = public
        self._where, self._pin = (module, token_label, key_label), pin
        self._key: Any = in_owner(self._open)
        if not public.signed(
            self.sign(b"udgam: does this key belong to this entry?"), b"udgam: does this key belong to this entry?"
        ):
            raise SealKeyUnusable("seal_key.other_certificate", holder=public.id)

    def _open(self) -> Any:
        module, token_label, key_label = self._where
        return open_private_key(module, token_label, key_label, self._pin)

    def sign(self, data: bytes) -> bytes:
        """Sign ``data`` with ES256 inside the store. A session that was lost is opened again once. Raises SealKeyUnusable."""
        return in_owner(lambda: self._sign(data, again=True))

    def _sign(self, data: bytes, *, again: bool) -> bytes:
        import pkcs11

        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        try:
            return with_smaller_s(bytes(self._key.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA)))
        except pkcs11.exceptions.PKCS11Error as error:
            if not again:
                raise SealKeyUnusable("seal_key.gone", detail=str(error)[:160] or type(error).__name__) from error
            self._key = self._open()
            return self._sign(data, again=False)


class LogKey:
    """The Ed25519 key of a log, or of a witness. Ed25519 is deterministic by itself."""

    def __init__(self, key: Ed25519PrivateKey, name: str, *, witness: bool = False) -> None:
        self._key = key
        self.public = NoteKey(name, COSIGNATURE if witness else ED25519, key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str, *, witness: bool = False) -> LogKey:
        """A new key that signs under ``name``."""
        return cls(Ed25519PrivateKey.generate(), name, witness=witness)

    @classmethod
    def load(cls, key_file: Path, name: str, *, witness: bool = False, password: bytes | None = None) -> LogKey:
        """Open a PEM key file. Raises SealKeyUnusable."""
        key = _load(key_file, password)
        if not isinstance(key, Ed25519PrivateKey):
            raise SealKeyUnusable("seal_key.unreadable", detail="it is no Ed25519 key")
        return cls(key, name, witness=witness)

    def to_pem(self) -> bytes:
        """The private key, unencrypted, for the sandbox's files."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign_note(self, body: bytes) -> bytes:
        """The log's signature over the text of a checkpoint."""
        return self._key.sign(body)

    def cosign_note(self, body: bytes, *, at: datetime) -> bytes:
        """A witness's signature over the text of a checkpoint, with the moment in front."""
        return int(at.timestamp()).to_bytes(8) + self._key.sign(cosigned_message(body, at))


def _load(key_file: Path, password: bytes | None) -> object:
    try:
        return load_pem_private_key(key_file.read_bytes(), password)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealKeyUnusable("seal_key.unreadable", detail=str(error)[:160]) from error
