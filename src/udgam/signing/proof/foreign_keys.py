"""Keys of other issuers, as their names give them (did:jwk, did:key) or as a document in the trust folder names them (did:web).

Nothing is fetched: a name that is no key is known only when somebody put its document into the folder ``did/`` of the trust folder.
Sources: github.com/quartzjer/did-jwk, w3c-ccg did:key 0.9, did:web (2024), W3C Controlled Identifiers 1.0, RFC 7518, RFC 8037.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

from udgam.signing.proof.keys import from_base64url
from udgam.signing.proof.plain_json import read_json
from udgam.signing.trust.algorithms import MAX_RSA_BITS, MIN_RSA_BITS

ForeignKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey
DOCUMENT, FOLDER = "did.json", "did"
_MOST_DOCUMENTS, _MOST_BYTES, _MOST_KEYS = 1_000, 1024 * 1024, 2_000
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CURVES: Mapping[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
# Multicodec prefixes of compressed points.
_POINTS: Mapping[bytes, ec.EllipticCurve] = {
    b"\x80\x24": ec.SECP256R1(),
    b"\x81\x24": ec.SECP384R1(),
    b"\x82\x24": ec.SECP521R1(),
}
_ED25519 = b"\xed\x01"
# What an algorithm's name binds: the curve of the key and the hash.
_ECDSA: Mapping[str, tuple[str, hashes.HashAlgorithm]] = {
    "ES256": ("secp256r1", hashes.SHA256()),
    "ES384": ("secp384r1", hashes.SHA384()),
    "ES512": ("secp521r1", hashes.SHA512()),
}
_RSA: Mapping[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def read_documents(folder: Path) -> dict[str, bytes]:
    """The did:web documents in a trust folder, by name: ``did/<host>[/<path>…]/did.json``, a port written ``%3A``.

    Raises:
        ValueError: there are too many, or one is too large, is no JSON, or names itself otherwise than its place does.
    """
    found: dict[str, bytes] = {}
    root = folder / FOLDER
    for file in sorted(root.rglob(DOCUMENT)):
        if len(found) >= _MOST_DOCUMENTS or file.stat().st_size > _MOST_BYTES:
            raise ValueError("the folder did holds too much")
        name = ":".join(("did:web", *file.parent.relative_to(root).parts))
        found[name] = file.read_bytes()
        if read_json(found[name]).get("id") != name:
            raise ValueError(f"the document {file.relative_to(folder)} names itself otherwise")
    return found


def keys_of(issuer: str, *, key_id: str, documents: Mapping[str, bytes]) -> tuple[ForeignKey, ...] | None:
    """The keys with which ``issuer`` asserts, narrowed to ``key_id`` where it is not empty; None when nobody here knows the issuer.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the name or the document is not as its method wants it.
    """
    method, _, rest = issuer.removeprefix("did:").partition(":")
    if not issuer.startswith("did:"):
        return None
    if method in {"jwk", "key"}:
        if key_id and key_id.partition("#")[0] not in {"", issuer}:
            raise ValueError("the key named is not the issuer's")
        return (_from_jwk(read_json(from_base64url(rest))) if method == "jwk" else _from_multibase(rest),)
    if method == "web" and issuer in documents:
        return tuple(_of_document(read_json(documents[issuer]), issuer, key_id))
    return None


def signed(key: ForeignKey, algorithm: str, signature: bytes, data: bytes) -> bool | None:
    """Whether ``key`` made the JWS signature; None when the algorithm is not read here or does not belong to such a key."""
    try:
        if isinstance(key, ed25519.Ed25519PublicKey) and algorithm in {"EdDSA", "Ed25519"}:
            key.verify(signature, data)
        elif isinstance(key, ec.EllipticCurvePublicKey) and _ECDSA.get(algorithm, ("",))[0] == key.curve.name:
            size = (key.curve.key_size + 7) // 8
            if len(signature) != 2 * size:
                return False
            pair = utils.encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
            key.verify(pair, data, ec.ECDSA(_ECDSA[algorithm][1]))
        elif isinstance(key, rsa.RSAPublicKey) and algorithm[:2] in {"RS", "PS"} and algorithm[2:] in _RSA:
            if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
                return None
            chosen = _RSA[algorithm[2:]]
            scheme = (
                padding.PKCS1v15() if algorithm[0] == "R" else padding.PSS(padding.MGF1(chosen), chosen.digest_size)
            )
            key.verify(signature, data, scheme, chosen)
        else:
            return None
    except InvalidSignature:
        return False
    return True


def _of_document(document: Mapping[str, Any], issuer: str, key_id: str) -> Iterator[ForeignKey]:
    """The keys that the document lists for assertions, and among them those of this id."""
    methods = {str(one["id"]): one for one in document.get("verificationMethod", ())[:_MOST_KEYS]}
    wanted = f"{issuer}{key_id}" if key_id.startswith("#") else key_id
    for listed in document.get("assertionMethod", ())[:_MOST_KEYS]:
        one = listed if isinstance(listed, Mapping) else methods.get(str(listed)) or methods[f"{issuer}{listed}"]
        name = str(one["id"])
        full = f"{issuer}{name}" if name.startswith("#") else name
        if one.get("controller", issuer) != issuer or (wanted and full != wanted):
            continue
        if "publicKeyJwk" in one:
            yield _from_jwk(one["publicKeyJwk"])
        elif "publicKeyMultibase" in one:
            yield _from_multibase(str(one["publicKeyMultibase"]))


def _from_jwk(jwk: Mapping[str, Any]) -> ForeignKey:
    if jwk.get("kty") == "OKP" and jwk["crv"] == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(from_base64url(jwk["x"]))
    if jwk.get("kty") == "EC":
        x, y = (int.from_bytes(from_base64url(jwk[part])) for part in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, _CURVES[jwk["crv"]]).public_key()
    if jwk.get("kty") == "RSA":
        e, n = (int.from_bytes(from_base64url(jwk[part])) for part in ("e", "n"))
        if n.bit_length() > MAX_RSA_BITS:
            raise ValueError("the key is too long")
        return rsa.RSAPublicNumbers(e, n).public_key()
    raise ValueError("a key of this kind is not read here")


def _from_multibase(text: str) -> ForeignKey:
    data = _base58(text)
    prefix, key = data[:2], data[2:]
    if prefix == _ED25519:
        return ed25519.Ed25519PublicKey.from_public_bytes(key)
    if prefix in _POINTS:
        return ec.EllipticCurvePublicKey.from_encoded_point(_POINTS[prefix], key)
    if prefix == b"\x85\x24" and len(key) <= _MOST_BYTES:
        loaded = load_der_public_key(key)
        if isinstance(loaded, rsa.RSAPublicKey):
            return loaded
    raise ValueError("a key of this kind is not read here")


def _base58(text: str) -> bytes:
    """Multibase base58-btc."""
    if not text.startswith("z") or len(text) > 1_000:
        raise ValueError("it is not written in base58")
    number = 0
    for sign in text[1:]:
        number = number * 58 + _BASE58.index(sign)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
