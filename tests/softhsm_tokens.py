"""Real PKCS#11 tokens for tests: SoftHSM2 in a folder of its own, filled from PKCS#12 files or keys.

Tokens are filled by a child process, because a PKCS#11 module belongs to the process that loaded it and would otherwise stay
in the test runner with the settings of the first test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def softhsm_module() -> str | None:
    """Return the path of the SoftHSM module, or None where SoftHSM2 is not installed."""
    return next((place for place in PLACES if Path(place).is_file()), None)


def softhsm_available() -> bool:
    return softhsm_module() is not None and shutil.which("softhsm2-util") is not None


@dataclass
class SoftHsm:
    """A set of tokens in `folder`. Give `environment()` to the process that shall see them, and `module` to the agent."""

    folder: Path

    def __post_init__(self) -> None:
        if not softhsm_available():
            raise RuntimeError("SoftHSM2 is not installed. On Debian: apt-get install softhsm2")
        (self.folder / "tokens").mkdir(parents=True, exist_ok=True)
        self.configuration.write_text(
            f"directories.tokendir = {self.folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )

    @property
    def configuration(self) -> Path:
        return self.folder / "softhsm2.conf"

    @property
    def module(self) -> str:
        return str(softhsm_module())

    def environment(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.configuration)}

    def new_token(self, label: str, *, pin: str, so_pin: str = "87654321") -> None:
        """Make an empty token with a user PIN."""
        self._run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", so_pin, "--pin", pin)

    def import_p12(self, source: Path | bytes, password: str | None, *, label: str, pin: str) -> x509.Certificate:
        """Make a new token and put the key and the certificate of a PKCS#12 file on it."""
        data = source if isinstance(source, bytes) else source.read_bytes()
        key, certificate, _ = pkcs12.load_key_and_certificates(data, None if password is None else password.encode())
        assert isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey))
        assert certificate is not None
        self.import_key(key, certificate, label=label, pin=pin)
        return certificate

    def import_key(
        self,
        key: Key | None,
        certificate: x509.Certificate | None,
        *,
        label: str,
        pin: str,
        key_id: bytes = b"\x01",
        new: bool = True,
        always_authenticate: bool = False,
        object_label: str = "",
    ) -> None:
        """Put a key, a certificate or both on a token, which is made first when `new`. Each pair needs its own `key_id`.

        The objects are called like the token unless `object_label` says otherwise.
        """
        if new:
            self.new_token(label, pin=pin)
        parts = [label, pin, key_id.hex(), "1" if always_authenticate else "0", object_label or label]
        pem = b""
        if key is not None:
            pem += key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        if certificate is not None:
            pem += certificate.public_bytes(serialization.Encoding.PEM)
        self._run(sys.executable, __file__, *parts, stdin=pem)

    def _run(self, *command: str, stdin: bytes = b"") -> None:
        environment = {**os.environ, **self.environment()}
        result = subprocess.run(command, input=stdin, env=environment, capture_output=True, check=False)
        if result.returncode:
            raise RuntimeError(f"{Path(command[0]).name} failed: {result.stderr.decode(errors='replace')}")


def _fill(label: str, pin: str, key_id: bytes, always_authenticate: bool, *, object_label: str, pem: bytes) -> None:
    import pkcs11
    from pkcs11 import Attribute
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    token = pkcs11.lib(str(softhsm_module())).get_token(token_label=label)
    with token.open(rw=True, user_pin=pin) as session:
        common = {Attribute.TOKEN: True, Attribute.ID: key_id, Attribute.LABEL: object_label}
        if b"PRIVATE KEY" in pem:
            key = serialization.load_pem_private_key(pem, None)
            private = {**common, Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.SIGN: True}
            if always_authenticate:
                private[Attribute.ALWAYS_AUTHENTICATE] = True
            if isinstance(key, rsa.RSAPrivateKey):
                der = key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.TraditionalOpenSSL,
                    serialization.NoEncryption(),
                )
                session.create_object({**decode_rsa_private_key(der), **private})
            elif isinstance(key, ec.EllipticCurvePrivateKey):
                der = key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.TraditionalOpenSSL,
                    serialization.NoEncryption(),
                )
                session.create_object({**decode_ec_private_key(der), **private})
        if b"BEGIN CERTIFICATE" in pem:
            start = pem.index(b"-----BEGIN CERTIFICATE")
            certificate = x509.load_pem_x509_certificate(pem[start:])
            attributes = decode_x509_certificate(certificate.public_bytes(serialization.Encoding.DER))
            session.create_object({**attributes, **common})


if __name__ == "__main__":
    _fill(
        sys.argv[1],
        sys.argv[2],
        bytes.fromhex(sys.argv[3]),
        sys.argv[4] == "1",
        object_label=sys.argv[5],
        pem=sys.stdin.buffer.read(),
    )
