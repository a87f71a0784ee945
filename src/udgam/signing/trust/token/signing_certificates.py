"""The signing certificates that a version 1.1 token carries belong to the same person and issuer, and are believed.

Their revocation is not asked here: the format leaves that to the moment when one of them signs something.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509

from udgam.signing.trust.paths import validate_path
from udgam.signing.trust.refusals import PathRefused
from udgam.signing.trust.revocation import NoRevocation
from udgam.signing.trust.store import TrustStore
from udgam.signing.trust.token.parsing import UnverifiedSigningCertificate
from udgam.signing.trust.token.refusals import SigningCertificateRefused


def check_signing_certificate(
    candidate: UnverifiedSigningCertificate, holder: x509.Certificate, *, store: TrustStore, at: datetime
) -> x509.Certificate:
    """The certificate, now believed. ``holder`` is the one that signed the token. Raises ``SigningCertificateRefused``."""
    certificate = candidate.unverified_certificate
    if certificate.subject != holder.subject:
        raise SigningCertificateRefused("token.signing_subject")
    if certificate.issuer != holder.issuer:
        raise SigningCertificateRefused("token.signing_issuer")
    try:
        validate_path(
            certificate,
            store=store,
            revocation=NoRevocation(),
            at=at,
            intermediates=candidate.unverified_intermediates,
            key_usages=frozenset({"nonRepudiation"}),
        )
    except PathRefused as refusal:
        raise SigningCertificateRefused("token.signing_path", detail=refusal.message) from refusal
    return certificate
