"""Keys that seal for an office: a PKCS#11 store in earnest, a software file in the sandbox.

A key is opened once and kept: checking an RSA key at every signature costs three times the signature itself.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from udgam.rules.refusals import Reason, Refused

Result = TypeVar("Result")


class SealKeyUnusable(Refused):
    """The seal's key cannot be opened or does not belong to its certificate."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "seal_key.unreadable": Reason(
            "The seal's key cannot be opened: {detail}.", "Check the file or key store, and its password or PIN."
        ),
        "seal_key.kind": Reason(
            "The seal's key is neither RSA nor elliptic curve.", "Use an RSA key of at least 2048 bits, or P-256."
        ),
        "seal_key.other_certificate": Reason(
            "The seal's key does not belong to the certificate of {holder}.",
            "Give the certificate that was issued for this key.",
        ),
        "seal_key.not_found": Reason(
            "The key store holds no key {label} on the token {token}.", "Check the names in the settings of the office."
        ),
        "seal_key.pin_wrong": Reason(
            "The token {token} refused the PIN.",
            "Put the right PIN into its file. This PIN is not tried again, so that the token does not lock itself.",
        ),
        "seal_key.pin_low": Reason(
            "A wrong PIN was given to the token {token} before, so it is not tried now.",
            "Log in to the token once with the key store's own program; that sets its count back. Then try again.",
        ),
        "seal_key.pin_locked": Reason(
            "The token {token} is locked, because a wrong PIN was given too often.",
            "Unlock it with the key store's own program and its administrator PIN.",
        ),
        "seal_key.gone": Reason(
            "The key store does not answer: {detail}.", "Plug it in or start it again; nothing was sealed meanwhile."
        ),
    }


class SealKey(Protocol):
    """What sealing needs of a key. ``sign`` takes the data itself and answers a SHA-256 signature: PKCS#1 v1.5, or ECDSA in DER."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]: ...

    def sign(self, data: bytes) -> bytes: ...


class SoftwareSealKey:
    """A key in memory. For the sandbox and for tests: an office's real key lives in a key store."""

    def __init__(
        self,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise SealKeyUnusable("seal_key.kind")
        if key.public_key() != certificate.public_key():
            raise SealKeyUnusable("seal_key.other_certificate", holder=certificate.subject.rfc4514_string())
        self._key = key
        self.certificate = certificate
        self.chain = tuple(chain)

    @classmethod
    def load(
        cls,
        key_file: Path,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
        *,
        password: bytes | None = None,
    ) -> SoftwareSealKey:
        """Open a PEM key file.

        Raises:
            SealKeyUnusable: no such file, wrong password, wrong kind of key, or another certificate's key.
        """
        try:
            key = load_pem_private_key(key_file.read_bytes(), password)
        except (OSError, ValueError, TypeError) as error:
            raise SealKeyUnusable("seal_key.unreadable", detail=str(error)[:160]) from error
        return cls(key, certificate, chain)  # type: ignore[arg-type]  # the constructor refuses other kinds

    @classmethod
    def from_p12(cls, data: bytes, password: str) -> SoftwareSealKey:
        """Open a PKCS#12 file.

        Raises:
            SealKeyUnusable: as for `load`.
        """
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode())
        except (ValueError, TypeError) as error:
            raise SealKeyUnusable("seal_key.unreadable", detail=str(error)[:160]) from error
        if key is None or certificate is None:
            raise SealKeyUnusable("seal_key.unreadable", detail="the file holds no key with a certificate")
        return cls(key, certificate, others)  # type: ignore[arg-type]  # the constructor refuses other kinds

    def sign(self, data: bytes) -> bytes:
        """Sign ``data`` with SHA-256."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


# PKCS#11 modules are global to the process and must be called by one thread only, so one worker thread owns them all.
_OWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pkcs11")
_LOADED: dict[str, Any] = {}
# With which PIN this process logged in to a token, as a keyed digest that leaves the process as little as the PIN does.
_LOGGED_IN: dict[tuple[str, str], bytes] = {}
# The last PIN that a token refused in this process; tasks that try again every minute must not lock the token with it.
_REFUSED: dict[tuple[str, str], bytes] = {}
_PIN_KEY = os.urandom(32)
_LOAD_LOCK = threading.Lock()


def in_owner(call: Callable[[], Result]) -> Result:
    """Run ``call`` in the one thread that owns the PKCS#11 modules."""
    return _OWNER.submit(call).result()


def open_private_key(module: Path, token_label: str, key_label: str, pin: str, *, trial: bool = False) -> Any:
    """Open a session and find a private key in it; to be called through `in_owner`.

    The last try that a token leaves is never used up; a `trial` of an address that somebody typed uses none after a wrong one.

    Raises:
        SealKeyUnusable: the module, token, PIN or key is wrong, or the PIN may not be tried.
    """
    import pkcs11

    try:
        with _LOAD_LOCK:
            library = _LOADED.setdefault(str(module), pkcs11.lib(str(module)))
        token = library.get_token(token_label=token_label)
        session = _log_in(token, (str(module), token_label), pin, trial=trial)
        return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=key_label)
    except (pkcs11.exceptions.NoSuchToken, pkcs11.exceptions.NoSuchKey) as error:
        raise SealKeyUnusable("seal_key.not_found", label=key_label, token=token_label) from error
    except (pkcs11.exceptions.PKCS11Error, RuntimeError, OSError) as error:
        raise SealKeyUnusable("seal_key.unreadable", detail=str(error)[:160] or type(error).__name__) from error


