"""A CRL is verified once, then looked up: in memory while the process lives, from disk after a restart.

The signature of a CRL of 50,000 lines costs tens of milliseconds and reading its lines far more, while every sign-in asks for
one serial number. So the result of ``read_crl`` is kept under the digest of the CRL and the fingerprint of its issuer. A file
of the index is written whole or not at all and carries an HMAC over everything in it: a file that was cut short or changed is
noticed, thrown away and made again from the CRL, whose own signature is verified then.

The HMAC key is handed in by the platform, derived from its secret. Without one a random key lies beside the index, readable by
its owner only; that finds damage and strangers' edits, not an intruder who already acts as the platform's user.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import tempfile
import threading
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from udgam.signing.trust.certificates import fingerprint
from udgam.signing.trust.revocation.crl_reading import Scope, VerifiedCrl, read_crl
from udgam.signing.trust.revocation.refusals import EvidenceRefused

_MAGIC = b"udgam.crl-index/1\n"
_MAC_BYTES = 32
_SUFFIX = ".crlx"
_KEY_FILE = "index.key"
# How many CRLs stay in memory: more than the authorities of a country, few enough to bound the memory.
_REMEMBERED = 128

_log = logging.getLogger(__name__)


class CrlIndex:
    """Verified CRLs by digest and issuer. ``folder=None`` keeps them in memory only. Safe to share between threads."""

    def __init__(self, folder: Path | None = None, *, key: bytes | None = None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._key = key if key is not None else _own_key(folder)
        self._lock = threading.Lock()
        # A refusal depends on the same two things, so it is remembered too: a bad CRL costs its reading once.
        self._known: OrderedDict[tuple[str, str], VerifiedCrl | EvidenceRefused] = OrderedDict()
        # By identity of the bytes object, which is held so that its identity cannot pass to another object.
        self._digests: OrderedDict[int, tuple[bytes, str]] = OrderedDict()

    def verified(self, crl: bytes, issuer: x509.Certificate) -> VerifiedCrl:
        """The CRL, verified with the key of ``issuer`` now or at an earlier call. Raises ``EvidenceRefused``."""
        key = (self._digest_of(crl), fingerprint(issuer))
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
        if found is None:
            found = self._read_file(key) or self._verify(key, crl, issuer)
            with self._lock:
                self._known[key] = found
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        if isinstance(found, EvidenceRefused):
            raise EvidenceRefused(found.code, found.detail)
        return found

    def _verify(self, key: tuple[str, str], crl: bytes, issuer: x509.Certificate) -> VerifiedCrl | EvidenceRefused:
        try:
            verified = read_crl(crl, issuer)
        except EvidenceRefused as refusal:
            # Without the trace that hangs on the caught one.
            return EvidenceRefused(refusal.code, refusal.detail)
        self._write_file(key, verified)
        return verified

    def forget_expired(self, before: datetime) -> int:
        """Delete files of CRLs whose next update lay before ``before``. Returns how many."""
        if self._folder is None:
            return 0
        removed = 0
        for path in self._folder.glob(f"*{_SUFFIX}"):
            sealed = self._sealed(path)
            if sealed is None or datetime.fromisoformat(sealed[0]["next_update"]) < before:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _digest_of(self, crl: bytes) -> str:
        with self._lock:
            known = self._digests.get(id(crl))
        if known is not None:
            return known[1]
        digest = hashlib.sha256(crl).hexdigest()
        # Only an immutable object keeps its digest.
        if type(crl) is bytes:
            with self._lock:
                self._digests[id(crl)] = (crl, digest)
                while len(self._digests) > _REMEMBERED:
                    self._digests.popitem(last=False)
        return digest

    def _path(self, key: tuple[str, str]) -> Path | None:
        return None if self._folder is None else self._folder / f"{key[0]}-{key[1][:32]}{_SUFFIX}"

    def _read_file(self, key: tuple[str, str]) -> VerifiedCrl | None:
        path = self._path(key)
        if path is None or not path.exists():
            return None
        sealed = self._sealed(path)
        if sealed is None or (sealed[0]["sha256"], sealed[0]["issuer_sha256"]) != key:
            _log.warning("An indexed CRL was damaged or changed and is made again: %s", path.name)
            path.unlink(missing_ok=True)
            return None
        return _from_file(*sealed)

    def _sealed(self, path: Path) -> tuple[dict[str, Any], bytes] | None:
        """Header and records of a file whose HMAC holds, else ``None``."""
        try:
            data = path.read_bytes()
        except OSError:
            return None
        body = data[len(_MAGIC) + _MAC_BYTES :]
        stated = data[len(_MAGIC) : len(_MAGIC) + _MAC_BYTES]
        if not data.startswith(_MAGIC) or not hmac.compare_digest(stated, self._mac(body)):
            return None
        length = int.from_bytes(body[:4], "big")
        header: dict[str, Any] = json.loads(body[4 : 4 + length])
        return header, body[4 + length :]

    def _write_file(self, key: tuple[str, str], crl: VerifiedCrl) -> None:
        path = self._path(key)
        if path is None:
            return
        header = {
            "sha256": crl.sha256,
            "issuer_sha256": key[1],
            "issuer": crl.issuer,
            "this_update": crl.this_update.isoformat(),
            "next_update": crl.next_update.isoformat(),
            "number": crl.number,
            "only_users": crl.scope.only_users,
            "only_authorities": crl.scope.only_authorities,
            "places": crl.scope.places,
            "count": crl.count,
        }
        text = json.dumps(header).encode()
        body = len(text).to_bytes(4, "big") + text + crl.records
        try:
            write_whole(path, _MAGIC + self._mac(body) + body)
        except OSError as error:
            # A full disk makes the next start slower; it must not keep anybody from signing in now.
            _log.warning("The index of CRLs cannot be written: %s", error.strerror)

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _from_file(header: dict[str, Any], records: bytes) -> VerifiedCrl:
    places = header["places"]
    return VerifiedCrl(
        sha256=header["sha256"],
        issuer=header["issuer"],
        this_update=datetime.fromisoformat(header["this_update"]),
        next_update=datetime.fromisoformat(header["next_update"]),
        number=header["number"],
        scope=Scope(header["only_users"], header["only_authorities"], None if places is None else tuple(places)),
        count=header["count"],
        records=records,
    )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader or a power cut sees the old one or the new one, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _own_key(folder: Path | None) -> bytes:
    if folder is None:
        return secrets.token_bytes(32)
    path = folder / _KEY_FILE
    if not path.exists():
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".key.")  # readable by its owner only
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(32))
        try:
            # A link fails when another process was first; then its key is the key.
            os.link(temporary, path)
        except FileExistsError:
            _log.debug("Another process made the key of the CRL index first.")
        finally:
            Path(temporary).unlink()
    return path.read_bytes()
