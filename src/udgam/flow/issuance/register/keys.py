"""The keys behind the register: those of offices for codes and credentials, and the register's own.

An office's key for codes stands beside its seal: in the address of the seal as ``x-proof-object=LABEL&x-proof-public=FILE.pem``, or in
a sandbox as the file ``….proof.pem`` beside the seal's. The register's own keys stand in the setting REGISTER_KEYS:
``file:/folder`` with ``list.pem``, ``status.pem`` (P-256) and ``log.pem`` (Ed25519), or
``pkcs11:token=LABEL?module-path=…&pin-source=file:…&x-list-object=…&x-list-public=…&x-status-object=…&x-status-public=…&x-log-file=…``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings

from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.seal_keys import read_address
from udgam.parties.agencies.models import Office
from udgam.signing.proof.keys import PublicKey
from udgam.signing.sealing.proof_keys import LogKey, Pkcs11ProofKey, ProofKey, SoftwareProofKey

_opened: dict[str, ProofKey] = {}
_registers: dict[tuple[str, str], RegisterKeys] = {}
_lock = threading.RLock()


@dataclass(frozen=True)
class RegisterKeys:
    """What the register signs with."""

    trust_list: ProofKey
    status: ProofKey
    log: LogKey


class _Writable(Protocol):
    def to_pem(self) -> bytes: ...


Key = TypeVar("Key", bound=_Writable)


def proof_key_of(office: Office) -> ProofKey:
    """The office's key for codes and credentials, opened once in a process.

    Raises:
        IssueRefused: no key is named, its address is wrong, or a file is named outside a sandbox.
        SealKeyUnusable: the key cannot be opened.
    """
    return open_proof_key(office.seal_key or settings.SEAL_KEY)


def open_proof_key(address: str) -> ProofKey:
    """The key for codes and credentials that stands beside a seal. Raises as `proof_key_of` does."""
    if not address:
        raise IssueRefused("issuance.seal_not_configured")
    with _lock:
        if address not in _opened:
            _opened[address] = _open(address)
        return _opened[address]


def forget_opened() -> None:
    """Open every key anew at its next use: after a key was changed under its address."""
    with _lock:
        _opened.clear()
        _registers.clear()


def register_keys() -> RegisterKeys:
    """The register's own keys. Raises as `proof_key_of` does."""
    address, origin = str(settings.REGISTER_KEYS), str(settings.LOG_ORIGIN)
    with _lock:
        if (address, origin) not in _registers:
            _registers[address, origin] = _open_register(address, origin)
        return _registers[address, origin]


def _open(address: str) -> ProofKey:
    kind, _sep, rest = address.partition(":")
    if kind == "file":
        return _sandbox_key(Path(rest).with_suffix(".proof.pem"), SoftwareProofKey.generate, SoftwareProofKey.load)
    if kind == "pkcs11":
        return _from_store(rest, "proof")
    raise IssueRefused("issuance.seal_address", detail="it begins neither with pkcs11: nor with file:")


def _open_register(address: str, origin: str) -> RegisterKeys:
    kind, _sep, rest = address.partition(":")
    if kind == "file":
        folder = Path(rest)
        return RegisterKeys(
            _file_key(folder / "list.pem", SoftwareProofKey.generate, SoftwareProofKey.load),
            _file_key(folder / "status.pem", SoftwareProofKey.generate, SoftwareProofKey.load),
            _file_key(folder / "log.pem", lambda: LogKey.generate(origin), lambda path: LogKey.load(path, origin)),
        )
    if kind == "pkcs11":
        asked = read_address(rest)
        if "x-log-file" not in asked:
            raise IssueRefused("issuance.register_address", detail="x-log-file is missing")
        return RegisterKeys(
            _from_store(rest, "list"), _from_store(rest, "status"), LogKey.load(Path(asked["x-log-file"]), origin)
        )
    raise IssueRefused("issuance.register_address", detail="it begins neither with pkcs11: nor with file:")


def _sandbox_key(path: Path, make: Callable[[], Key], load: Callable[[Path], Key]) -> Key:
    """An office's key lies in a file in a sandbox only."""
    if not settings.SANDBOX:
        raise IssueRefused("issuance.seal_file_in_production")
    return _file_key(path, make, load)


def _file_key(path: Path, make: Callable[[], Key], load: Callable[[Path], Key]) -> Key:
    """A key in a file. A sandbox makes the one that is missing; in production the operator does (docs/operate)."""
    if not path.exists() and settings.SANDBOX:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
        beside.write_bytes(make().to_pem())
        beside.chmod(0o600)
        try:
            # Of two processes that begin at once, one key stands: the second finds the first one's file and leaves it.
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return load(path)


def _from_store(rest: str, name: str) -> ProofKey:
    asked = read_address(rest)
    try:
        public = load_pem_public_key(Path(asked[f"x-{name}-public"]).read_bytes())
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise IssueRefused("issuance.register_address", detail=f"x-{name}-public is no key on an elliptic curve")
        return Pkcs11ProofKey(
            module=Path(asked["module-path"]),
            token_label=asked["token"],
            key_label=asked[f"x-{name}-object"],
            pin=Path(asked["pin-source"].removeprefix("file:")).read_text().strip(),
            public=PublicKey.of(public),
        )
    except KeyError as error:
        raise IssueRefused("issuance.register_address", detail=f"{error.args[0]} is missing") from error
    except OSError as error:
        raise IssueRefused("issuance.register_address", detail=f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise IssueRefused("issuance.register_address", detail=str(error)[:120]) from error