def _log_in(token: Any, login: tuple[str, str], pin: str, *, trial: bool) -> Any:
    """A session of a token, logged in with the PIN."""
    import pkcs11

    given = hmac.digest(_PIN_KEY, pin.encode(), "sha256")
    if not hmac.compare_digest(_LOGGED_IN.get(login, b""), given):
        _refuse_to_lock(token, login, given, trial=trial)
    try:
        session = token.open(user_pin=pin)
    except pkcs11.exceptions.UserAlreadyLoggedIn:
        # The login belongs to the process, not to the session: another key of the same token was opened before. The token
        # no longer asks for the PIN, so it is compared with the one that opened it.
        if not hmac.compare_digest(_LOGGED_IN.get(login, given), given):
            raise SealKeyUnusable("seal_key.unreadable", detail="the PIN is not the one of the token") from None
        session = token.open()
    except (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinInvalid, pkcs11.exceptions.PinLenRange) as error:
        _REFUSED[login] = given
        raise SealKeyUnusable("seal_key.pin_wrong", token=login[1]) from error
    except pkcs11.exceptions.PinLocked as error:
        raise SealKeyUnusable("seal_key.pin_locked", token=login[1]) from error
    _LOGGED_IN[login] = given
    return session


def _refuse_to_lock(token: Any, login: tuple[str, str], given: bytes, *, trial: bool) -> None:
    """Raise where giving this PIN could be what locks the token (PKCS#11 3.0, 5.5.6, flags of CK_TOKEN_INFO)."""
    from pkcs11 import TokenFlag

    flags = token.flags
    if flags & TokenFlag.USER_PIN_LOCKED:
        raise SealKeyUnusable("seal_key.pin_locked", token=login[1])
    if hmac.compare_digest(_REFUSED.get(login, b""), given):
        raise SealKeyUnusable("seal_key.pin_wrong", token=login[1])
    if flags & TokenFlag.USER_PIN_FINAL_TRY or (trial and flags & TokenFlag.USER_PIN_COUNT_LOW):
        raise SealKeyUnusable("seal_key.pin_low", token=login[1])


class Pkcs11SealKey:
    """A key behind PKCS#11 that never leaves its store. The session stays open between signatures."""

    def __init__(
        self,
        *,
        module: Path,
        token_label: str,
        key_label: str,
        pin: str,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
        trial: bool = False,
    ) -> None:
        """Open the store and find the key; for a `trial` as `open_private_key` says.

        Raises:
            SealKeyUnusable: the module, token, PIN or key is wrong, or the key belongs to another certificate.
        """
        self.certificate = certificate
        self.chain = tuple(chain)
        self._where = (module, token_label, key_label)
        self._pin, self._trial = pin, trial
        self._key: Any = None
        in_owner(self._open)
        self._trial = False
        if not _proves(self, certificate):
            raise SealKeyUnusable("seal_key.other_certificate", holder=certificate.subject.rfc4514_string())

    def _open(self) -> None:
        module, token_label, key_label = self._where
        self._key = open_private_key(module, token_label, key_label, self._pin, trial=self._trial)

    def sign(self, data: bytes) -> bytes:
        """Sign ``data`` with SHA-256 inside the store. A session that was lost is opened again once.

        Raises:
            SealKeyUnusable: the store does not answer.
        """
        return in_owner(lambda: self._sign(data, again=True))

    def _sign(self, data: bytes, *, again: bool) -> bytes:
        import pkcs11

        try:
            if isinstance(self.certificate.public_key(), rsa.RSAPublicKey):
                return bytes(self._key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
            # Many stores know ECDSA only over a digest made outside.
            digest = hashes.Hash(hashes.SHA256())
            digest.update(data)
            raw = bytes(self._key.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA))
            return ecdsa_der(raw)
        except pkcs11.exceptions.PKCS11Error as error:
            if not again:
                raise SealKeyUnusable("seal_key.gone", detail=str(error)[:160] or type(error).__name__) from error
            self._open()
            return self._sign(data, again=False)


class _EcdsaPair(core.Sequence):  # type: ignore[misc]  # asn1crypto carries no types
    _fields = [("r", core.Integer), ("s", core.Integer)]


def ecdsa_der(raw: bytes) -> bytes:
    """Turn the two halves r || s, as tokens answer them, into the DER form that CMS wants (RFC 5480)."""
    half = len(raw) // 2
    pair = _EcdsaPair({"r": int.from_bytes(raw[:half]), "s": int.from_bytes(raw[half:])})
    encoded: bytes = pair.dump()
    return encoded


def _proves(key: SealKey, certificate: x509.Certificate) -> bool:
    from udgam.signing.proof.container import signature_is_by

    challenge = b"udgam: does this key belong to this certificate?"
    return signature_is_by(certificate, key.sign(challenge), challenge)
