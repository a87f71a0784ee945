"""Read X.509 certificates from strangers, strictly, and say what kind they are (RFC 5280)."""

from __future__ import annotations

import re
from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from udgam.rules.binding.facts import DOCUMENT_SIGNER
from udgam.rules.binding.kind import is_encryption_twin as key_usage_is_of_twin
from udgam.signing.trust.refusals import CertificateUnreadable

# A certificate is about two kilobytes; anything far above is an attack or a mistake.
MAX_CERTIFICATE_BYTES = 64 * 1024
# So many are remembered as well formed: the same ones stand in every file that an office seals.
_KEPT = 256
# RFC 5280, 4.1.2.2: at most twenty octets.
SERIAL_LIMIT = 1 << 160

# Everything that the parsers raise for bytes they cannot make sense of.
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)

_PEM_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

# cryptography's attribute -> name in RFC 5280, 4.2.1.3.
_KEY_USAGE_NAMES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}


def read_certificate(data: bytes) -> x509.Certificate:
    """One certificate from DER or PEM bytes, with every part that we rely on already parsed once.

    Raises ``CertificateUnreadable``: "certificate.unreadable" for bytes that are no certificate or more than one,
    "certificate.malformed" for a certificate whose names, key or extensions cannot be understood.
    """
    found = read_certificates(data)
    if len(found) != 1:
        raise CertificateUnreadable("certificate.unreadable", detail="the file holds more than one certificate")
    return found[0]


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """All certificates of a PEM bundle, or the one of a DER file. Raises ``CertificateUnreadable``."""
    if len(data) > MAX_CERTIFICATE_BYTES * 16:
        raise CertificateUnreadable("certificate.unreadable", detail="the file is too large")
    blocks = _PEM_BLOCK.findall(data)
    certificates = tuple(_load(block, pem=True) for block in blocks) if blocks else (_load(data, pem=False),)
    for certificate in certificates:
        check_well_formed(certificate)
    return certificates


def _load(data: bytes, *, pem: bool) -> x509.Certificate:
    if len(data) > MAX_CERTIFICATE_BYTES:
        raise CertificateUnreadable("certificate.unreadable", detail="the certificate is too large")
    try:
        return x509.load_pem_x509_certificate(data) if pem else x509.load_der_x509_certificate(data)
    except UNREADABLE as error:
        raise CertificateUnreadable("certificate.unreadable", detail=fault_of(error)) from error


def check_well_formed(certificate: x509.Certificate) -> None:
    """Parse every lazily parsed part now, so that no ``ValueError`` escapes from a later check.

    The names are also read by a second parser, which knows the string types that X.520 allows: a telephoneNumber that is
    not a PrintableString is refused here with a reason instead of breaking a checker further on.
    Raises ``CertificateUnreadable`` ("certificate.malformed").
    """
    _parse_whole(certificate)


@lru_cache(maxsize=_KEPT)
def _parse_whole(certificate: x509.Certificate) -> None:
    try:
        if certificate.version is not x509.Version.v3 and certificate.subject != certificate.issuer:
            raise ValueError("only version 3 certificates are accepted below a root")
        if not 0 <= certificate.serial_number < SERIAL_LIMIT:
            raise ValueError("the serial number is negative or longer than twenty octets")
        if certificate.not_valid_before_utc > certificate.not_valid_after_utc:
            raise ValueError("it ends before it begins")
        for name in (certificate.subject, certificate.issuer):
            _ = asn1_x509.Name.load(name.public_bytes()).native
        for extension in certificate.extensions:
            _ = extension.value
        certificate.public_key()
        _ = certificate.signature_algorithm_oid
        if certificate.subject != certificate.issuer and not tuple(certificate.issuer):
            raise ValueError("the issuer has no name")
    except UNREADABLE as error:
        raise CertificateUnreadable("certificate.malformed", detail=fault_of(error)) from error


@lru_cache(maxsize=512)
def fingerprint(certificate: x509.Certificate) -> str:
    """Lower-case hexadecimal SHA-256 of the DER bytes."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def display_name(name: x509.Name) -> str:
    """The most telling part of a distinguished name for a sentence: common name, else organisation, else all of it."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        values = name.get_attributes_for_oid(oid)
        if values:
            return str(values[0].value)
    return name.rfc4514_string() or "(no name)"


def key_usages(certificate: x509.Certificate) -> frozenset[str] | None:
    """Names of the allowed key usages as in RFC 5280, 4.2.1.3; ``None`` when the extension is absent."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    named = {rfc for attribute, rfc in _KEY_USAGE_NAMES.items() if getattr(usage, attribute)}
    if usage.key_agreement:
        named |= {"encipherOnly"} if usage.encipher_only else set()
        named |= {"decipherOnly"} if usage.decipher_only else set()
    return frozenset(named)


def extended_key_usages(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Dotted identifiers of the extended key usages, in their order; ``None`` when the extension is absent."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return tuple(oid.dotted_string for oid in usage)


def policies(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Dotted identifiers of the certificate policies, in their order; ``None`` when the extension is absent."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return None
    return tuple(information.policy_identifier.dotted_string for information in found)


def is_document_signer(certificate: x509.Certificate) -> bool:
    """Whether the certificate names the policy of organisational document signers (CCA India, 2.16.356.100.10.1)."""
    return DOCUMENT_SIGNER in (policies(certificate) or ())


def is_encryption_twin(certificate: x509.Certificate) -> bool:
    """Whether the key is for encryption only: a stated key usage that can encrypt or agree on keys but never sign."""
    return key_usage_is_of_twin(key_usages(certificate) or frozenset())


def describe_key(certificate: x509.Certificate) -> str:
    """The kind and size of the public key, as "RSA-2048" or "EC-P-256"."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        names = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
        return f"EC-{names.get(key.curve.name, key.curve.name)}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")


def fault_of(error: BaseException) -> str:
    """What a parser objected to, in one short line without its internal notation, fit for a sentence."""
    lines = str(error).strip().splitlines()
    text = re.split(r":? ?ParseError", lines[0])[0] if lines else ""
    return text.replace("{", "(").replace("}", ")")[:160].strip() or "it is damaged"
