"""Making the credential of a certificate, whole (``vc+jwt``) and for showing in part (``dc+sd-jwt``)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from udgam.rules.content import canonical_json
from udgam.signing.proof.credential import (
    HIDEABLE_IN_LINE,
    KIND,
    PART_KIND,
    SEPARATOR,
    credential_payload,
    hideable_claims,
    open_claims,
)
from udgam.signing.proof.jws import compact, signing_input
from udgam.signing.proof.keys import to_base64url
from udgam.signing.sealing.proof_keys import ProofKey
from udgam.signing.sealing.stages import Certified


def sign_token(claims: dict[str, Any], *, kind: str, key: ProofKey, key_id: str) -> str:
    """A compact JWS over the canonical JSON of ``claims``. Raises SealKeyUnusable."""
    signed = signing_input(canonical_json(claims), kind=kind, key_id=key_id)
    return compact(signed, key.sign(signed))


def make_credential(certified: Certified, *, key: ProofKey, issuer: str, base: str, now: datetime) -> str:
    """The credential for certified content. ``issuer`` is the register's DID, ``base`` its address without a closing slash.

    Raises:
        SealKeyUnusable: the key store does not answer.
    """
    content = certified.content
    payload = credential_payload(content.certificate, digest=content.digest, issuer=issuer, base=base, signed_at=now)
    return sign_token(payload, kind=KIND, key=key, key_id=f"{issuer}#{key.public.id}")


def make_partial_credential(
    certified: Certified, *, key: ProofKey, issuer: str, base: str, now: datetime, secret: bytes
) -> str:
    """The SD-JWT VC for certified content, with every part disclosed; `proof.credential.present` leaves parts out.

    ``secret`` (at least 16 bytes, never shown to anybody but the holder) makes the salts, so that the same call gives the same bytes.

    Raises:
        SealKeyUnusable: the key store does not answer.
    """
    if len(secret) < 16:
        raise ValueError("the secret is too short for salts")
    content = certified.content
    salts = _salts(secret, content.digest)
    claims = open_claims(content.certificate, digest=content.digest, issuer=issuer, base=base, signed_at=now)
    hideable, lines = hideable_claims(content.certificate)
    disclosures: list[str] = []
    items = [_hide(line, HIDEABLE_IN_LINE, salts, disclosures) for line in lines]
    payload = _hide({**claims, **hideable, "items": items}, tuple(hideable), salts, disclosures)
    payload["_sd_alg"] = "sha-256"
    token = sign_token(payload, kind=PART_KIND, key=key, key_id=f"{issuer}#{key.public.id}")
    return SEPARATOR.join([token, *disclosures, ""])


def _hide(
    plain: dict[str, Any], names: tuple[str, ...], salts: Iterator[str], disclosures: list[str]
) -> dict[str, Any]:
    """Replace the named fields by the digests of their disclosures (RFC 9901, 4.2), which are added to the list."""
    kept = {name: value for name, value in plain.items() if name not in names}
    digests = []
    for name in names:
        if name in plain:
            text = to_base64url(canonical_json([next(salts), name, plain[name]]))
            disclosures.append(text)
            digests.append(to_base64url(hashlib.sha256(text.encode("ascii")).digest()))
    if digests:
        # Sorted, so that their order tells nothing.
        kept["_sd"] = sorted(digests)
    return kept


def _salts(secret: bytes, digest: str) -> Iterator[str]:
    count = 0
    while True:
        made = hmac.digest(secret, f"udgam sd-jwt {digest} {count}".encode(), "sha256")
        yield to_base64url(made[:16])
        count += 1
