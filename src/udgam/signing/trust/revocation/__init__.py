"""Whether a certificate was revoked: CRLs, OCSP answers, and the index that makes large CRLs cheap."""

from __future__ import annotations

from udgam.signing.trust.revocation.checking import RevocationEvidence
from udgam.signing.trust.revocation.crl_index import CrlIndex
from udgam.signing.trust.revocation.crl_reading import RevokedEntry, VerifiedCrl
from udgam.signing.trust.revocation.refusals import EvidenceRefused
from udgam.signing.trust.revocation.sources import FolderRevocation, NoRevocation, RevocationSource, UnchangedFiles

__all__ = [
    "CrlIndex",
    "EvidenceRefused",
    "FolderRevocation",
    "NoRevocation",
    "RevocationEvidence",
    "RevocationSource",
    "RevokedEntry",
    "UnchangedFiles",
    "VerifiedCrl",
]
