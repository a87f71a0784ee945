"""Where revocation evidence comes from. This room opens no connection; it is handed what is at hand."""

from __future__ import annotations

import base64
import binascii
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from cryptography import x509

from udgam.signing.trust.certificates import UNREADABLE
from udgam.signing.trust.refusals import TrustStoreUnusable
from udgam.signing.trust.revocation import ocsp
from udgam.signing.trust.revocation.crl_index import CrlIndex

_PEM_CRL = re.compile(rb"-----BEGIN X509 CRL-----(.+?)-----END X509 CRL-----", re.DOTALL)


class RevocationSource(Protocol):
    """Hands out evidence about one certificate. Neither method raises: what cannot be had is an empty answer.

    Both are asked about every certificate below the anchor. One fresh, authentic "good" is enough; any authentic "revoked"
    refuses. Hand out the same ``bytes`` object as long as a CRL has not changed: the index knows the digest of an object it
    has seen, while a fresh copy is hashed again.
    """

    def crls_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Sequence[bytes]:
        """DER CRLs that may cover ``certificate``."""
        ...

    def ocsp_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        """A DER OCSP answer about ``certificate``."""
        ...


@runtime_checkable
class KeepsCrlIndex(Protocol):
    """A source that brings the index in which its CRLs are verified once."""

    @property
    def crl_index(self) -> CrlIndex:
        """The index."""
        ...


class NoRevocation:
    """Says aloud that revocation is not checked. For tests and for looking at old papers, never for signing in."""

    def crls_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Sequence[bytes]:
        """Nothing."""
        return ()

    def ocsp_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        """Nothing."""
        return None


@dataclass(frozen=True)
class _Seen:
    stamp: tuple[int, int, int]
    data: bytes


class UnchangedFiles:
    """Reads files, and gives the same ``bytes`` object again while inode, size and time of change stay the same."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._lock = threading.Lock()

    def read(self, file: Path | os.DirEntry[str]) -> bytes:
        """The bytes of a file. Raises ``OSError``."""
        facts, path = file.stat(), os.fspath(file)
        stamp = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
        with self._lock:
            known = self._seen.get(path)
        if known is not None and known.stamp == stamp:
            return known.data
        data = Path(path).read_bytes()
        with self._lock:
            self._seen[path] = _Seen(stamp, data)
        return data

    def keep_only(self, paths: set[str]) -> None:
        """Forget files that are gone."""
        with self._lock:
            for path in self._seen.keys() - paths:
                del self._seen[path]


@dataclass(frozen=True)
class _Content:
    """One file, told apart by what it holds: CRLs with the issuer that each names, or else perhaps an OCSP answer."""

    raw: bytes
    crls: tuple[tuple[x509.Name, bytes], ...]


class FolderRevocation:
    """CRLs (DER or PEM) and OCSP answers (DER) that lie in one folder, told apart by their content, not by their names."""

    def __init__(self, folder: Path, *, crl_index: CrlIndex | None = None) -> None:
        if not folder.is_dir():
            raise TrustStoreUnusable("store.unreadable_revocation", folder=str(folder))
        self._folder = folder
        self._files = UnchangedFiles()
        self._contents: dict[str, _Content] = {}
        self.crl_index = crl_index if crl_index is not None else CrlIndex()

    def crls_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Sequence[bytes]:
        """The CRLs in the folder that name the issuer of ``certificate``."""
        return [data for content in self._read() for name, data in content.crls if name == certificate.issuer]

    def ocsp_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        """The first OCSP answer in the folder that is about ``certificate``."""
        for content in self._read():
            if not content.crls and ocsp.concerns(content.raw, certificate, issuer):
                return content.raw
        return None

    def _read(self) -> Sequence[_Content]:
        try:
            with os.scandir(self._folder) as listed:
                files = sorted((one for one in listed if not one.name.startswith(".") and one.is_file()), key=_name)
        except OSError:
            return ()
        self._files.keep_only({file.path for file in files})
        found: list[_Content] = []
        for file in files:
            try:
                raw = self._files.read(file)
            except OSError:
                continue  # a file that cannot be read is evidence that is not at hand
            known = self._contents.get(file.path)
            if known is None or known.raw is not raw:
                known = self._contents[file.path] = _Content(raw, _crls_in(raw))
            found.append(known)
        return found


def _name(file: os.DirEntry[str]) -> str:
    return file.name


def _crls_in(raw: bytes) -> tuple[tuple[x509.Name, bytes], ...]:
    """The CRLs in a file with the issuers they name; what cannot be read is left out, which later counts as missing."""
    blocks = [_unwrap(block) for block in _PEM_CRL.findall(raw)] or [raw]
    found: list[tuple[x509.Name, bytes]] = []
    for block in blocks:
        try:
            found.append((x509.load_der_x509_crl(block).issuer, block))
        except UNREADABLE:
            continue
    return tuple(found)


def _unwrap(block: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(block.split()), validate=True)
    except binascii.Error:
        return b""
