"""What is plugged in: the shapes every source of keys answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cryptography import x509

from udgam_agent.tokens.certificates import CertificateSummary


@dataclass(frozen=True)
class PinState:
    """What the token itself says about the PIN (flags of C_GetTokenInfo, PKCS#11 2.40 section 3.2).

    `low`: a wrong PIN was given since the last right one. `last_try`: one more wrong PIN locks the token. `keypad`: the
    PIN is typed on the reader, never here.
    """

    low: bool = False
    last_try: bool = False
    locked: bool = False
    keypad: bool = False
    not_set: bool = False
    must_change: bool = False


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate and the token it lies on. `kind` is "token" or "file"."""

    summary: CertificateSummary
    token: str
    model: str
    kind: str
    pin: PinState


@dataclass(frozen=True)
class Problem:
    """Something that keeps a token from being used: a code of `texts` and where it was seen."""

    code: str
    where: str


@dataclass(frozen=True)
class Look:
    """One look at everything plugged in."""

    certificates: tuple[HeldCertificate, ...]
    tokens: tuple[str, ...]
    modules: tuple[str, ...]
    problems: tuple[Problem, ...]


class OpenKey(Protocol):
    """A key whose PIN was accepted. Used and closed by the owning thread only."""

    certificate: x509.Certificate
    pin_each_time: bool

    def sign(self, message: bytes, hash_name: str, pin: str | None) -> bytes:
        """Return the raw signature over the message: PKCS#1 v1.5 for RSA, r and s side by side for ECDSA."""

    def close(self) -> None: ...


class KeySource(Protocol):
    def look(self) -> Look: ...

    def open_key(self, certificate_id: str, pin: str | None) -> OpenKey: ...

    def release(self) -> None:
        """Forget sessions and log out, whatever state they are in."""
