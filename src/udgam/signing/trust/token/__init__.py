"""Authentication tokens of the Web eID format: a certificate holder proves presence to one origin, once."""

from __future__ import annotations

from udgam.signing.trust.token.algorithms import ALGORITHMS, JwaAlgorithm, signed_value
from udgam.signing.trust.token.origins import check_origin, is_loopback
from udgam.signing.trust.token.refusals import (
    AlgorithmRefused,
    ChainRefused,
    DocumentSignerRefused,
    FormatUnsupported,
    NonceRefused,
    OriginRefused,
    PurposeRefused,
    SignatureRefused,
    SigningCertificateRefused,
    TokenRefused,
    TokenUnreadable,
)
from udgam.signing.trust.token.verification import VerifiedToken, new_nonce, verify_token

__all__ = [
    "ALGORITHMS",
    "AlgorithmRefused",
    "ChainRefused",
    "DocumentSignerRefused",
    "FormatUnsupported",
    "JwaAlgorithm",
    "NonceRefused",
    "OriginRefused",
    "PurposeRefused",
    "SignatureRefused",
    "SigningCertificateRefused",
    "TokenRefused",
    "TokenUnreadable",
    "VerifiedToken",
    "check_origin",
    "is_loopback",
    "new_nonce",
    "signed_value",
    "verify_token",
]
