"""Tokens through PKCS#11 (OASIS, version 2.40). Every method must run on the one thread that owns the modules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag
from pkcs11 import exceptions as p11

from udgam_agent.errors import Refused
from udgam_agent.tokens.certificates import summarise
from udgam_agent.tokens.holdings import HeldCertificate, Look, OpenKey, PinState, Problem

_DER = Encoding.DER
_PIN_WRONG = (p11.PinIncorrect, p11.PinInvalid, p11.PinLenRange)
_GONE = (p11.TokenNotPresent, p11.DeviceRemoved, p11.SessionHandleInvalid, p11.SessionClosed, p11.ObjectHandleInvalid)
# Head of the DER DigestInfo of RFC 8017 section 9.2 note 1, for tokens that only pad and encrypt.
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
_RSA_WITH_HASH = {
    "sha256": Mechanism.SHA256_RSA_PKCS,
    "sha384": Mechanism.SHA384_RSA_PKCS,
    "sha512": Mechanism.SHA512_RSA_PKCS,
}


def pin_state(flags: int) -> PinState:
    """Translate the token's flags into what the person should know before typing a PIN."""
    return PinState(
        low=bool(flags & TokenFlag.USER_PIN_COUNT_LOW),
        last_try=bool(flags & TokenFlag.USER_PIN_FINAL_TRY),
        locked=bool(flags & TokenFlag.USER_PIN_LOCKED),
        keypad=bool(flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH),
        not_set=not flags & TokenFlag.USER_PIN_INITIALIZED,
        must_change=bool(flags & TokenFlag.USER_PIN_TO_BE_CHANGED),
    )


class OpenTokenKey:
    """A private key in an open, logged-in session; implements `OpenKey`."""

    def __init__(self, session: Any, key: Any, certificate: x509.Certificate) -> None:
        self._session = session
        self._key = key
        self.certificate = certificate
        self.pin_each_time = _flag(key, Attribute.ALWAYS_AUTHENTICATE)

    def sign(self, message: bytes, hash_name: str, pin: str | None) -> bytes:
        try:
            return self._sign(message, hash_name, pin if self.pin_each_time else None)
        except _PIN_WRONG as problem:
            raise Refused("agent.pin-wrong", status=403, final=False) from problem
        except p11.PinLocked as problem:
            raise Refused("agent.pin-locked", status=403) from problem
        except _GONE as problem:
            raise Refused("agent.token-gone", status=409) from problem
        except p11.PKCS11Error as problem:
            raise Refused("agent.token-failed", status=502, detail=type(problem).__name__) from problem

    def _sign(self, message: bytes, hash_name: str, pin: str | None) -> bytes:
        digest = hashlib.new(hash_name, message).digest()
        extra = {} if pin is None else {"pin": pin}
        if isinstance(self.certificate.public_key(), ec.EllipticCurvePublicKey):
            return bytes(self._key.sign(digest, mechanism=Mechanism.ECDSA, **extra))
        try:
            return bytes(self._key.sign(message, mechanism=_RSA_WITH_HASH[hash_name], **extra))
        except (p11.MechanismInvalid, p11.FunctionNotSupported, p11.MechanismParamInvalid):
            # Older tokens lack the combined mechanism; the result is the same byte for byte.
            return bytes(self._key.sign(_DIGEST_INFO[hash_name] + digest, mechanism=Mechanism.RSA_PKCS, **extra))

    def close(self) -> None:
        try:
            self._session.close()
        except p11.PKCS11Error:
            # The token was pulled out or the module was finalised: there is no session left to close.
            self._key = None


def _flag(key: Any, attribute: Attribute) -> bool:
    try:
        return bool(key[attribute])
    except p11.PKCS11Error:
        return False


