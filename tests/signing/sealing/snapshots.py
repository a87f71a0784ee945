"""A signed list of statuses as trust folders may hold it; the platform itself publishes status lists of the register."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import rsa

from udgam.signing.proof.status import SNAPSHOT_FORMAT, STATUSES
from udgam.signing.sealing.keys import SealKey
from udgam.signing.trust.detached import assemble, make_signed_attributes


@dataclass(frozen=True)
class StatusEntry:
    """What became of one number: "issued", "superseded" or "cancelled", with the digest of its content."""

    number: str
    status: str
    content_sha256: str


def sign_snapshot(
    entries: Iterable[StatusEntry], *, seal_key: SealKey, site: str, at: datetime, until: datetime
) -> tuple[bytes, bytes]:
    """Write and sign the list: the bytes of ``status.json`` and of ``status.p7s``.

    It speaks only for the agency whose seal signs it, and calls nothing "issued" after ``until``.

    Raises:
        ValueError: an entry has a status that is not published.
        SealKeyUnusable: the key store does not answer.
    """
    listed = [
        {"number": one.number, "status": one.status, "content_sha256": one.content_sha256}
        for one in sorted(entries, key=lambda one: one.number)
    ]
    if any(one["status"] not in STATUSES for one in listed):
        raise ValueError("only issued, superseded and cancelled are published")
    plain = {
        "format": SNAPSHOT_FORMAT,
        "site": site,
        "at": at.astimezone(UTC).isoformat(),
        "until": until.astimezone(UTC).isoformat(),
        "statuses": listed,
    }
    data = json.dumps(plain, ensure_ascii=False, indent=0, sort_keys=True).encode()
    return data, _sign(data, seal_key, at)


def _sign(data: bytes, seal_key: SealKey, at: datetime) -> bytes:
    attributes = make_signed_attributes(
        hashlib.sha256(data).digest(), certificate=seal_key.certificate, signing_time=at
    )
    scheme = "PKCS1-SHA256" if isinstance(seal_key.certificate.public_key(), rsa.RSAPublicKey) else "ECDSA-SHA256"
    return assemble(
        attributes,
        seal_key.sign(attributes),
        certificate=seal_key.certificate,
        chain=seal_key.chain,
        scheme=scheme,
    )
