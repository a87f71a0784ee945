"""The office's seal: the last signature of the file, with a time stamp and the evidence a checker needs later.

The evidence (certificates, CRLs, OCSP answers of the officer and of the seal) goes into the document security store of the same
revision, so the seal covers it and nothing in the file stands outside a signature (PAdES B-LT without a loose revision).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof import names
from udgam.signing.proof.container import assemble, signed_attributes
from udgam.signing.proof.time_stamp import TimeStampRefused, read_token
from udgam.signing.sealing.keys import SealKey
from udgam.signing.sealing.revision import fill, open_writer, write
from udgam.signing.trust import RevocationEvidence, ValidatedPath

# A CRL that is larger than this is not copied into every certificate; the trust folder carries it.
MAX_EVIDENCE_BYTES = 64 * 1024
# Room for the time-stamp token: the sandbox's takes 2 to 4 kB, public services up to 8.
TOKEN_ROOM = 12 * 1024


class TimeStampUnavailable(Refused):
    """The time-stamp service gave no usable token."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "time_stamp.unavailable": Reason(
            "The time-stamp service does not answer: {detail}.",
            "Nothing was issued. Try again; if it lasts, tell the operator.",
        ),
        "time_stamp.unusable": Reason(
            "The time-stamp service answered something unusable: {detail}.",
            "Nothing was issued. Tell the operator which service is configured.",
        ),
    }


class TimeStamper(Protocol):
    """A source of RFC 3161 time stamps."""

    def stamp(self, digest: bytes) -> bytes:
        """Answer a DER time-stamp token over the SHA-256 ``digest``. Raises `TimeStampUnavailable`."""
        ...


@dataclass(frozen=True)
class Evidence:
    """What a later checker needs and may no longer find: DER certificates, CRLs and OCSP responses; and the log's proof of the issue."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    log_proof: bytes | None = None

    @classmethod
    def of(cls, *paths: ValidatedPath) -> Evidence:
        """Collect the evidence of validated paths. Very large CRLs are left out: the trust folder carries them."""
        certificates = (one.public_bytes(Encoding.DER) for path in paths for one in path.certificates)
        found: list[RevocationEvidence] = [
            one for path in paths for one in path.revocation if len(one.data) <= MAX_EVIDENCE_BYTES
        ]
        return cls(
            _once(certificates),
            _once(one.data for one in found if one.kind == "crl"),
            _once(one.data for one in found if one.kind == "ocsp"),
        )


NO_EVIDENCE = Evidence()


def apply(
    pdf: bytes, *, seal_key: SealKey, time_stamper: TimeStamper | None, evidence: Evidence, now: datetime
) -> bytes:
    """Seal a file that the officer signed, and answer the finished certificate.

    ``time_stamper`` is None only where a rule lets issue go on for a bounded time without the service.

    Raises:
        FileUnsuitable: the file has no empty seal field.
        SealKeyUnusable: the key store does not answer.
        TimeStampUnavailable: the service gave no usable token.
    """
    writer = open_writer(pdf)
    if evidence != NO_EVIDENCE:
        embed(writer, evidence)
    bare = assemble(
        signed_attributes(bytes(32), seal_key.certificate),
        bytes(512),
        certificate=seal_key.certificate,
        chain=seal_key.chain,
    )
    revision = write(
        writer,
        field=names.SEAL_FIELD,
        signer=_office(seal_key.certificate),
        location=None,
        reason="Electronic seal of the issuing office",
        now=now,
        reserved=len(bare) + 64 + (TOKEN_ROOM if time_stamper else 0),
        certify=False,
    )
    attributes = signed_attributes(revision.digest, seal_key.certificate)
    signature = seal_key.sign(attributes)
    token = stamp(time_stamper, hashlib.sha256(signature).digest()) if time_stamper else None
    return fill(
        revision,
        assemble(attributes, signature, certificate=seal_key.certificate, chain=seal_key.chain, time_stamp=token),
    )


def stamp(time_stamper: TimeStamper, digest: bytes) -> bytes:
    """A token over the SHA-256 ``digest`` that can be read and is for it. Raises TimeStampUnavailable."""
    token = time_stamper.stamp(digest)
    try:
        read = read_token(token)
    except TimeStampRefused as error:
        raise TimeStampUnavailable("time_stamp.unusable", detail=error.message) from error
    if read.imprint != digest:
        raise TimeStampUnavailable("time_stamp.unusable", detail="the token stamps something else")
    if len(token) > TOKEN_ROOM:
        raise TimeStampUnavailable("time_stamp.unusable", detail="the token is too large")
    return token


def embed(writer: IncrementalPdfFileWriter, evidence: Evidence) -> None:
    """Put the evidence into the document security store of the revision that is being written."""
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[asn1_x509.Certificate.load(one) for one in evidence.certificates],
        crls=[asn1_crl.CertificateList.load(one) for one in evidence.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in evidence.ocsps],
    )
    store = writer.root["/DSS"]
    if evidence.log_proof is not None and names.LOG_PROOF not in store:
        store[pdf_name(names.LOG_PROOF)] = writer.add_object(StreamObject(stream_data=evidence.log_proof))
        writer.update_container(store)


def _once(items: Iterable[bytes]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(items))


def _office(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()
