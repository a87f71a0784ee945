"""OpenAttestation documents (TradeTrust) of editions 2 and 3: whether the content is the one whose digest they state.

Edition 2 salts each value where it stands; the digest is Keccak-256 over the sorted digests of all values. Edition 3 keeps the salts
beside the content. Values that the holder left out are there as digests. The digest leads by Merkle proof to the root that the issuer
published. Source: github.com/Open-Attestation/open-attestation, src/2.0/digest.ts, src/3.0/digest.ts and verify.ts.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from udgam.signing.proof.keccak import keccak256
from udgam.signing.proof.plain_json import read_json

EDITION_3_PROOF = "OpenAttestationMerkleProofSignature2018"
_MOST_VALUES = 20_000
# More is not digested here: Keccak takes a good second for a megabyte. Many small values take no longer than one large one, some
# 1,300 of them in all; a certificate of a hundred lines of goods has fewer.
_MOST_BYTES = 256 * 1024 + 4096
# Keccak takes whole blocks, and the digest of each value is digested once more, in hexadecimal with quotes and comma.
_BLOCK, _ONCE_MORE = 136, 67
_MOST_PROOFS = 64


class TooMuch(Exception):
    """The document holds more than is digested here."""


def edition_of(plain: dict[str, Any]) -> int | None:
    """2 or 3; None when the document is no OpenAttestation document of these."""
    signature, proof = plain.get("signature"), plain.get("proof")
    if (
        isinstance(signature, dict)
        and signature.get("type") == "SHA3MerkleProof"
        and isinstance(plain.get("data"), dict)
    ):
        return 2
    if isinstance(proof, dict) and proof.get("type") == EDITION_3_PROOF:
        return 3
    return None


def content_is_whole(plain: dict[str, Any]) -> bool:
    """Whether the values have the digest that is stated, and the digest leads to the stated root.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: a part is missing or of another shape.
        TooMuch: it is too large.
    """
    if edition_of(plain) == 2:
        stated, proofs = plain["signature"], plain["signature"].get("proof") or []
        hidden = (plain.get("privacy") or {}).get("obfuscatedData") or []
        values: Iterable[Any] = ({path: value} for path, value in _leaves(plain["data"], "", edition=2))
    else:
        stated, proofs = plain["proof"], plain["proof"].get("proofs") or []
        hidden = (stated.get("privacy") or {}).get("obfuscated") or []
        values = _salted(plain, stated["salts"])
    if len(hidden) > _MOST_VALUES:
        raise TooMuch
    digests = _digests(values, _MOST_BYTES - len(hidden) * _ONCE_MORE)
    found = keccak256(_json(sorted([*map(_hexadecimal, hidden), *digests])))
    if found.hex() != stated["targetHash"] or len(proofs) > _MOST_PROOFS:
        return False
    for one in proofs:
        found = keccak256(b"".join(sorted((found, bytes.fromhex(_hexadecimal(one))))))
    return bool(found.hex() == stated["merkleRoot"])


def _salted(plain: dict[str, Any], salts: str) -> list[dict[str, str]]:
    values = dict(_leaves({name: one for name, one in plain.items() if name != "proof"}, "", edition=3))
    listed = read_json(b64decode(salts, validate=True))
    by_path = {one["path"]: one["value"] for one in listed}
    # A value without a salt would stand outside the digest; two salts for one path would hide one.
    if len(listed) != len(by_path) or set(by_path) != set(values):
        raise ValueError("values and salts do not belong together")
    return [{path: f"{salt}:{_as_text(values[path])}"} for path, salt in by_path.items()]


def _leaves(value: Any, path: str, *, edition: int) -> Iterator[tuple[str, Any]]:
    """Each value with its path: ``a.0.b`` in edition 2, ``a[0].b`` in edition 3."""
    stack, count = [(path, value)], 0
    while stack:
        where, one = stack.pop()
        count += 1
        if count > _MOST_VALUES:
            raise ValueError("it holds too many values")
        if isinstance(one, dict) and one:
            # With these in a name, two values could have one path, and one of them would stand outside the digest.
            if any(sign in name for name in one for sign in (".", "[", "]")):
                raise ValueError("a name holds a sign that separates names")
            stack += [(f"{where}.{name}" if where else name, part) for name, part in one.items()]
        elif isinstance(one, list) and one:
            stack += [
                (f"{where}[{place}]" if edition == 3 else f"{where}.{place}", part) for place, part in enumerate(one)
            ]
        elif not isinstance(one, dict | list) or edition == 2:
            yield where, one


def _as_text(value: Any) -> str:
    """A value as JavaScript writes it into a text (ECMA-262, Number::toString)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json.dumps(value)
    _sign, digits, exponent = (number := Decimal(repr(float(value))).normalize()).as_tuple()
    if not number or not isinstance(exponent, int):
        return "0"
    if -6 < len(digits) + exponent <= 21:
        return f"{number:f}"
    mantissa, _, power = f"{number:e}".partition("e")
    return f"{mantissa}e{int(power):+d}"


def _digests(values: Iterable[Any], left: int) -> list[str]:
    found = []
    for value in values:
        written = _json(value)
        left -= (len(written) // _BLOCK + 1) * _BLOCK + _ONCE_MORE
        if left < 0:
            raise TooMuch
        found.append(keccak256(written).hex())
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _hexadecimal(text: Any) -> str:
    if not isinstance(text, str) or len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError("a digest is not 64 hexadecimal digits")
    return text


def claimed_issuer(plain: dict[str, Any]) -> tuple[str, str]:
    """The issuer's name and the domain or identifier that the document claims for it; empty where it names none. Both are claims only.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: a part is missing or of another shape.
    """
    if edition_of(plain) == 2:
        issuer = plain["data"]["issuers"][0]
        identity = issuer.get("identityProof") or {}
        place = identity.get("location") or identity.get("key") or ""
        return _unsalted(issuer.get("name", "")), _unsalted(place)
    issuer = plain["issuer"]
    name = issuer if isinstance(issuer, str) else issuer.get("name") or issuer.get("id", "")
    identity = (plain.get("openAttestationMetadata") or {}).get("identityProof") or {}
    return str(name), str(identity.get("identifier", ""))


def _unsalted(value: str) -> str:
    """A value of edition 2 without its salt and kind in front."""
    return value.split(":", 2)[-1]
