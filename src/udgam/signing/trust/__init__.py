"""Who signed this, and may we believe it: anchors, paths, revocation, facts, sign-in tokens, detached signatures.

Knows neither framework nor network. Evidence of revocation is handed in by a ``RevocationSource``, the moment by the caller.
"""

from __future__ import annotations

from udgam.signing.trust.certificates import (
    display_name,
    fingerprint,
    is_document_signer,
    is_encryption_twin,
    read_certificate,
    read_certificates,
)
from udgam.signing.trust.facts import check_usable_for_sign_in, read_facts
from udgam.signing.trust.paths import SIGN_IN_USAGE, SIGNATURE_USAGE, ValidatedPath, validate_path
from udgam.signing.trust.refusals import (
    CertificateUnreadable,
    NotForSignIn,
    PathRefused,
    TrustRefused,
    TrustStoreUnusable,
)
from udgam.signing.trust.revocation import (
    CrlIndex,
    EvidenceRefused,
    FolderRevocation,
    NoRevocation,
    RevocationEvidence,
    RevocationSource,
    RevokedEntry,
    UnchangedFiles,
    VerifiedCrl,
)
from udgam.signing.trust.store import TrustStore

__all__ = [
    "SIGNATURE_USAGE",
    "SIGN_IN_USAGE",
    "CertificateUnreadable",
    "CrlIndex",
    "EvidenceRefused",
    "FolderRevocation",
    "NoRevocation",
    "NotForSignIn",
    "PathRefused",
    "RevocationEvidence",
    "RevocationSource",
    "RevokedEntry",
    "TrustRefused",
    "TrustStore",
    "TrustStoreUnusable",
    "UnchangedFiles",
    "ValidatedPath",
    "VerifiedCrl",
    "check_usable_for_sign_in",
    "display_name",
    "fingerprint",
    "is_document_signer",
    "is_encryption_twin",
    "read_certificate",
    "read_certificates",
    "read_facts",
    "validate_path",
]
