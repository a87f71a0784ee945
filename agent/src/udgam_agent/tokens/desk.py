"""The one thread that owns the tokens. PKCS#11 modules are global to a process, and few survive two callers at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from udgam_agent.errors import Refused
from udgam_agent.tokens.files import HASHES
from udgam_agent.tokens.holdings import KeySource, Look, OpenKey

_Answer = TypeVar("_Answer")


class TokenDesk:
    """Runs every call on one thread. At most one key is open at a time; opening another closes it."""

    def __init__(self, sources: Sequence[KeySource]) -> None:
        self._sources = tuple(sources)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="token")
        self._open: OpenKey | None = None

    def _run(self, work: Callable[[], _Answer]) -> _Answer:
        return self._thread.submit(work).result()

    def look(self) -> Look:
        """Look at everything plugged in. An open key is closed by this, because the modules start afresh."""

        def work() -> Look:
            self._close()
            looks = [source.look() for source in self._sources]
            return Look(
                tuple(held for look in looks for held in look.certificates),
                tuple(token for look in looks for token in look.tokens),
                tuple(module for look in looks for module in look.modules),
                tuple(problem for look in looks for problem in look.problems),
            )

        return self._run(work)

    def unlock(self, *, certificate_id: str, pin: str | None) -> bool:
        """Open the key of a certificate with the PIN. Returns whether its key wants the PIN again at each signature.

        Raises `Refused`: agent.pin-wrong, agent.pin-last-try, agent.pin-locked, agent.token-gone, agent.key-missing.
        """

        def work() -> bool:
            self._close()
            for source in self._sources:
                try:
                    self._open = source.open_key(certificate_id, pin)
                except Refused as refusal:
                    if refusal.code == "agent.token-gone" and source is not self._sources[-1]:
                        continue
                    raise
                else:
                    return self._open.pin_each_time
            raise Refused("agent.token-gone", status=409, final=False)

        return self._run(work)

    def sign(self, message: bytes, *, hash_name: str, pin: str | None = None) -> bytes:
        """Sign with the open key; the signature is checked with the certificate before it is returned.

        RSA: PKCS#1 v1.5. ECDSA: r and s side by side (as in JWS, RFC 7518 section 3.4).
        """

        def work() -> bytes:
            if self._open is None:
                raise Refused("agent.token-gone", status=409)
            signature = self._open.sign(message, hash_name, pin)
            _check(self._open, message, hash_name, signature)
            return signature

        return self._run(work)

    def lock(self) -> None:
        """Log out and forget the open key."""
        self._run(self._close)

    def lock_soon(self) -> None:
        """Log out as soon as the thread is free, without waiting for a token that is still thinking."""
        self._thread.submit(self._close)

    def _close(self) -> None:
        if self._open is not None:
            opened, self._open = self._open, None
            opened.close()
            for source in self._sources:
                source.release()

    def shut(self) -> None:
        self._run(self._close)
        self._thread.shutdown(wait=True)


def to_der(raw: bytes) -> bytes:
    """Turn r and s side by side into the DER form that CMS and PDF signatures use (RFC 3279 section 2.2.3)."""
    half = len(raw) // 2
    return utils.encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def _check(opened: OpenKey, message: bytes, hash_name: str, signature: bytes) -> None:
    public = opened.certificate.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), HASHES[hash_name])
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(to_der(signature), message, ec.ECDSA(HASHES[hash_name]))
        else:
            raise Refused("agent.key-missing", status=409)
    except InvalidSignature as problem:
        raise Refused("agent.key-mismatch", status=502) from problem
