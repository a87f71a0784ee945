"""Read the facts that the rules decide on from a certificate. Reading believes nothing: the path is validated apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import NameOID

from udgam.rules.binding import (
    DEFAULT_PROFILES,
    CertificateFacts,
    CertificateField,
    LocatorProfile,
    check_certificate_kind,
    find_iecs,
)
from udgam.signing.trust.certificates import (
    check_well_formed,
    describe_key,
    extended_key_usages,
    fingerprint,
    is_document_signer,
    is_encryption_twin,
    key_usages,
    policies,
)
from udgam.signing.trust.refusals import NotForSignIn

# The short names in which the locator profiles speak of subject attributes; all others go by their dotted identifier.
_SHORT_NAMES = {
    "2.5.4.6": "C",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.3": "CN",
    "2.5.4.8": "ST",
    "2.5.4.7": "L",
    "2.5.4.9": "street",
    "2.5.4.5": "serialNumber",
    "2.5.4.12": "title",
    "2.5.4.17": "postalCode",
    "2.5.4.20": "telephoneNumber",
    "2.5.4.65": "pseudonym",
    "1.2.840.113549.1.9.1": "emailAddress",
}
_SAN_NAMES = {
    x509.RFC822Name: "rfc822Name",
    x509.DNSName: "dNSName",
    x509.UniformResourceIdentifier: "uniformResourceIdentifier",
}
# Enough for a marker and ten characters; shorter runs are chance.
_PRINTABLE_RUN = re.compile(rb"[\x20-\x7e]{6,}")


def read_facts(
    certificate: x509.Certificate, profiles: Sequence[LocatorProfile] = DEFAULT_PROFILES
) -> CertificateFacts:
    """The facts of ``certificate``, its IEC looked for with ``profiles``. Raises ``CertificateUnreadable``."""
    check_well_formed(certificate)
    subject = certificate.subject
    issuer = certificate.issuer.rfc4514_string()
    serial = certificate.serial_number
    return CertificateFacts(
        holder=_first(subject, NameOID.COMMON_NAME) or "",
        organisation=_first(subject, NameOID.ORGANIZATION_NAME),
        organisational_units=tuple(_all(subject, NameOID.ORGANIZATIONAL_UNIT_NAME)),
        serial_number_attr=_first(subject, NameOID.SERIAL_NUMBER),
        iec_findings=find_iecs(certificate_fields(certificate), issuer=issuer, profiles=profiles),
        policies=policies(certificate) or (),
        key_usage=key_usages(certificate) or frozenset(),
        extended_key_usage=frozenset(extended_key_usages(certificate) or ()),
        is_document_signer=is_document_signer(certificate),
        is_encryption_twin=is_encryption_twin(certificate),
        public_key=describe_key(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        issuer=issuer,
        sha256=fingerprint(certificate),
        serial_number=f"{serial:x}",
        country=_first(subject, NameOID.COUNTRY_NAME),
        state=_first(subject, NameOID.STATE_OR_PROVINCE_NAME),
        email=_email(certificate),
    )


def check_usable_for_sign_in(facts: CertificateFacts) -> None:
    """A person's class 3 signature certificate: no encryption twin, no document signer. Raises ``NotForSignIn``."""
    answer = check_certificate_kind(facts)
    if answer.reason is not None:
        raise NotForSignIn(answer.reason, **answer.params)


def certificate_fields(certificate: x509.Certificate) -> Iterator[CertificateField]:
    """Every text of the certificate with its place: subject, alternative names, then extensions that nobody here knows."""
    for attribute in certificate.subject:
        dotted = attribute.oid.dotted_string
        yield CertificateField(f"subject.{_SHORT_NAMES.get(dotted, dotted)}", _text(attribute.value))
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.SubjectAlternativeName):
            for name in value:
                yield from _alternative(name)
        elif isinstance(value, x509.UnrecognizedExtension):
            for text in _texts_in(value.value):
                yield CertificateField(f"extension.{extension.oid.dotted_string}", text)


def _alternative(name: x509.GeneralName) -> Iterator[CertificateField]:
    if isinstance(name, x509.OtherName):
        for text in _texts_in(name.value):
            yield CertificateField(f"san.otherName.{name.type_id.dotted_string}", text)
    elif isinstance(name, x509.DirectoryName):
        for attribute in name.value:
            yield CertificateField("san.directoryName", _text(attribute.value))
    elif isinstance(name, x509.RFC822Name | x509.DNSName | x509.UniformResourceIdentifier):
        yield CertificateField(f"san.{_SAN_NAMES[type(name)]}", name.value)


def _texts_in(der: bytes) -> Iterator[str]:
    """The texts of an unknown extension: its string if it is one, otherwise the readable runs in its bytes."""
    try:
        value = core.load(der, strict=True).native
    except (ValueError, TypeError):
        value = None
    if isinstance(value, str):
        yield value
        return
    for run in _PRINTABLE_RUN.findall(der):
        yield run.decode("ascii")


def _email(certificate: x509.Certificate) -> str | None:
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return _first(certificate.subject, NameOID.EMAIL_ADDRESS)
    found = alternatives.get_values_for_type(x509.RFC822Name)
    return found[0] if found else _first(certificate.subject, NameOID.EMAIL_ADDRESS)


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    return next(_all(name, oid), None)


def _all(name: x509.Name, oid: x509.ObjectIdentifier) -> Iterator[str]:
    for attribute in name.get_attributes_for_oid(oid):
        yield _text(attribute.value)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()
