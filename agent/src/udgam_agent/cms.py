"""Signed attributes and detached signatures: CMS (RFC 5652) in the CAdES-BES profile (ETSI EN 319 122-1).

`signingCertificateV2` (RFC 5035) ties the signature to one certificate, so it cannot be moved to another with the same key.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from udgam_agent.errors import Refused

# What the attributes of a PDF signature may hold. Anything else could carry a meaning the person has not seen.
_ALLOWED_IN_PDF = frozenset(
    {"content_type", "message_digest", "signing_certificate_v2", "signing_time", "cms_algorithm_protection"}
)


def data_attributes(content: bytes, *, certificate_der: bytes, now: datetime) -> bytes:
    """Return the DER form of the attributes that are signed for detached data. `now` is an aware UTC time."""
    certificate_id = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(certificate_der).digest(),
        }
    )
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute(
                {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(now.replace(microsecond=0))})]}
            ),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [certificate_id]})]}
            ),
        ]
    )
    return bytes(attributes.dump())


def detached_cms(*, attributes: bytes, signature: bytes, certificate_der: bytes) -> bytes:
    """Wrap a signature over `attributes` into a detached SignedData. `signature` is PKCS#1 v1.5, or ECDSA in DER."""
    certificate = asn1_x509.Certificate.load(certificate_der)
    is_rsa = isinstance(x509.load_der_x509_certificate(certificate_der).public_key(), rsa.RSAPublicKey)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature_algorithm": algos.SignedDigestAlgorithm(
                {"algorithm": "sha256_rsa" if is_rsa else "sha256_ecdsa"}
            ),
            "signature": signature,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _wrong(detail: str) -> Refused:
    return Refused("agent.attributes-wrong", detail=detail)


def _single_values(der: bytes) -> dict[str, core.Asn1Value]:
    try:
        attributes = cms.CMSAttributes.load(der, strict=True)
        values: dict[str, core.Asn1Value] = {}
        for attribute in attributes:
            name = attribute["type"].native
            if name in values or len(attribute["values"]) != 1:
                raise _wrong("an attribute stands twice")
            values[name] = attribute["values"][0]
            # Parsing is lazy; reading the value now brings a malformed one to light here and nowhere else.
            _ = values[name].native
        canonical = bytes(cms.CMSAttributes(list(attributes)).dump(force=True))
    except (ValueError, TypeError, KeyError) as problem:
        raise _wrong("not readable as DER") from problem
    if canonical != der:
        raise _wrong("not in DER form")
    return values


def check_pdf_attributes(der: bytes, *, digest: bytes, certificate_der: bytes) -> None:
    """Refuse ("agent.attributes-wrong") unless the attributes sign exactly this digest with exactly this certificate."""
    values = _single_values(der)
    if unknown := set(values) - _ALLOWED_IN_PDF:
        raise _wrong(f"unexpected attribute {sorted(unknown)[0]}")
    for name in ("content_type", "message_digest", "signing_certificate_v2"):
        if name not in values:
            raise _wrong(f"{name} is missing")
    if values["content_type"].native != "data":
        raise _wrong("content_type is not data")
    if values["message_digest"].native != digest:
        raise _wrong("message_digest is not the digest of this document")
    certificates = values["signing_certificate_v2"]["certs"]
    if len(certificates) == 0:
        raise _wrong("signing_certificate_v2 names no certificate")
    algorithm = certificates[0]["hash_algorithm"]["algorithm"].native
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise _wrong("signing_certificate_v2 uses a weak hash")
    if certificates[0]["cert_hash"].native != hashlib.new(algorithm, certificate_der).digest():
        raise _wrong("signing_certificate_v2 names another certificate")
    _check_issuer_serial(certificates[0], certificate_der)
    _check_algorithm_protection(values)


def _check_issuer_serial(certificate_id: tsp.ESSCertIDv2, certificate_der: bytes) -> None:
    named = certificate_id["issuer_serial"]
    if isinstance(named, core.Void) or named.native is None:
        return
    certificate = x509.load_der_x509_certificate(certificate_der)
    names = [name for name in named["issuer"] if name.name == "directory_name"]
    issuer = asn1_x509.Name.load(certificate.issuer.public_bytes())
    if named["serial_number"].native != certificate.serial_number or [name.chosen for name in names] != [issuer]:
        raise _wrong("signing_certificate_v2 names another issuer or serial number")


def _check_algorithm_protection(values: dict[str, core.Asn1Value]) -> None:
    if "cms_algorithm_protection" in values:
        protection = values["cms_algorithm_protection"]
        if protection["digest_algorithm"]["algorithm"].native != "sha256":
            raise _wrong("cms_algorithm_protection names another hash")
