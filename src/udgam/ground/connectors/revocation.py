"""Revocation evidence over the network: the CRLs and OCSP responders that certificates name.

CRLs are kept on disk with their dates. A kept CRL is used while it is young; after that it is fetched again, and if that fails the
kept one serves on until its own nextUpdate, after which the path validator refuses it as stale: hard fail, never "unreachable, so
let it pass". Only CRLs that the issuer really signed replace kept ones, so that somebody on the wire can at most delay news.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from django.conf import settings

from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.http import MEGABYTE, open_client
from udgam.signing.trust import fingerprint
from udgam.signing.trust.revocation import (
    CrlIndex,
    EvidenceRefused,
    FolderRevocation,
    RevocationSource,
    UnchangedFiles,
)
from udgam.signing.trust.revocation.ocsp import read_ocsp

log = logging.getLogger("udgam.connectors")

CRL_AGE = timedelta(minutes=30)
OCSP_AGE = timedelta(minutes=5)
# After a failure the same address is left alone this long, so that an outage does not make every sign-in wait for it.
REST = timedelta(seconds=30)
CRL_BYTES = 30 * MEGABYTE
OCSP_BYTES = 64 * 1024
# A certificate may name many places; each costs a connection.
PLACES = 3


def _present() -> datetime:
    return datetime.now(UTC)


class HttpRevocation:
    """Implements ``signing.trust.RevocationSource``. Shared by all threads; nothing of it may be called inside a transaction.

    ``folder`` keeps CRLs and the index of verified CRLs from one start to the next. ``beside`` is asked too: the CRLs that an
    operator lays into the trust folder, for issuers whose addresses cannot be reached from the installation.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key: bytes | None = None,
        beside: RevocationSource | None = None,
        clock: Callable[[], datetime] = _present,
    ) -> None:
        self._folder = folder / "crls"
        self._folder.mkdir(parents=True, exist_ok=True)
        index_folder = folder / "index"
        index_folder.mkdir(parents=True, exist_ok=True)
        self.crl_index = CrlIndex(index_folder, key=key)
        self._beside = beside
        self._clock = clock
        self._files = UnchangedFiles()
        self._answers: dict[str, tuple[datetime, bytes]] = {}
        self._resting: dict[str, datetime] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def crls_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Sequence[bytes]:
        """The CRLs that the certificate names, fetched or kept, and those laid beside."""
        found = list(self._beside.crls_for(certificate, issuer)) if self._beside is not None else []
        for place in crl_places(certificate)[:PLACES]:
            with self._lock_for(place):
                crl = self._crl(place, issuer)
            if crl is not None:
                found.append(crl)
        return found

    def ocsp_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        """A fresh answer of a responder that the certificate names, or one laid beside."""
        name = fingerprint(certificate)
        now = self._clock()
        kept = self._answers.get(name)
        if kept is not None and now < kept[0] + OCSP_AGE:
            return kept[1]
        for place in ocsp_places(certificate)[:PLACES]:
            answer = self._ask_responder(place, certificate, issuer)
            if answer is not None:
                self._keep_answer(name, answer, now)
                return answer
        return self._beside.ocsp_for(certificate, issuer) if self._beside is not None else None

    def heard_at(self, certificate: x509.Certificate) -> datetime | None:
        """When a place that the certificate names last gave a usable answer; None when none ever did, or it names none."""
        heard = []
        for place in crl_places(certificate)[:PLACES]:
            path = self._folder / f"{hashlib.sha256(place.encode()).hexdigest()[:40]}.crl"
            try:
                heard.append(datetime.fromtimestamp(path.stat().st_mtime, UTC))
            except OSError:
                continue
        kept = self._answers.get(fingerprint(certificate))
        if kept is not None:
            heard.append(kept[0])
        return max(heard, default=None)

    def _crl(self, place: str, issuer: x509.Certificate) -> bytes | None:
        path = self._folder / f"{hashlib.sha256(place.encode()).hexdigest()[:40]}.crl"
        now = self._clock()
        try:
            fetched_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            is_young = fetched_at <= now < fetched_at + CRL_AGE
        except OSError:
            is_young = False
        if not is_young and not self._is_resting(place, now):
            self._fetch_crl(place, path, issuer, now)
        try:
            return self._files.read(path)
        except OSError:
            return None

    def _fetch_crl(self, place: str, path: Path, issuer: x509.Certificate, now: datetime) -> None:
        try:
            with open_client(seconds=settings.CONNECTOR_TIMEOUT_SECONDS * 2, max_bytes=CRL_BYTES) as client:
                answer = client.get(place)
            if answer.status != 200:
                raise EvidenceUnusable(f"status {answer.status}")
            crl = _der_crl(answer.body)
            verified = self.crl_index.verified(crl, issuer)
            if path.exists() and verified.this_update < x509.load_der_x509_crl(path.read_bytes()).last_update_utc:
                raise EvidenceUnusable("older than the kept one")
        except (ConnectorFailed, EvidenceRefused, EvidenceUnusable, ValueError, OSError) as error:
            log.warning("CRL not fetched", extra={"service": "crl", "reason": type(error).__name__})
            self._resting[place] = now + REST
            return
        beside = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
        beside.write_bytes(crl)
        # The time of the file is when it was fetched, by the same clock that reads it.
        os.utime(beside, (now.timestamp(), now.timestamp()))
        beside.replace(path)

    def _ask_responder(self, place: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        now = self._clock()
        if self._is_resting(place, now):
            return None
        try:
            # RFC 5019 section 2.1.1: responders are only bound to know certificates by SHA-1; it is a name here, not a proof.
            request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).build()  # noqa: S303
            headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
            with open_client(max_bytes=OCSP_BYTES) as client:
                answer = client.post(place, content=request.public_bytes(Encoding.DER), headers=headers)
            if answer.status != 200:
                raise EvidenceUnusable(f"status {answer.status}")
            # An answer that proves nothing must neither be kept nor stand in the way of the next responder.
            read_ocsp(answer.body, certificate, issuer, at=now)
        except (ConnectorFailed, EvidenceRefused, EvidenceUnusable, ValueError) as error:
            log.warning("OCSP not answered", extra={"service": "ocsp", "reason": type(error).__name__})
            self._resting[place] = now + REST
            return None
        return answer.body

    def _keep_answer(self, name: str, answer: bytes, now: datetime) -> None:
        with self._guard:
            if len(self._answers) > 10_000:
                self._answers = {key: kept for key, kept in self._answers.items() if now < kept[0] + OCSP_AGE}
            self._answers[name] = (now, answer)

    def _is_resting(self, place: str, now: datetime) -> bool:
        until = self._resting.get(place)
        return until is not None and now < until

    def _lock_for(self, place: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(place, threading.Lock())


class EvidenceUnusable(Exception):
    """Something came back that is no evidence."""


def crl_places(certificate: x509.Certificate) -> list[str]:
    """The http(s) addresses of CRLs that the certificate names (RFC 5280 section 4.2.1.13)."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    names = [name for point in points for name in point.full_name or []]
    return _http_addresses(names)


def ocsp_places(certificate: x509.Certificate) -> list[str]:
    """The http(s) addresses of OCSP responders that the certificate names (RFC 5280 section 4.2.2.1)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _http_addresses(
        [one.access_location for one in access if one.access_method == AuthorityInformationAccessOID.OCSP]
    )


def _http_addresses(names: Sequence[x509.GeneralName]) -> list[str]:
    texts = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return list(dict.fromkeys(text for text in texts if text.lower().startswith(("http://", "https://"))))


def _der_crl(body: bytes) -> bytes:
    """The CRL in DER; some authorities publish PEM. Raises ``ValueError``."""
    if body.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_crl(body).public_bytes(Encoding.DER)
    x509.load_der_x509_crl(body)
    return body


def default_source() -> RevocationSource:
    """The source of this installation: REVOCATION_INDEX_FOLDER, and the CRLs in TRUST_FOLDER/crls."""
    beside = Path(settings.TRUST_FOLDER) / "crls"
    return _source(Path(settings.REVOCATION_INDEX_FOLDER), beside if beside.is_dir() else None, settings.SECRET_KEY)


def status_heard_at(certificate: x509.Certificate) -> datetime | None:
    """When the authority of a certificate was last heard about its status; None when its places never answered here."""
    source = default_source()
    return source.heard_at(certificate) if isinstance(source, HttpRevocation) else None


def forget_expired_crls() -> int:
    """Remove from the index on disk what the last CRLs have replaced; answers how many files went."""
    source = default_source()
    return source.crl_index.forget_expired(_present()) if isinstance(source, HttpRevocation) else 0


@lru_cache(maxsize=8)
def _source(folder: Path, beside: Path | None, secret: str) -> HttpRevocation:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"udgam crl index 1").derive(secret.encode())
    return HttpRevocation(folder, key=key, beside=FolderRevocation(beside) if beside is not None else None)
