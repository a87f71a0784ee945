"""PKCS#12 files in a folder, for the sandbox only: each NAME.p12 beside its certificate NAME.cer, .crt or .pem.

The password of the file plays the PIN. Like a real token a file locks after three wrong PINs, until the agent restarts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import pkcs12

from udgam_agent.errors import Refused
from udgam_agent.tokens.certificates import summarise
from udgam_agent.tokens.holdings import HeldCertificate, Look, OpenKey, PinState, Problem

TRIES = 3
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class OpenFileKey:
    """A private key read from a file; implements `OpenKey`."""

    pin_each_time = False

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = key
        self.certificate = certificate

    def sign(self, message: bytes, hash_name: str, pin: str | None) -> bytes:
        del pin
        if self._key is None:
            raise Refused("agent.token-gone", status=409)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(message, padding.PKCS1v15(), HASHES[hash_name])
        r, s = utils.decode_dss_signature(self._key.sign(message, ec.ECDSA(HASHES[hash_name])))
        size = (self._key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def close(self) -> None:
        self._key = None


class FileSource:
    """The sandbox's folder of PKCS#12 files; implements `KeySource`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wrong: dict[Path, int] = {}

    def _pin_state(self, path: Path) -> PinState:
        wrong = self._wrong.get(path, 0)
        return PinState(low=wrong > 0, last_try=wrong == TRIES - 1, locked=wrong >= TRIES)

    def _certificate_beside(self, path: Path) -> bytes | None:
        for suffix in (".cer", ".crt", ".pem", ".der"):
            beside = path.with_suffix(suffix)
            if beside.is_file():
                data = beside.read_bytes()
                if b"-----BEGIN CERTIFICATE-----" in data:
                    return x509.load_pem_x509_certificate(data).public_bytes(serialization.Encoding.DER)
                return data
        return None

    def _files(self) -> tuple[dict[Path, HeldCertificate], list[Problem]]:
        found: dict[Path, HeldCertificate] = {}
        problems = []
        # The oldest file first: a sandbox makes the tokens of its people before those that show what can go wrong.
        for path in sorted([*self._folder.glob("*.p12"), *self._folder.glob("*.pfx")], key=_age):
            try:
                der = self._certificate_beside(path)
                if der is None:
                    problems.append(Problem("agent.file-without-certificate", path.name))
                    continue
                summary = summarise(der, at=datetime.now(UTC))
            except (OSError, ValueError):
                problems.append(Problem("agent.certificate-unreadable", path.name))
                continue
            if summary.use != "authority":
                found[path] = HeldCertificate(summary, path.name, "PKCS#12", "file", self._pin_state(path))
        return found, problems

    def look(self) -> Look:
        found, problems = self._files()
        if not self._folder.is_dir():
            problems.append(Problem("agent.folder-missing", str(self._folder)))
        return Look(tuple(found.values()), tuple(path.name for path in found), (), tuple(problems))

    def open_key(self, certificate_id: str, pin: str | None) -> OpenKey:
        found, _ = self._files()
        for path, held in found.items():
            if held.summary.id == certificate_id:
                return self._open(path, held, pin)
        raise Refused("agent.token-gone", status=409, final=False)

    def _open(self, path: Path, held: HeldCertificate, pin: str | None) -> OpenKey:
        if held.pin.locked:
            raise Refused("agent.pin-locked", status=403)
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), (pin or "").encode())
        except ValueError as problem:
            self._wrong[path] = self._wrong.get(path, 0) + 1
            state = self._pin_state(path)
            if state.locked:
                raise Refused("agent.pin-locked", status=403) from problem
            raise Refused(
                "agent.pin-last-try" if state.last_try else "agent.pin-wrong", status=403, final=False
            ) from problem
        if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)) or certificate is None:
            raise Refused("agent.key-missing", status=409)
        self._wrong.pop(path, None)
        return OpenFileKey(key, x509.load_der_x509_certificate(held.summary.der))

    def release(self) -> None:
        """Nothing is kept between uses."""


def _age(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name
