"""The signature schemes of a detached signature: RSA PKCS #1 v1.5, RSA-PSS and ECDSA over SHA-256 or better."""

from __future__ import annotations

import hashlib

from asn1crypto import algos
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from udgam.signing.trust.algorithms import key_is_safe
from udgam.signing.trust.certificates import describe_key
from udgam.signing.trust.detached.refusals import DetachedRefused

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
# The names under which a signer asks for a scheme.
SCHEMES = ("PKCS1-SHA256", "PSS-SHA256", "ECDSA-SHA256")


def signature_algorithm(scheme: str) -> algos.SignedDigestAlgorithm:
    """The algorithm identifier of a scheme from ``SCHEMES``. Raises ``ValueError`` for any other name."""
    if scheme == "PKCS1-SHA256":
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    if scheme == "ECDSA-SHA256":
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    if scheme == "PSS-SHA256":
        mask = algos.MaskGenAlgorithm(
            {"algorithm": "mgf1", "parameters": algos.DigestAlgorithm({"algorithm": "sha256"})}
        )
        parameters = algos.RSASSAPSSParams(
            {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "mask_gen_algorithm": mask,
                "salt_length": 32,
            }
        )
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
    raise ValueError(f"no such signature scheme: {scheme}")


def check_signature(
    certificate: x509.Certificate, *, algorithm: algos.SignedDigestAlgorithm, digest: str, signature: bytes, data: bytes
) -> None:
    """Verify ``signature`` over ``data``; ``digest`` is the signer's digest algorithm, which the scheme must use as well.

    Raises ``DetachedRefused``: "detached.algorithm", "detached.signature".
    """
    key = certificate.public_key()
    if not key_is_safe(key):
        raise DetachedRefused("detached.algorithm", algorithm=describe_key(certificate))
    chosen = HASHES[digest]
    name = str(algorithm["algorithm"].native)
    try:
        if isinstance(key, rsa.RSAPublicKey) and name in ("rsassa_pkcs1v15", f"{digest}_rsa"):
            key.verify(signature, data, padding.PKCS1v15(), chosen)
        elif isinstance(key, rsa.RSAPublicKey) and name == "rsassa_pss":
            key.verify(signature, data, _pss(algorithm, digest), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey) and name == f"{digest}_ecdsa":
            key.verify(signature, data, ec.ECDSA(chosen))
        else:
            raise DetachedRefused("detached.algorithm", algorithm=f"{name} with {describe_key(certificate)}")
    except InvalidSignature as error:
        raise DetachedRefused("detached.signature") from error


def _pss(algorithm: algos.SignedDigestAlgorithm, digest: str) -> padding.PSS:
    """RFC 4056: hash, mask hash and salt length must all be those of the digest algorithm; anything else is not accepted."""
    parameters = algorithm["parameters"]
    mask = parameters["mask_gen_algorithm"]
    stated = (
        str(parameters["hash_algorithm"]["algorithm"].native),
        str(mask["algorithm"].native),
        str(mask["parameters"]["algorithm"].native),
        int(parameters["salt_length"].native),
    )
    if stated != (digest, "mgf1", digest, hashlib.new(digest).digest_size):
        raise DetachedRefused("detached.algorithm", algorithm="RSA-PSS with mixed parameters")
    return padding.PSS(padding.MGF1(HASHES[digest]), padding.PSS.DIGEST_LENGTH)
