"""What the fictional authority writes into certificates, after real Indian digital signature certificates.

The facts come from public certificates and the Interoperability Guidelines of the Controller of Certifying
Authorities: class policies, a SHA-256 of the holder's PAN in `serialNumber`, eight-byte key identifiers, critical
digitalSignature and nonRepudiation, OCSP and CRL addresses over plain http. Real certificates differ in their extended
key usages; `client_auth` of a token says which of two common sets it gets.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from udgam.sandbox.cast import TokenSpec, pan_hash

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

# Policies an Indian authority may issue under: class 2, class 3, document signer.
AUTHORITY_POLICIES = ("2.16.356.100.2.3", "2.16.356.100.2.2", "2.16.356.100.10.1")
NOTICE = "Fictional certificate of the Udgam sandbox. It proves nothing outside it."
_ADOBE = ObjectIdentifier("1.2.840.113583.1.1.5")
_MICROSOFT_DOCUMENT = ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")
_ENCRYPTING_FILES = ObjectIdentifier("1.3.6.1.4.1.311.10.3.4")


@dataclass(frozen=True)
class Issuer:
    """An authority that signs: its key, its certificate, and the name under which its files are published."""

    name: str
    key: Key
    certificate: x509.Certificate


@dataclass(frozen=True)
class Addresses:
    """Where the files of one issuer are found; they go into the certificates that it signs."""

    base: str
    issuer: str

    @property
    def crl(self) -> str:
        """The revocation list of the issuer."""
        return f"{self.base}/crl/{self.issuer}.crl"

    @property
    def certificate(self) -> str:
        """The issuer's own certificate."""
        return f"{self.base}/issuers/{self.issuer}.cer"

    @property
    def ocsp(self) -> str:
        """The OCSP responder."""
        return f"{self.base}/ocsp"


