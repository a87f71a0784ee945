"""The key that seals for an office, opened once and kept.

An address is ``pkcs11:token=LABEL;object=LABEL?module-path=/lib/module.so&pin-source=file:/etc/udgam/pin&x-certificates=/etc/udgam/seal.pem``
(RFC 7512, with one attribute of our own for the file of certificates, the seal's first), or ``file:/path/seal.p12`` in a sandbox.
"""

from __future__ import annotations

import threading
from pathlib import Path
from urllib.parse import parse_qs, unquote

from django.conf import settings

from udgam.flow.issuance.refusals import IssueRefused
from udgam.parties.agencies.models import Office
from udgam.signing.sealing.keys import Pkcs11SealKey, SealKey, SoftwareSealKey
from udgam.signing.trust import read_certificates

_opened: dict[str, SealKey] = {}
_lock = threading.Lock()


def seal_key_of(office: Office) -> SealKey:
    """The office's key, or that of the installation when the office names none.

    Raises:
        IssueRefused: no key is named, its address is wrong, or a file is named outside a sandbox.
        SealKeyUnusable: the key cannot be opened.
    """
    return open_seal_key(office.seal_key or settings.SEAL_KEY)


def open_seal_key(address: str, *, trial: bool = False) -> SealKey:
    """The key behind an address; opened once in a process. A `trial` gives no PIN after a wrong one. Raises as `seal_key_of` does."""
    if not address:
        raise IssueRefused("issuance.seal_not_configured")
    with _lock:
        key = _opened.get(address)
        if key is None:
            key = _opened[address] = _open(address, trial=trial)
        return key


def _open(address: str, *, trial: bool) -> SealKey:
    kind, _sep, rest = address.partition(":")
    if kind == "file":
        return _from_file(Path(rest))
    if kind == "pkcs11":
        return _from_store(rest, trial=trial)
    raise IssueRefused("issuance.seal_address", detail="it begins neither with pkcs11: nor with file:")


def _from_file(path: Path) -> SealKey:
    if not settings.SANDBOX:
        raise IssueRefused("issuance.seal_file_in_production")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IssueRefused("issuance.seal_address", detail=f"{path.name}: {error.strerror}") from error
    return SoftwareSealKey.from_p12(data, settings.SEAL_FILE_PASSWORD)


def read_address(rest: str) -> dict[str, str]:
    """The named parts of what follows ``pkcs11:`` in an address."""
    path, _sep, query = rest.partition("?")
    named = dict(part.split("=", 1) for part in path.split(";") if "=" in part)
    return {name: unquote(value) for name, value in named.items()} | {
        name: values[0] for name, values in parse_qs(query).items()
    }


def _from_store(rest: str, *, trial: bool) -> SealKey:
    asked = read_address(rest)
    try:
        pin = Path(asked["pin-source"].removeprefix("file:")).read_text().strip()
        certificate, *chain = read_certificates(Path(asked["x-certificates"]).read_bytes())
        return Pkcs11SealKey(
            module=Path(asked["module-path"]),
            token_label=asked["token"],
            key_label=asked["object"],
            pin=pin,
            certificate=certificate,
            chain=chain,
            trial=trial,
        )
    except KeyError as error:
        raise IssueRefused("issuance.seal_address", detail=f"{error.args[0]} is missing") from error
    except OSError as error:
        raise IssueRefused("issuance.seal_address", detail=f"{error.filename}: {error.strerror}") from error
