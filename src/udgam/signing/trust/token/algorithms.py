"""The signature algorithms of a token, by their JWA names (RFC 7518, section 3), and the one signed value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from udgam.signing.trust.algorithms import key_is_safe
from udgam.signing.trust.certificates import describe_key
from udgam.signing.trust.token.refusals import AlgorithmRefused, SignatureRefused


@dataclass(frozen=True)
class JwaAlgorithm:
    """One algorithm: its family ("ES", "PS", "RS"), its hash, and for ECDSA the one curve it belongs to."""

    family: str
    hash: hashes.HashAlgorithm
    curve: type[ec.EllipticCurve] | None = None


# SHA-1 has no name in this list, so nothing spelt otherwise can bring it in.
ALGORITHMS = {
    "ES256": JwaAlgorithm("ES", hashes.SHA256(), ec.SECP256R1),
    "ES384": JwaAlgorithm("ES", hashes.SHA384(), ec.SECP384R1),
    "ES512": JwaAlgorithm("ES", hashes.SHA512(), ec.SECP521R1),
    "PS256": JwaAlgorithm("PS", hashes.SHA256()),
    "PS384": JwaAlgorithm("PS", hashes.SHA384()),
    "PS512": JwaAlgorithm("PS", hashes.SHA512()),
    "RS256": JwaAlgorithm("RS", hashes.SHA256()),
    "RS384": JwaAlgorithm("RS", hashes.SHA384()),
    "RS512": JwaAlgorithm("RS", hashes.SHA512()),
}


def algorithm_for(name: str, certificate: x509.Certificate) -> JwaAlgorithm:
    """The named algorithm, if it is allowed and fits the key of the certificate. Raises ``AlgorithmRefused``."""
    algorithm = ALGORITHMS.get(name)
    if algorithm is None:
        raise AlgorithmRefused("token.algorithm_not_allowed", algorithm=name[:20])
    key = certificate.public_key()
    if not key_is_safe(key):
        raise AlgorithmRefused("token.weak_key", key=describe_key(certificate))
    if algorithm.curve is not None:
        fits = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, algorithm.curve)
    else:
        fits = isinstance(key, rsa.RSAPublicKey)
    if not fits:
        raise AlgorithmRefused("token.algorithm_differs_from_key", algorithm=name, key=describe_key(certificate))
    return algorithm


def signed_value(origin: str, nonce: str, algorithm: JwaAlgorithm) -> bytes:
    """H(origin) || H(nonce), where the nonce is its base64 text. The signature algorithm hashes this value once more."""
    name = algorithm.hash.name
    return hashlib.new(name, origin.encode("utf-8")).digest() + hashlib.new(name, nonce.encode("utf-8")).digest()


def check_signature(certificate: x509.Certificate, algorithm: JwaAlgorithm, signature: bytes, value: bytes) -> None:
    """Raises ``SignatureRefused``. ECDSA signatures are R || S of fixed length (RFC 7518, 3.4), never DER."""
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            size = (key.curve.key_size + 7) // 8
            if len(signature) != 2 * size:
                raise SignatureRefused("token.signature")
            r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            key.verify(encode_dss_signature(r, s), value, ec.ECDSA(algorithm.hash))
        elif isinstance(key, rsa.RSAPublicKey):
            scheme: padding.AsymmetricPadding = padding.PKCS1v15()
            if algorithm.family == "PS":
                scheme = padding.PSS(padding.MGF1(algorithm.hash), padding.PSS.DIGEST_LENGTH)
            key.verify(signature, value, scheme, algorithm.hash)
    except InvalidSignature as error:
        raise SignatureRefused("token.signature") from error
