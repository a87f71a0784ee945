"""Which keys and signature algorithms are still safe enough to be believed (CCA interoperability guidelines, NIST SP 800-131A)."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from udgam.signing.trust.certificates import describe_key, display_name
from udgam.signing.trust.refusals import PathRefused

SAFE_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
SAFE_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
MIN_RSA_BITS = 2048
# A larger modulus only costs us time: one verification of a 16,384-bit key takes a hundred times as long.
MAX_RSA_BITS = 8192


def key_is_safe(key: object) -> bool:
    """RSA from 2048 to 8192 bits, or ECDSA on P-256, P-384 or P-521."""
    if isinstance(key, rsa.RSAPublicKey):
        return MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, SAFE_CURVES)


def check_key(certificate: x509.Certificate) -> None:
    """Raises ``PathRefused`` ("path.weak_key")."""
    if not key_is_safe(certificate.public_key()):
        raise PathRefused("path.weak_key", name=display_name(certificate.subject), key=describe_key(certificate))


def hash_is_safe(algorithm: hashes.HashAlgorithm | None) -> bool:
    """SHA-256, SHA-384 or SHA-512; never SHA-1 or MD5."""
    return isinstance(algorithm, SAFE_HASHES)


def check_signature_algorithm(certificate: x509.Certificate) -> None:
    """Raises ``PathRefused`` ("path.weak_signature") unless the certificate was signed over SHA-256 or better."""
    try:
        algorithm = certificate.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise _weak(certificate, certificate.signature_algorithm_oid.dotted_string) from error
    if not hash_is_safe(algorithm):
        raise _weak(certificate, algorithm.name if algorithm else certificate.signature_algorithm_oid.dotted_string)


def _weak(certificate: x509.Certificate, algorithm: str) -> PathRefused:
    return PathRefused("path.weak_signature", name=display_name(certificate.subject), algorithm=algorithm)
