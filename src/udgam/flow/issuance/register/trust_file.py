"""The trust folder as one file, for whoever checks certificates without this site, and the digests to compare it by."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from udgam.flow.issuance.register.places import register_folder
from udgam.parties.accounts.trust import trust_store
from udgam.signing.proof.bundle import pack
from udgam.signing.proof.log import CHECKPOINT
from udgam.signing.proof.pins import Pin, pins_of
from udgam.signing.proof.published import DID_DOCUMENT, PIN, TRUST_LIST
from udgam.signing.trust import fingerprint
from udgam.signing.trust.store import read_folder

NAME = "udgam-trust.zip"
# Parts of the trust folder that a checker needs beside the register; nothing else of it is anybody's business.
PARTS = ("anchors", "intermediates", "tsa", "crls")
_LARGEST = 8 * 1024 * 1024


def trust_file() -> bytes | None:
    """A trust folder as of now, packed; None before the register is first published. The same files give the same bytes.

    Raises:
        TrustStoreUnusable: what this installation itself believes cannot be read.
    """
    if not all((register_folder() / name).is_file() for name in (PIN, TRUST_LIST)):
        return None
    watched = [path for part in PARTS for path in (Path(settings.TRUST_FOLDER) / part).glob("*")]
    watched += [*_register_files()]
    return _packed(tuple(_stamp(path) for path in sorted(watched) if path.is_file()))


def offered_pins() -> tuple[Pin, ...]:
    """What the file makes a checker believe. Raises ``TrustStoreUnusable``."""
    return pins_of(
        read_file(register_folder() / PIN), anchors=trust_store().anchors, time_stampers=_certificates()["tsa"]
    )


def read_file(file: Path) -> bytes | None:
    """A file of the trust folder or of the register; None where it is not there or is larger than any of them should be."""
    try:
        return file.read_bytes() if file.is_file() and file.stat().st_size <= _LARGEST else None
    except OSError:
        return None


@lru_cache(maxsize=1)
def _packed(_stamps: tuple[tuple[str, int, int], ...]) -> bytes:
    """Packed once for as long as no file changes, so that asking again and again costs nothing."""
    base = register_folder()
    files = {str(path.relative_to(base)): read_file(path) for path in _register_files()}
    for part, certificates in _certificates().items():
        # Written anew: what else an operator's file may hold stays here.
        files |= {f"{part}/{fingerprint(one)[:32]}.pem": one.public_bytes(Encoding.PEM) for one in certificates}
    lists = [_list_in(path) for path in (Path(settings.TRUST_FOLDER) / "crls").glob("[!.]*")]
    files |= {f"crls/{sha256(data).hexdigest()[:32]}": data for data in lists if data is not None}
    return pack({path: data for path, data in files.items() if data is not None})


def _list_in(path: Path) -> bytes | None:
    """A revocation list in DER; None for whatever else lies there."""
    data = read_file(path) or b""
    try:
        read = x509.load_pem_x509_crl(data) if data.startswith(b"-----") else x509.load_der_x509_crl(data)
    except (ValueError, TypeError, x509.InvalidVersion):
        return None
    return read.public_bytes(Encoding.DER)


def _certificates() -> dict[str, tuple[x509.Certificate, ...]]:
    stamps = Path(settings.TRUST_FOLDER) / "tsa"
    return {
        "anchors": trust_store().anchors,
        "intermediates": trust_store().intermediates,
        "tsa": read_folder(stamps) if stamps.is_dir() else (),
    }


def _register_files() -> list[Path]:
    """Pin, trust list, status lists and checkpoint. The log's proofs stay where they are: there is one for every certificate."""
    base = register_folder()
    return [*(base / name for name in (PIN, TRUST_LIST, DID_DOCUMENT, CHECKPOINT)), *base.glob("status/*.jwt")]


def _stamp(path: Path) -> tuple[str, int, int]:
    facts = path.stat()
    return (str(path), facts.st_size, facts.st_mtime_ns)
