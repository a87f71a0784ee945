"""What a certificate on a token is good for, read without judging trust: that is the site's business.

Key usage after RFC 5280 section 4.2.1.3; the document-signer policy after the interoperability guidelines of India's
Controller of Certifying Authorities.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

DOCUMENT_SIGNER_POLICY = "2.16.356.100.10.1"


@dataclass(frozen=True)
class CertificateSummary:
    """What the person needs in order to choose.

    `id` is the SHA-256 of the DER form in hexadecimal. `use` is "signing", "expired", "not-yet-valid", "encryption"
    (the twin certificate that only encrypts), "document-signer" (an organisation's machine, not a person),
    "authority" (not a person's certificate at all) or "unknown-key" (neither RSA nor ECDSA).
    """

    id: str
    der: bytes
    holder: str
    organisation: str
    issuer: str
    serial_number: str
    not_before: datetime
    not_after: datetime
    use: str
    key: str


def _name(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]
    return ", ".join(values)


def _key_name(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1", "secp521r1"):
        return f"ECDSA P-{key.key_size}"
    return ""


def _use(certificate: x509.Certificate, key: str, at: datetime) -> str:
    extensions = certificate.extensions
    for extension in extensions:
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            return "authority"
    for extension in extensions:
        if isinstance(extension.value, x509.KeyUsage) and not extension.value.digital_signature:
            return "encryption"
    for extension in extensions:
        if isinstance(extension.value, x509.CertificatePolicies) and any(
            policy.policy_identifier.dotted_string == DOCUMENT_SIGNER_POLICY for policy in extension.value
        ):
            return "document-signer"
    if not key:
        return "unknown-key"
    if at > certificate.not_valid_after_utc:
        return "expired"
    if at < certificate.not_valid_before_utc:
        return "not-yet-valid"
    return "signing"


def summarise(der: bytes, *, at: datetime) -> CertificateSummary:
    """Read a DER certificate. Raises `ValueError` for anything that is not one, whatever the parser called it."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = _key_name(certificate)
        return CertificateSummary(
            id=hashlib.sha256(der).hexdigest(),
            der=der,
            holder=_name(certificate.subject, NameOID.COMMON_NAME) or certificate.subject.rfc4514_string(),
            organisation=_name(certificate.subject, NameOID.ORGANIZATION_NAME),
            issuer=_name(certificate.issuer, NameOID.COMMON_NAME) or certificate.issuer.rfc4514_string(),
            serial_number=f"{certificate.serial_number:x}",
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            use=_use(certificate, key, at),
            key=key,
        )
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as problem:
        raise ValueError(f"not a readable certificate: {problem}") from problem
