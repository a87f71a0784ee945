"""A fictional certificate hierarchy for tests: root, licensed authority, sub-authority, subscribers, CRLs, OCSP answers.

Keys are made once per process and reused by name, because making an RSA key costs a hundred times what issuing costs.
Everything can be bent: an attack is an authority or a leaf made with one unusual argument.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CLASS_2, CLASS_3, DOCUMENT_SIGNER = "2.16.356.100.2.2", "2.16.356.100.2.3", "2.16.356.100.10.1"
ANY_POLICY = "2.5.29.32.0"
CLIENT_AUTH = ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string
EMAIL_PROTECTION = ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1, "P-192": ec.SECP192R1}
_USAGES = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
}


@cache
def key(kind: str = "P-256", name: str = "") -> Key:
    """A private key of a kind ("P-256", "P-384", "P-521", "RSA-2048", "RSA-1024") by name: same arguments, same key."""
    if kind.startswith("RSA-"):
        return rsa.generate_private_key(65537, int(kind[4:]))
    return ec.generate_private_key(_CURVES[kind]())


def name(common_name: str, **others: str | Sequence[str]) -> x509.Name:
    """A subject: O, OU (several), ST, C, serialNumber, telephoneNumber … by their short names."""
    oids = {
        "C": NameOID.COUNTRY_NAME,
        "O": NameOID.ORGANIZATION_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "ST": NameOID.STATE_OR_PROVINCE_NAME,
        "serialNumber": NameOID.SERIAL_NUMBER,
        "postalCode": NameOID.POSTAL_CODE,
        "title": NameOID.TITLE,
        "pseudonym": NameOID.PSEUDONYM,
        "telephoneNumber": x509.ObjectIdentifier("2.5.4.20"),
    }
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, "IN")] if "C" not in others else []
    for short, values in others.items():
        for value in (values,) if isinstance(values, str) else values:
            # X.520 wants telephone numbers as PrintableString; the library would write UTF8String.
            kind = _ASN1Type.PrintableString if short == "telephoneNumber" else None
            attributes.append(x509.NameAttribute(oids[short], value, _type=kind))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes)


def key_usage(usages: Iterable[str]) -> x509.KeyUsage:
    flags = dict.fromkeys(_USAGES.values(), False) | {_USAGES[usage]: True for usage in usages}
    return x509.KeyUsage(**flags, encipher_only=False, decipher_only=False)


def policy_extension(policies: Iterable[str]) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in policies])


@dataclass
class Credential:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


@dataclass
class Authority(Credential):
    """Issues certificates, CRLs and OCSP answers."""

    url: str = ""
    _serial: list[int] = field(default_factory=lambda: [1000])

    def sign_certificate(
        self,
        subject: x509.Name,
        public_key: object,
        *,
        extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
        not_before: datetime = NOW - 30 * DAY,
        not_after: datetime = NOW + 365 * DAY,
        serial: int | None = None,
        hash_algorithm: hashes.HashAlgorithm | None = None,
        signing_key: Key | None = None,
        issuer_name: x509.Name | None = None,
    ) -> x509.Certificate:
        self._serial[0] += 1
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer_name if issuer_name is not None else self.certificate.subject)
            .public_key(public_key)  # type: ignore[arg-type]
            .serial_number(serial if serial is not None else self._serial[0])
            .not_valid_before(not_before)
            .not_valid_after(not_after)
        )
        for value, critical in extensions:
            builder = builder.add_extension(value, critical)
        return builder.sign(signing_key or self.key, hash_algorithm or hashes.SHA256())

    def places(self, *, crl: bool = True, ocsp_url: bool = False) -> list[tuple[x509.ExtensionType, bool]]:
        found: list[tuple[x509.ExtensionType, bool]] = []
        if crl:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(self.url + ".crl")], None, None, None)
            found.append((x509.CRLDistributionPoints([point]), False))
        if ocsp_url:
            place = x509.UniformResourceIdentifier(self.url + "/ocsp")
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
            found.append((x509.AuthorityInformationAccess([access]), False))
        return found

    def authority(
        self,
        common_name: str,
        *,
        kind: str = "P-256",
        ca: bool = True,
        path_length: int | None = None,
        usages: Iterable[str] | None = ("keyCertSign", "cRLSign"),
        policies: Iterable[str] | None = (CLASS_2, CLASS_3, DOCUMENT_SIGNER),
        crl: bool = True,
        extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
        **signing: object,
    ) -> Authority:
        """An authority below this one."""
        private = key(kind, common_name)
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=ca, path_length=path_length), True),
            (x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False),
            *self.places(crl=crl),
            *extra,
        ]
        if usages is not None:
            extensions.append((key_usage(usages), True))
        if policies is not None:
            extensions.append((policy_extension(policies), False))
        subject = name(common_name, O="Fictional Trust Services")
        certificate = self.sign_certificate(subject, private.public_key(), extensions=extensions, **signing)  # type: ignore[arg-type]
        return Authority(certificate, private, url=f"http://ca.example/{common_name.replace(' ', '-').lower()}")

    def leaf(
        self,
        subject: x509.Name | str = "Asha Kulkarni",
        *,
        kind: str = "P-256",
        usages: Iterable[str] | None = ("digitalSignature", "nonRepudiation"),
        purposes: Iterable[str] | None = (CLIENT_AUTH, EMAIL_PROTECTION),
        policies: Iterable[str] | None = (CLASS_3, CLASS_2),
        crl: bool = True,
        ocsp_url: bool = False,
        ca: bool = False,
        key_name: str = "leaf",
        extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
        **signing: object,
    ) -> Credential:
        """A subscriber's certificate."""
        private = key(kind, key_name)
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=ca, path_length=None), True),
            (x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False),
            *self.places(crl=crl, ocsp_url=ocsp_url),
            *extra,
        ]
        if usages is not None:
            extensions.append((key_usage(usages), True))
        if purposes is not None:
            extensions.append((x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in purposes]), False))
        if policies is not None:
            extensions.append((policy_extension(policies), False))
        if isinstance(subject, str):
            subject = name(subject, O="Personal", ST="Maharashtra")
        return Credential(
            self.sign_certificate(subject, private.public_key(), extensions=extensions, **signing),  # type: ignore[arg-type]
            private,
        )

    def crl(
        self,
        revoked: Mapping[int, x509.ReasonFlags | None] | None = None,
        *,
        this_update: datetime = NOW - timedelta(hours=1),
        next_update: datetime = NOW + 7 * DAY,
        revoked_at: datetime = NOW - 2 * DAY,
        number: int = 1,
        signing_key: Key | None = None,
        issuer_name: x509.Name | None = None,
        hash_algorithm: hashes.HashAlgorithm | None = None,
        extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
        entry_extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
    ) -> bytes:
        """A DER CRL with these serial numbers and reasons."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer_name if issuer_name is not None else self.certificate.subject)
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for value, critical in extra:
            builder = builder.add_extension(value, critical)
        entries = []
        for serial, reason in (revoked or {}).items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked_at)
            if reason is not None:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            for value, critical in entry_extra:
                entry = entry.add_extension(value, critical)
            entries.append(entry.build())
        # The public method copies the whole list for every entry, which takes minutes for 50,000.
        builder._revoked_certificates = entries
        signed = builder.sign(signing_key or self.key, hash_algorithm or hashes.SHA256())
        return signed.public_bytes(Encoding.DER)

    def responder(
        self, *, purposes: Iterable[str] = (ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string,), no_check: bool = True
    ) -> Credential:
        """A delegated OCSP responder."""
        extra = [(x509.OCSPNoCheck(), False)] if no_check else []
        return self.leaf(
            name("OCSP Responder"),
            usages=("digitalSignature",),
            purposes=purposes,
            policies=None,
            key_name="responder",
            extra=extra,
        )

    def ocsp(
        self,
        certificate: x509.Certificate,
        status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
        *,
        this_update: datetime = NOW - timedelta(minutes=2),
        next_update: datetime | None = NOW + timedelta(hours=2),
        reason: x509.ReasonFlags | None = None,
        responder: Credential | None = None,
        hash_algorithm: hashes.HashAlgorithm | None = None,
        signing_key: Key | None = None,
    ) -> bytes:
        """A DER OCSP answer about ``certificate``, signed by this authority or by ``responder``."""
        revoked = status is ocsp.OCSPCertStatus.REVOKED
        signer = responder or self
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=self.certificate,
            algorithm=hashes.SHA1(),
            cert_status=status,
            this_update=this_update,
            next_update=next_update,
            revocation_time=NOW - 2 * DAY if revoked else None,
            revocation_reason=reason if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
        if responder is not None:
            builder = builder.certificates([responder.certificate])
        answer = builder.sign(signing_key or signer.key, hash_algorithm or hashes.SHA256())
        return answer.public_bytes(Encoding.DER)


def make_root(
    common_name: str = "Fictional Root 2026", *, kind: str = "P-256", path_length: int | None = None
) -> Authority:
    """A self-signed root."""
    private = key(kind, common_name)
    subject = name(common_name, O="Fictional Controller")
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (key_usage(("keyCertSign", "cRLSign")), True),
        (x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False),
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(NOW - 1000 * DAY)
        .not_valid_after(NOW + 4000 * DAY)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return Authority(builder.sign(private, hashes.SHA256()), private, url="http://ca.example/root")


@dataclass
class Pki:
    """Root, licensed authority, sub-authority and one subscriber."""

    root: Authority
    ca: Authority
    sub: Authority
    leaf: Credential

    def crls(self) -> list[bytes]:
        """Fresh, empty CRLs of all three authorities."""
        return [authority.crl() for authority in (self.root, self.ca, self.sub)]


def make_pki(*, kind: str = "P-256", leaf_kind: str | None = None) -> Pki:
    """The usual hierarchy with keys of one kind."""
    root = make_root(kind=kind)
    ca = root.authority("Fictional Licensed CA", kind=kind)
    sub = ca.authority("Fictional Sub CA for Class 3", kind=kind, path_length=0)
    return Pki(root, ca, sub, sub.leaf(kind=leaf_kind or kind))


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Make a folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for filename, data in files.items():
        (folder / filename).write_bytes(data)
    return folder


def pan_hash(pan: str) -> str:
    """What Indian certificates carry in the subject's serialNumber."""
    return hashlib.sha256(pan.encode()).hexdigest()
