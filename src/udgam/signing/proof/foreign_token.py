"""Signed tokens of other issuers (JWS, W3C VC-JWT, SD-JWT): what was signed, by which key, and for which time.

The algorithm that the token names must be one that belongs to the key; the key never comes from the token alone, except as a
certificate that leads to an anchor believed here.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from udgam.signing.proof import foreign_keys
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.instants import instant
from udgam.signing.proof.keys import from_base64url, to_base64url
from udgam.signing.proof.plain_json import read_json
from udgam.signing.proof.told import Fails, Skips, Told
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.trust import SIGNATURE_USAGE, NoRevocation, display_name, read_certificate, validate_path

_LONGEST = 1024 * 1024
_MOST_PARTS, _MOST_CERTIFICATES, _DEEPEST = 2_000, 8, 32
_CLOCK = timedelta(minutes=5)


@dataclass
class ForeignToken:
    """A token taken apart. Nothing in it is believed before `whole` passed."""

    trust: TrustFolder
    at: datetime
    head: str
    payload: str
    signature: bytes
    header: dict[str, Any]
    claims: dict[str, Any]
    disclosed: tuple[str, ...]

    @property
    def issuer(self) -> str:
        """The name that the token gives its issuer."""
        named = self.claims.get("iss", self.claims.get("issuer"))
        if named is None and isinstance(self.claims.get("vc"), dict):
            named = self.claims["vc"].get("issuer")
        found = named.get("id") if isinstance(named, dict) else named
        return found if isinstance(found, str) else ""

    def whole(self) -> Told:
        """The key of its issuer, or of the certificate in it, signed exactly this, and what is disclosed belongs to it."""
        algorithm = str(self.header["alg"])
        if algorithm.lower() == "none":
            raise Fails("It carries no signature at all.")
        if "crit" in self.header or self.header.get("b64", True) is not True:
            raise Skips("It asks for a way of signing that is not read here.")
        keys = self._keys()
        if keys is None:
            raise Skips("Its signature was not judged, because nobody here knows the key of its issuer.")
        data = f"{self.head}.{self.payload}".encode("ascii")
        found = [foreign_keys.signed(key, algorithm, self.signature, data) for key in keys]
        if True not in found:
            if False not in found:
                raise Fails(
                    "It asks to be checked with {algorithm}, which no key of its issuer does.", algorithm=algorithm[:40]
                )
            raise Fails("It was not signed by the key that its issuer names, or was changed since.")
        if self.disclosed:
            self._check_disclosures()
        return Told("The key that its issuer names signed exactly this.")

    def known(self) -> Told:
        """Whom the issuer's name stands for, as far as the trust folder knows."""
        if self.issuer in self.trust.did_documents:
            return Told(
                "The trust folder holds the document of {issuer}, and the key stands in it.", issuer=self.issuer[:200]
            )
        if self.issuer.startswith(("did:jwk:", "did:key:")):
            raise Skips("The issuer's name is a key and nothing else. Who holds that key is not known here.")
        chain = self._chain()
        if not chain:
            raise Skips(
                "The issuer names itself; only its own register or domain could confirm that, and nobody was asked."
            )
        path = validate_path(
            chain[0], store=self.trust.store, revocation=self.trust.revocation or NoRevocation(), at=self.at,
            intermediates=chain[1:], key_usages=SIGNATURE_USAGE,
        )  # fmt: skip
        return Told(
            "The certificate of {name} leads to {anchor}. Whether that is the issuer it names was not proved.",
            name=display_name(path.leaf.subject),
            anchor=display_name(path.anchor.subject),
        )

    def period(self) -> Told:
        """The period that the token states for itself."""
        begins, ends = _period(self.claims)
        if begins is not None and begins > self.at + _CLOCK:
            raise Fails("It counts only from {moment}.", moment=moment_text(begins))
        if ends is not None and ends < self.at:
            raise Fails("It counted until {moment}.", moment=moment_text(ends))
        if ends is None:
            raise Skips("It states no end.")
        return Told("It counts until {moment}.", moment=moment_text(ends))

    def _keys(self) -> tuple[foreign_keys.ForeignKey, ...] | None:
        found = foreign_keys.keys_of(
            self.issuer, key_id=str(self.header.get("kid", "")), documents=self.trust.did_documents
        )
        if found is not None:
            return found
        keys = [one.public_key() for one in self._chain()[:1]]
        return (
            tuple(
                one
                for one in keys
                if isinstance(one, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey)
            )
            or None
        )

    def _chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates in the header (RFC 7515, 4.1.6), the signer's first."""
        given = self.header.get("x5c", [])
        if not isinstance(given, list) or len(given) > _MOST_CERTIFICATES:
            raise ValueError("it brings too many certificates")
        return tuple(read_certificate(b64decode(one, validate=True)) for one in given)

    def _check_disclosures(self) -> None:
        """Every disclosed part has its digest in what was signed, or in another disclosed part (RFC 9901, 7.1)."""
        if self.claims.get("_sd_alg", "sha-256") != "sha-256":
            raise Skips("Its disclosed parts are digested in a way that is not read here.")
        named = set(_digests(self.claims, 0))
        for part in self.disclosed:
            named |= set(_digests(read_json(from_base64url(part)), 0))
        if any(to_base64url(hashlib.sha256(part.encode("ascii")).digest()) not in named for part in self.disclosed):
            raise Fails("A disclosed part does not belong to what was signed.")


def read_foreign(text: str, *, trust: TrustFolder, at: datetime) -> ForeignToken:
    """Take a token apart.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, RecursionError: it is no compact JWS, or too large.
    """
    if len(text) > _LONGEST:
        raise ValueError("it is too long")
    signed, *parts = text.split("~")
    if len(parts) > _MOST_PARTS:
        raise ValueError("it has too many parts")
    head, payload, signature = signed.split(".")
    # What follows the last "~" is the holder's own signature, which says nothing about the issuer.
    return ForeignToken(
        trust, at, head, payload, from_base64url(signature), _object(head), _object(payload), tuple(parts[:-1])
    )


def _object(part: str) -> dict[str, Any]:
    found = read_json(from_base64url(part))
    if not isinstance(found, dict):
        raise TypeError("it is no object")
    return found


def _digests(value: Any, depth: int) -> Iterator[str]:
    """Every digest of a part that may be disclosed."""
    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(value, Mapping):
        yield from (str(one) for one in value.get("_sd", ()))
        if set(value) == {"..."}:
            yield str(value["..."])
    for one in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _digests(one, depth + 1)


def _period(claims: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """From when until when, by the claims of JWT (RFC 7519) and of either edition of the VC data model."""
    inner = claims["vc"] if isinstance(claims.get("vc"), dict) else {}
    both = {**inner, **claims}
    begins = [_seconds(both[name]) for name in ("nbf",) if name in both]
    begins += [_instant(both[name]) for name in ("validFrom", "issuanceDate") if name in both]
    ends = [_seconds(both[name]) for name in ("exp",) if name in both]
    ends += [_instant(both[name]) for name in ("validUntil", "expirationDate") if name in both]
    return max(begins, default=None), min(ends, default=None)


def _seconds(value: Any) -> datetime:
    return instant(float(value))


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(str(value))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