class TokenSource:
    """All PKCS#11 modules of this machine; implements `KeySource`."""

    def __init__(self, modules: list[str]) -> None:
        self._paths = modules
        self._loaded: dict[str, Any] = {}

    def _fresh(self) -> Iterator[tuple[str, Any | None]]:
        """Initialise every module anew: that is how a token plugged in since is seen, and how old sessions end."""
        for path in self._paths:
            try:
                module = self._loaded.get(path)
                if module is None:
                    module = self._loaded[path] = pkcs11.lib(path)
                elif module.initialized:
                    module.reinitialize()
                else:
                    module.initialize()
            except (p11.PKCS11Error, OSError):
                yield path, None
            else:
                yield path, module

    def _tokens(self) -> Iterator[tuple[Any | None, Problem | None]]:
        for path, module in self._fresh():
            if module is None:
                yield None, Problem("agent.module-broken", path)
                continue
            try:
                slots = module.get_slots(token_present=True)
            except p11.PKCS11Error:
                yield None, Problem("agent.module-broken", path)
                continue
            for slot in slots:
                try:
                    token = slot.get_token()
                except p11.PKCS11Error:
                    yield None, Problem("agent.token-unreadable", str(slot.slot_description).strip())
                    continue
                if token.flags & TokenFlag.TOKEN_INITIALIZED:
                    yield token, None

    def _certificates(self, token: Any) -> Iterator[bytes]:
        session = token.open()
        try:
            for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                yield bytes(entry[Attribute.VALUE])
        finally:
            session.close()

    def look(self) -> Look:
        held: dict[str, HeldCertificate] = {}
        labels: list[str] = []
        problems: list[Problem] = []
        for token, problem in self._tokens():
            if token is None:
                problems.extend([problem] if problem else [])
                continue
            label = str(token.label).strip()
            labels.append(label)
            try:
                ders = list(self._certificates(token))
            except p11.PKCS11Error:
                problems.append(Problem("agent.token-unreadable", label))
                continue
            state = pin_state(int(token.flags))
            for der in ders:
                try:
                    summary = summarise(der, at=datetime.now(UTC))
                except ValueError:
                    problems.append(Problem("agent.certificate-unreadable", label))
                    continue
                if summary.use != "authority":
                    # The same token seen through two modules is listed once, under the module tried first.
                    held.setdefault(
                        summary.id, HeldCertificate(summary, label, str(token.model).strip(), "token", state)
                    )
        return Look(tuple(held.values()), tuple(dict.fromkeys(labels)), tuple(self._paths), tuple(problems))

    def open_key(self, certificate_id: str, pin: str | None) -> OpenKey:
        for token, _ in self._tokens():
            if token is None:
                continue
            try:
                match = next(
                    (der for der in self._certificates(token) if hashlib.sha256(der).hexdigest() == certificate_id),
                    None,
                )
            except p11.PKCS11Error:
                continue
            if match is not None:
                return self._open(token, x509.load_der_x509_certificate(match), pin)
        raise Refused("agent.token-gone", status=409, final=False)

    def _open(self, token: Any, certificate: x509.Certificate, pin: str | None) -> OpenKey:
        try:
            keypad = token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH
            session = token.open(user_pin=pkcs11.PROTECTED_AUTH if keypad else (pin or ""))
        except p11.PinLocked as problem:
            raise Refused("agent.pin-locked", status=403) from problem
        except p11.UserPinNotInitialized as problem:
            raise Refused("agent.pin-not-set", status=403) from problem
        except p11.PinExpired as problem:
            raise Refused("agent.pin-must-change", status=403) from problem
        except _PIN_WRONG as problem:
            raise self._wrong_pin(token) from problem
        except p11.PKCS11Error as problem:
            raise Refused("agent.token-failed", status=502, detail=type(problem).__name__) from problem
        try:
            key = self._key_for(session, certificate)
        except p11.PKCS11Error as problem:
            raise Refused("agent.token-failed", status=502, detail=type(problem).__name__) from problem
        return OpenTokenKey(session, key, certificate)

    def _wrong_pin(self, token: Any) -> Refused:
        try:
            state = pin_state(int(token.slot.get_token().flags))
        except p11.PKCS11Error:
            state = PinState()
        if state.locked:
            return Refused("agent.pin-locked", status=403)
        return Refused("agent.pin-last-try" if state.last_try else "agent.pin-wrong", status=403, final=False)

    def _key_for(self, session: Any, certificate: x509.Certificate) -> Any:
        """Find the private key: by its modulus where the token tells it, else by the certificate's id, else the only one.

        Vendors fill CKA_ID differently (a hash, a label in ASCII, nothing), so it is a hint and not a proof; every
        signature is checked against the certificate before it leaves the agent.
        """
        keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
        public = certificate.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            modulus = public.public_numbers().n
            for key in keys:
                try:
                    if int.from_bytes(bytes(key[Attribute.MODULUS]), "big") == modulus:
                        return key
                except p11.PKCS11Error:
                    continue
        der = certificate.public_bytes(encoding=_DER)
        for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
            if bytes(entry[Attribute.VALUE]) == der:
                same_id = [key for key in keys if _attribute(key, Attribute.ID) == _attribute(entry, Attribute.ID)]
                if len(same_id) == 1:
                    return same_id[0]
        if len(keys) == 1:
            return keys[0]
        raise Refused("agent.key-missing", status=409)

    def release(self) -> None:
        for module in self._loaded.values():
            try:
                if module.initialized:
                    module.finalize()
            except p11.PKCS11Error:
                continue


def _attribute(entry: Any, attribute: Attribute) -> bytes:
    try:
        return bytes(entry[attribute])
    except p11.PKCS11Error:
        return b""
