"""The evidence bundle: what proves a certificate when the site is gone, for whoever holds it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.register.places import register_folder
from udgam.flow.issuance.register.trust_file import PARTS, read_file
from udgam.signing.proof.bundle import CERTIFICATE, CODE, CREDENTIAL, TRUST, write_bundle
from udgam.signing.proof.log import CHECKPOINT
from udgam.signing.proof.published import DID_DOCUMENT, PIN, TRUST_LIST, proof_path
from udgam.signing.proof.status_list import list_of, list_path
from udgam.signing.sealing.code import draw_code


def bundle_of(certificate: Certificate) -> bytes:
    """The certificate in its three forms with the register's files about it, packed; the same evidence gives the same bytes."""
    with certificate.file.open("rb") as stored:
        files = {CERTIFICATE: stored.read()}
    if certificate.code:
        files[CODE] = certificate.code.encode("ascii")
        files[CREDENTIAL] = certificate.credential.encode("ascii")
    wanted = [PIN, TRUST_LIST, DID_DOCUMENT, CHECKPOINT]
    wanted += [
        proof_path(certificate.content_sha256, kind) for kind in ("issued", "superseded", "cancelled", "resealed")
    ]
    if certificate.status_index is not None:
        wanted.append(list_path(list_of(certificate.status_index)[0]))
    files |= {f"{TRUST}{path}": data for path in wanted if (data := read_file(register_folder() / path)) is not None}
    for part in PARTS:
        for file in sorted((Path(settings.TRUST_FOLDER) / part).glob("*")):
            data = read_file(file)
            if data is not None:
                files[f"{TRUST}{part}/{file.name}"] = data
    return write_bundle(files)


def proof_of_issue(certificate: Certificate) -> bytes | None:
    """The log's proof that it holds the issue of this certificate; None while it is not published."""
    return read_file(register_folder() / proof_path(certificate.content_sha256, "issued"))


def file_of(certificate: Certificate, name: str) -> bytes:
    """One of the other forms of a certificate: code.txt, code.svg, credential.jwt or evidence.zip."""
    if name == "code.txt":
        return certificate.code.encode("ascii")
    if name == "code.svg":
        return draw_code(certificate.code).encode()
    if name == "credential.jwt":
        return certificate.credential.encode("ascii")
    return bundle_of(certificate)
