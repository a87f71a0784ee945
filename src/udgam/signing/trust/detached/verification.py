"""The check of a detached CAdES-BES signature, in numbered steps (RFC 5652, RFC 5035, ETSI EN 319 122-1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from udgam.signing.trust.certificates import fault_of, read_certificate
from udgam.signing.trust.detached.algorithms import HASHES, check_signature
from udgam.signing.trust.detached.refusals import DetachedRefused
from udgam.signing.trust.paths import SIGNATURE_USAGE, ValidatedPath, validate_path
from udgam.signing.trust.refusals import CertificateUnreadable
from udgam.signing.trust.revocation import RevocationSource
from udgam.signing.trust.store import TrustStore

MAX_CMS_BYTES = 64 * 1024
# How far the signer's clock may run ahead of ours.
CLOCK_SKEW = timedelta(minutes=15)
_MAX_CERTIFICATES = 8
# So many signatures are remembered, with contents of this size at most.
_KEPT, _KEPT_BYTES = 32, 256 * 1024


@dataclass(frozen=True)
class VerifiedSignature:
    """The holder of ``certificate``, believed at the moment asked, signed exactly this content.

    ``signing_time`` is the signer's own claim, in UTC; only its being no later than the moment of the check was verified.
    """

    certificate: x509.Certificate
    signing_time: datetime
    path: ValidatedPath


def verify_detached(
    signature: bytes,
    content: bytes,
    *,
    store: TrustStore,
    revocation: RevocationSource,
    at: datetime,
    policy: str | None = None,
    evidence_at: datetime | None = None,
) -> VerifiedSignature:
    """Check that ``signature`` (DER CMS) is one person's CAdES-BES signature over ``content``, believed at ``at`` (aware).

    Raises ``DetachedRefused`` for the signature itself, ``PathRefused`` for its certificate. ``policy`` and ``evidence_at``
    are those of ``validate_path``.
    """
    read = _read_once if len(content) <= _KEPT_BYTES else _read_once.__wrapped__
    certificate, others, signing_time = read(signature, content)
    if signing_time.tzinfo is None or signing_time > at + CLOCK_SKEW:
        raise DetachedRefused("detached.signing_time", claimed=str(signing_time))
    # 7. Path, policy, validity and revocation of the certificate.
    path = validate_path(
        certificate,
        store=store,
        revocation=revocation,
        at=at,
        policy=policy,
        evidence_at=evidence_at,
        intermediates=others,
        key_usages=SIGNATURE_USAGE,
    )
    return VerifiedSignature(certificate, signing_time, path)


def claimed_time(signature: bytes, content: bytes) -> datetime:
    """When the signature says that it was made; the signature itself holds, and nothing is said of its certificate.

    Raises ``DetachedRefused``.
    """
    read = _read_once if len(content) <= _KEPT_BYTES else _read_once.__wrapped__
    signing_time = read(signature, content)[2]
    if signing_time.tzinfo is None:
        raise DetachedRefused("detached.signing_time", claimed=str(signing_time))
    return signing_time


@lru_cache(maxsize=_KEPT)
def _read_once(signature: bytes, content: bytes) -> tuple[x509.Certificate, tuple[x509.Certificate, ...], datetime]:
    """What the bytes settle for all times: the signer's certificate, those beside it, and the claimed time. Issuing asks for the same
    signature at each of its steps."""
    try:
        # 1. Form: one CMS SignedData, nothing behind it, no content inside, exactly one signer.
        signed = _read(signature)
        signer = _only_signer(signed)
        # 2. Digest algorithm SHA-256 or better.
        digest = _digest_name(signer)
        # 3. Signed attributes: each that we rely on exactly once, over this kind of content and these very bytes.
        as_signed = _signed_bytes(signer)
        attributes = _attributes(signer)
        if attributes["content_type"].native != "data":
            raise DetachedRefused("detached.content_type")
        if attributes["message_digest"].native != hashlib.new(digest, content).digest():
            raise DetachedRefused("detached.content_differs")
        # 4. The signer's certificate came along and is the one that the signed attributes name by its hash.
        certificates = _certificates(signed)
        certificate = _signers_certificate(signer, certificates)
        _check_reference(attributes["signing_certificate_v2"], certificate)
        # 5. The signature over the attributes, in the bytes in which they came, as RFC 5652 section 5.4 has them signed.
        check_signature(
            certificate,
            algorithm=signer["signature_algorithm"],
            digest=digest,
            signature=signer["signature"].native,
            data=as_signed,
        )
        # 6. The claimed time is not in the future.
        signing_time: datetime = attributes["signing_time"].native
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise DetachedRefused("detached.unreadable", detail=fault_of(error)) from error
    return certificate, tuple(other for other in certificates if other != certificate), signing_time


def _read(signature: bytes) -> cms.SignedData:
    if len(signature) > MAX_CMS_BYTES:
        raise DetachedRefused("detached.unreadable", detail="it is too large")
    outer = cms.ContentInfo.load(signature, strict=True)
    if outer["content_type"].native != "signed_data":
        raise DetachedRefused("detached.unreadable", detail="it is no SignedData")
    signed: cms.SignedData = outer["content"]
    if signed["encap_content_info"]["content_type"].native != "data":
        raise DetachedRefused("detached.content_type")
    if signed["encap_content_info"]["content"].native is not None:
        raise DetachedRefused("detached.not_detached")
    return signed


def _only_signer(signed: cms.SignedData) -> cms.SignerInfo:
    signers = signed["signer_infos"]
    if len(signers) != 1:
        raise DetachedRefused("detached.not_one_signer", count=str(len(signers)))
    return signers[0]


def _digest_name(signer: cms.SignerInfo) -> str:
    name = str(signer["digest_algorithm"]["algorithm"].native)
    if name not in HASHES:
        raise DetachedRefused("detached.algorithm", algorithm=name)
    return name


def _signed_bytes(signer: cms.SignerInfo) -> bytes:
    """The signed attributes in the bytes in which they came, as a SET (RFC 5652 section 5.4). Taken before anything in them is read:
    afterwards the library would write them again from what it understood."""
    return b"\x31" + bytes(signer["signed_attrs"].dump())[1:]


def _attributes(signer: cms.SignerInfo) -> dict[str, Any]:
    """The single value of each signed attribute that we rely on, by name."""
    wanted = ("content_type", "message_digest", "signing_time", "signing_certificate_v2")
    found: dict[str, Any] = {}
    attributes = signer["signed_attrs"]
    # Where the field is absent nothing says what was signed.
    for attribute in () if isinstance(attributes, core.Void) else attributes:
        name = str(attribute["type"].native)
        if name in found or (name in wanted and len(attribute["values"]) != 1):
            raise DetachedRefused("detached.attribute_repeated", attribute=name[:60])
        found[name] = attribute["values"][0] if len(attribute["values"]) else None
    for name in wanted:
        if name not in found:
            raise DetachedRefused("detached.attribute_missing", attribute=name)
    return found


def _certificates(signed: cms.SignedData) -> tuple[x509.Certificate, ...]:
    choices = signed["certificates"]
    if isinstance(choices, core.Void):
        raise DetachedRefused("detached.certificate_missing")
    if len(choices) > _MAX_CERTIFICATES:
        raise DetachedRefused("detached.unreadable", detail="it carries too many certificates")
    try:
        return tuple(read_certificate(choice.chosen.dump()) for choice in choices if choice.name == "certificate")
    except CertificateUnreadable as refusal:
        raise DetachedRefused("detached.unreadable", detail=refusal.params["detail"]) from refusal


def _signers_certificate(signer: cms.SignerInfo, certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    identifier = signer["sid"]
    for certificate in certificates:
        if identifier.name == "issuer_and_serial_number":
            named = identifier.chosen
            same = (
                named["serial_number"].native == certificate.serial_number
                and named["issuer"].dump() == certificate.issuer.public_bytes()
            )
        else:
            same = identifier.chosen.native == _subject_key(certificate)
        if same:
            return certificate
    raise DetachedRefused("detached.certificate_missing")


def _subject_key(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def _check_reference(value: Any, certificate: x509.Certificate) -> None:
    """RFC 5035, section 3: the first reference is to the signer's certificate; the others do not matter here."""
    reference = value["certs"][0]
    name = str(reference["hash_algorithm"]["algorithm"].native)
    if name not in HASHES:
        raise DetachedRefused("detached.algorithm", algorithm=name)
    if reference["cert_hash"].native != hashlib.new(name, certificate.public_bytes(Encoding.DER)).digest():
        raise DetachedRefused("detached.certificate_differs")
    issuer_serial = reference["issuer_serial"]
    if not isinstance(issuer_serial, core.Void) and issuer_serial["serial_number"].native != certificate.serial_number:
        raise DetachedRefused("detached.certificate_differs")
