"""Revocation evidence that came along in the file (the document security store, ISO 32000-2, 12.8.4.3).

It was put there when the certificate was sealed and lies under the seal. It proves what was known then; whether it is authentic
is checked like any other evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject

from udgam.signing.proof.file import SignedFile, entry
from udgam.signing.proof.trust_folder import EVIDENCE_MISSING, TrustFolder
from udgam.signing.trust import PathRefused, RevocationSource, TrustStore, ValidatedPath, validate_path
from udgam.signing.trust.paths import SIGNATURE_USAGE
from udgam.signing.trust.revocation.ocsp import concerns

_MAX_PIECES = 64
_MAX_BYTES = 16 * 1024 * 1024


class EmbeddedEvidence:
    """A `RevocationSource` over what lies in the file, and over another source when one is given."""

    def __init__(self, file: SignedFile, also: RevocationSource | None = None) -> None:
        self._crls, self._ocsps = revocation_pieces(file)
        self._also = also

    def crls_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Sequence[bytes]:
        """The CRLs in the file that name the issuer."""
        found = [one for one in self._crls if _issuer_of(one) == certificate.issuer]
        return [*found, *(self._also.crls_for(certificate, issuer) if self._also else ())]

    def ocsp_for(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
        """The OCSP answer in the file about this certificate."""
        found = next((one for one in self._ocsps if concerns(one, certificate, issuer)), None)
        return found if found is not None else (self._also.ocsp_for(certificate, issuer) if self._also else None)


def revocation_pieces(file: SignedFile) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The CRLs and the OCSP answers in the file, as they stand there."""
    store = entry(file.reader.root, "/DSS")
    return _pieces(store, "/CRLs"), _pieces(store, "/OCSPs")


def path_at(
    certificate: x509.Certificate,
    *,
    trust: TrustFolder,
    file: SignedFile,
    signed_at: datetime,
    now: datetime,
    evidence_at: datetime | None = None,
    store: TrustStore | None = None,
    intermediates: Sequence[x509.Certificate] = (),
    key_usages: frozenset[str] = SIGNATURE_USAGE,
) -> ValidatedPath:
    """Prove that ``certificate`` could be believed at ``signed_at``.

    Today's evidence comes first: it knows of revocations that were learnt later. Only when there is none at hand does the
    evidence in the file count, for the moment at which it was put there: ``evidence_at`` at the latest, which is ``signed_at`` where
    nothing else is said.

    Raises:
        PathRefused
    """
    believed = store or trust.store
    if trust.revocation is not None:
        try:
            return validate_path(
                certificate, store=believed, revocation=trust.revocation, at=signed_at, evidence_at=max(now, signed_at),
                intermediates=intermediates, key_usages=key_usages,
            )  # fmt: skip
        except PathRefused as error:
            if error.code not in EVIDENCE_MISSING:
                raise
    embedded = EmbeddedEvidence(file, trust.revocation)
    return validate_path(
        certificate,
        store=believed,
        revocation=embedded,
        at=signed_at,
        evidence_at=evidence_at or signed_at,
        intermediates=intermediates,
        key_usages=key_usages,
    )


def _pieces(store: object, name: str) -> tuple[bytes, ...]:
    if not isinstance(store, DictionaryObject):
        return ()
    listed = entry(store, name, ArrayObject())
    if not isinstance(listed, ArrayObject):
        return ()
    if len(listed) > _MAX_PIECES:
        raise ValueError("the file brings too much revocation evidence")
    # By place, because only that follows the references of an array.
    streams = (listed[place] for place in range(len(listed)))
    found: list[bytes] = []
    for one in streams:
        if isinstance(one, StreamObject):
            found.append(bytes(one.data))
            if sum(map(len, found)) > _MAX_BYTES:
                raise ValueError("the file brings too much revocation evidence")
    return tuple(found)


def _issuer_of(crl: bytes) -> x509.Name | None:
    try:
        return x509.load_der_x509_crl(crl).issuer
    except (ValueError, TypeError, x509.InvalidVersion):
        return None
