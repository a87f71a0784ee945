"""Tokens as PKCS#12 files (RFC 7292), the PIN being the password."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from udgam.sandbox import cast
from udgam.sandbox.authority.profile import Key
from udgam.sandbox.guard import SandboxRefused

# The password of every office's sealing key file. A file is for the sandbox only; production uses PKCS#11.
SEAL_PIN = "700700"


@dataclass(frozen=True)
class LoadedToken:
    """A token with its private key. `chain` holds the issuing authorities, nearest first, without the root."""

    name: str
    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    pin: str

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


def write_private(file: Path, data: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(data)


def write_token(file: Path, loaded: LoadedToken) -> None:
    """Write the PKCS#12 file of a token, and its certificate beside it as DER.

    A token shows its certificate before the PIN is known; a PKCS#12 file does not, so the certificate stands apart.
    """
    encryption = serialization.BestAvailableEncryption(loaded.pin.encode("ascii"))
    data = pkcs12.serialize_key_and_certificates(
        loaded.name.encode("utf-8"), loaded.key, loaded.certificate, list(loaded.chain), encryption
    )
    write_private(file, data)
    file.with_suffix(".cer").write_bytes(loaded.der)


def _load(file: Path, name: str, pin: str) -> LoadedToken:
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise SandboxRefused(
            f"There is no {file.name} in {file.parent}. Start the sandbox authority once to make it."
        ) from error
    key, certificate, others = pkcs12.load_key_and_certificates(data, pin.encode("ascii"))
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SandboxRefused(
            f"{file} holds no usable key and certificate. Remove the sandbox folder to have it made again."
        )
    return LoadedToken(name, key, certificate, tuple(others), pin)


def load_token(folder: Path, name: str) -> LoadedToken:
    """The token `name` of the cast from the authority's folder. Raises `KeyError` or `SandboxRefused`."""
    return _load(folder / "tokens" / f"{name}.p12", name, cast.token(name).pin)


def load_seal(folder: Path, office: str) -> LoadedToken:
    """The sealing key of the office with this code, such as `MUM`. Raises `KeyError` or `SandboxRefused`."""
    seal = {each.code: each for each in cast.AGENCY.offices}[office].seal
    return _load(folder / "seals" / f"{seal}.p12", seal, SEAL_PIN)


def pem_key(key: Key) -> bytes:
    """A private key as unencrypted PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def pem(*certificates: x509.Certificate) -> bytes:
    """Certificates as PEM, one after the other."""
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)
