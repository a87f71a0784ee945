"""Steps 6 to 11: who signed, when, and may we believe them?"""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography import x509

from udgam.signing.proof.checks.case import Case, Fails, Skips
from udgam.signing.proof.container import Container
from udgam.signing.proof.evidence import path_at
from udgam.signing.proof.file import SignatureField
from udgam.signing.proof.time_stamp import read_token
from udgam.signing.trust import PathRefused, TrustStore, display_name, fingerprint


def officer_signature(case: Case) -> str:
    """6. The officer's signature holds over its revision."""
    return _holds(case, case.officer_field, case.officer, "officer's signature")


def seal_signature(case: Case) -> str:
    """7. The office's seal holds over the whole file."""
    return _holds(case, case.seal_field, case.seal, "office's seal")


def time_stamp(case: Case) -> str:
    """8. A time stamp of a known service says when the seal was made (RFC 3161)."""
    if case.seal.time_stamp is None:
        case.warnings.append("The file carries no time stamp: when it was signed is only what the signer says.")
        raise Skips("The seal carries no time stamp.")
    token = read_token(case.seal.time_stamp)
    if token.imprint != hashlib.sha256(case.seal.signature).digest():
        raise Fails("The time stamp belongs to something else.")
    _believe_service(case, token.certificate, token.chain, token.stamped_at)
    if token.stamped_at > case.at:
        raise Fails(f"The file was sealed only at {token.stamped_at.isoformat()}, after the moment asked about.")
    case.token = token
    return f"Sealed at {token.stamped_at.isoformat()} by the clock of {display_name(token.certificate.subject)}."


def _believe_service(
    case: Case, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], moment: datetime
) -> None:
    """The service is pinned itself, or was certified by an authority that is pinned for time stamps."""
    pinned = {fingerprint(one) for one in case.trust.time_stampers}
    known = pinned | {fingerprint(one) for one in (*case.trust.store.intermediates, *case.trust.store.anchors)}
    if any(fingerprint(one) not in known for one in chain):
        raise Fails("The time stamp brings certificates that nobody here knows.")
    itself = fingerprint(certificate) in pinned
    if itself and not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        raise Fails("The certificate of the time-stamp service was not valid at that time.")
    authorities = tuple(one for one in case.trust.time_stampers if fingerprint(one) != fingerprint(certificate))
    store = case.trust.store if itself else TrustStore(authorities, case.trust.store.intermediates)
    try:
        path_at(
            certificate,
            trust=case.trust,
            file=case.file,
            signed_at=moment,
            now=case.at,
            store=store,
            intermediates=chain,
        )
    except PathRefused as error:
        # A pinned service whose issuer is unknown here is believed because somebody pinned it.
        if not (itself and error.code == "path.issuer_unknown"):
            raise


def seal_known(case: Case) -> str:
    """9. The seal's certificate is listed for an agency and could be believed when the file was sealed."""
    issuer = case.trust.issuer_of_seal(case.seal.certificate)
    if issuer is None:
        raise Fails(f"The seal of {display_name(case.seal.certificate.subject)} is not listed for any issuing agency.")
    case.issuer = issuer
    if case.sealed_at > case.at:
        raise Fails(f"The file says that it was sealed at {case.sealed_at.isoformat()}, after the moment asked about.")
    path = path_at(
        case.seal.certificate,
        trust=case.trust,
        file=case.file,
        signed_at=case.sealed_at,
        now=case.at,
        intermediates=case.seal.chain,
    )
    if not set(case.seal.chain) <= set(path.certificates):
        raise Fails("The seal brings certificates that do not belong to its path.")
    return f"The seal of {issuer.name} could be believed when the file was sealed."


def officer_path(case: Case) -> str:
    """10. The officer's certificate leads to a trust anchor and was not revoked when the file was sealed."""
    path = path_at(
        case.officer.certificate,
        trust=case.trust,
        file=case.file,
        signed_at=case.sealed_at,
        now=case.at,
        intermediates=case.officer.chain,
    )
    return f"The certificate of {display_name(path.leaf.subject)} leads to {display_name(path.anchor.subject)} and was not revoked."


def officer_named(case: Case) -> str:
    """11. The officer is listed as one who could certify for the sealing agency on that day."""
    digest = fingerprint(case.officer.certificate)
    entries = [one for one in case.issuer.officers if digest in one.certificate_sha256]
    if not entries:
        raise Fails(
            f"{display_name(case.officer.certificate.subject)} is not listed as an officer of {case.issuer.name}."
        )
    if not any(one.could_certify(case.sealed_at) for one in entries):
        raise Fails(f"{entries[0].name} could not certify for {case.issuer.name} at that time.")
    return f"{entries[0].name} could certify for {case.issuer.name}."


def _holds(case: Case, field: SignatureField, container: Container, what: str) -> str:
    first, second = field.byte_range[1], field.byte_range[2]
    covered = memoryview(case.file.data)
    parts = (bytes(covered[:first]), bytes(covered[second : second + field.byte_range[3]]))
    if not container.digest_agrees(parts):
        raise Fails(f"The bytes under the {what} were changed.")
    if not container.signature_holds():
        raise Fails(f"The {what} was not made by the key of its certificate.")
    return f"The {what} holds: {display_name(container.certificate.subject)}."
