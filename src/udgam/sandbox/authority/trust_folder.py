"""Writes the trust folder of a sandbox: what a checker needs to believe the fictional authority and agency."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from udgam.sandbox import cast
from udgam.sandbox.authority.tokens import load_seal, load_token, pem
from udgam.sandbox.authority.tree import END_USERS, LICENSED, ROOT, Authority


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def write_crls(authority: Authority, folder: Path) -> None:
    """Write the current revocation lists of the tree as `<issuer>.crl` in DER."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (ROOT, LICENSED, END_USERS):
        (folder / f"{name}.crl").write_bytes(authority.crl(name))


def _issuers(authority: Authority, site: str) -> dict[str, object]:
    officers = []
    for person in cast.PEOPLE.values():
        if person.kind != "officer":
            continue
        certificate = load_token(authority.folder, person.token).certificate
        officers.append(
            {
                "name": person.name,
                "certificate_sha256": [_fingerprint(certificate)],
                "from": certificate.not_valid_before_utc.astimezone(UTC).isoformat(),
                "to": certificate.not_valid_after_utc.astimezone(UTC).isoformat(),
            }
        )
    seals = [_fingerprint(load_seal(authority.folder, office.code).certificate) for office in cast.AGENCY.offices]
    agency = {
        "agency": cast.AGENCY.code,
        "name": cast.AGENCY.registered_name,
        "seal_sha256": seals,
        "officers": officers,
    }
    return {"format": "udgam.issuers/1", "site": site, "issuers": [agency]}


def write_trust(authority: Authority, folder: Path, *, site: str = "http://127.0.0.1:8000") -> None:
    """Write `anchors/`, `intermediates/`, `tsa/`, `crls/` and `issuers.json` into `folder`.

    `site` is the origin of the platform that issues. The stranger's root is left out: nobody trusts it.
    """
    contents = {
        "anchors": {"udgam-sandbox-root": authority.certificate(ROOT)},
        "intermediates": {name: authority.certificate(name) for name in (LICENSED, END_USERS)},
        # The same root may stand above time stamps; the service's own certificate comes with each stamp.
        "tsa": {"udgam-sandbox-root": authority.certificate(ROOT)},
    }
    for part, certificates in contents.items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        for name, certificate in certificates.items():
            (folder / part / f"{name}.pem").write_bytes(pem(certificate))
    write_crls(authority, folder / "crls")
    text = json.dumps(_issuers(authority, site), indent=2, ensure_ascii=False)
    (folder / "issuers.json").write_text(text + "\n", encoding="utf-8")