def new_key(kind: str = "rsa") -> Key:
    """A new RSA-2048 or P-256 key."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def distinguished_name(parts: list[tuple[ObjectIdentifier, str]]) -> x509.Name:
    """A name in the given order; PrintableString where the text allows it, as Indian authorities write it."""
    attributes = []
    for oid, value in parts:
        printable = value.isascii() and all(sign.isalnum() or sign in " '()+,-./:=?" for sign in value)
        kind = _ASN1Type.PrintableString if printable else _ASN1Type.UTF8String
        attributes.append(x509.NameAttribute(oid, value, _type=kind))
    return x509.Name(attributes)


def key_identifier(key: PublicKey) -> bytes:
    """Eight bytes: 0100 and the last sixty bits of the SHA-1 of the key (RFC 5280 section 4.2.1.2, method 2)."""
    digest = x509.SubjectKeyIdentifier.from_public_key(key).digest
    return bytes([0x40 | (digest[-8] & 0x0F)]) + digest[-7:]


def _builder(
    *,
    subject: x509.Name,
    key: PublicKey,
    issuer: x509.Name,
    issuer_key: PublicKey,
    valid_from: datetime,
    valid_to: datetime,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = (
        builder.serial_number(secrets.randbits(55) | 1 << 54).not_valid_before(valid_from).not_valid_after(valid_to)
    )
    builder = builder.add_extension(x509.SubjectKeyIdentifier(key_identifier(key)), critical=False)
    authority = x509.AuthorityKeyIdentifier(key_identifier(issuer_key), None, None)
    return builder.add_extension(authority, critical=False)


def _usage(*set_bits: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in set_bits for name in names})


def _policies(oids: tuple[str, ...], *, notice: bool = False) -> x509.CertificatePolicies:
    qualifiers = [x509.UserNotice(None, NOTICE)] if notice else None
    return x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(oid), qualifiers) for oid in oids])


def _with_addresses(builder: x509.CertificateBuilder, addresses: Addresses, *, ocsp: bool) -> x509.CertificateBuilder:
    access = [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(addresses.certificate)
        )
    ]
    if ocsp:
        access.insert(
            0,
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(addresses.ocsp)),
        )
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(addresses.crl)], None, None, None)
    builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)


def _sign(builder: x509.CertificateBuilder, key: Key) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def authority_certificate(
    *,
    name: str,
    key: Key,
    issuer: Issuer | None,
    addresses: Addresses | None,
    path_length: int | None,
    valid_from: datetime,
    valid_to: datetime,
) -> x509.Certificate:
    """A certificate authority's certificate; without `issuer` a self-signed root."""
    subject = distinguished_name(
        [(NameOID.COUNTRY_NAME, "IN"), (NameOID.ORGANIZATION_NAME, "Udgam Sandbox"), (NameOID.COMMON_NAME, name)]
    )
    public: PublicKey = key.public_key()
    signer = issuer.key if issuer else key
    signer_name = issuer.certificate.subject if issuer else subject
    builder = _builder(
        subject=subject,
        key=public,
        issuer=signer_name,
        issuer_key=signer.public_key(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    if issuer is not None:
        builder = builder.add_extension(_policies(AUTHORITY_POLICIES), critical=False)
    if addresses is not None:
        # Like the national root, ours answers for its own authorities by CRL only.
        builder = _with_addresses(builder, addresses, ocsp=issuer is not None and issuer.name != "root")
    return _sign(builder, signer)


def token_subject(spec: TokenSpec) -> x509.Name:
    """The subject of a holder's certificate. The telephoneNumber is a hash, as the real ones write it."""
    parts = [(NameOID.COUNTRY_NAME, "IN"), (NameOID.ORGANIZATION_NAME, spec.organisation)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in spec.units]
    # X.520 bounds a telephone number to 32 characters, but real certificates carry 64 hexadecimal ones. The library
    # writes what it is told; readers must not stumble over it.
    parts += [(ObjectIdentifier("2.5.4.20"), pan_hash(spec.pan[::-1])), (NameOID.POSTAL_CODE, spec.postal_code)]
    parts += [
        (NameOID.STATE_OR_PROVINCE_NAME, spec.state),
        (NameOID.SERIAL_NUMBER, pan_hash(spec.pan)),
        (NameOID.COMMON_NAME, spec.holder),
    ]
    return distinguished_name(parts)


def token_certificate(
    spec: TokenSpec, *, key: PublicKey, issuer: Issuer, addresses: Addresses, valid_from: datetime, valid_to: datetime
) -> x509.Certificate:
    """The certificate of a token of the cast."""
    subject = token_subject(spec)
    builder = _builder(
        subject=subject,
        key=key,
        issuer=issuer.certificate.subject,
        issuer_key=issuer.key.public_key(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    if spec.usage == "encryption":
        builder = builder.add_extension(_usage("key_encipherment"), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([_ENCRYPTING_FILES]), critical=True)
    else:
        builder = builder.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        purposes = [ExtendedKeyUsageOID.EMAIL_PROTECTION, _ADOBE, _MICROSOFT_DOCUMENT]
        if spec.client_auth:
            purposes = [ExtendedKeyUsageOID.SMARTCARD_LOGON, ExtendedKeyUsageOID.CLIENT_AUTH, *purposes]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    builder = builder.add_extension(_policies(spec.policies, notice=True), critical=False)
    if spec.email is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(spec.email)]), critical=False)
    return _sign(_with_addresses(builder, addresses, ocsp=True), issuer.key)


def service_certificate(
    *,
    name: str,
    purpose: ObjectIdentifier,
    key: PublicKey,
    issuer: Issuer,
    addresses: Addresses,
    valid_from: datetime,
    valid_to: datetime,
) -> x509.Certificate:
    """The certificate of an OCSP responder (RFC 6960 section 4.2.2.2) or of a time-stamp service (RFC 3161 section 2.3)."""
    subject = distinguished_name(
        [(NameOID.COUNTRY_NAME, "IN"), (NameOID.ORGANIZATION_NAME, "Udgam Sandbox"), (NameOID.COMMON_NAME, name)]
    )
    builder = _builder(
        subject=subject,
        key=key,
        issuer=issuer.certificate.subject,
        issuer_key=issuer.key.public_key(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage("digital_signature"), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    if purpose == ExtendedKeyUsageOID.OCSP_SIGNING:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return _sign(builder, issuer.key)
    return _sign(_with_addresses(builder, addresses, ocsp=True), issuer.key)
