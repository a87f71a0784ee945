"""Check one OCSP answer (RFC 6960): it is about this certificate, its signer may speak for the issuer, and it says when."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from udgam.signing.trust.algorithms import check_key, check_signature_algorithm, hash_is_safe
from udgam.signing.trust.certificates import UNREADABLE, check_well_formed, extended_key_usages, fault_of, key_usages
from udgam.signing.trust.refusals import CertificateUnreadable, PathRefused
from udgam.signing.trust.revocation.refusals import EvidenceRefused

MAX_OCSP_BYTES = 64 * 1024
# So many answers are remembered, a few megabytes at most.
_KEPT = 128
_PSS = x509.ObjectIdentifier("1.2.840.113549.1.1.10")
_UNDERSTOOD_EXTENSIONS = frozenset(
    {"1.3.6.1.5.5.7.48.1.2", "1.3.6.1.5.5.7.48.1.3", "1.3.6.1.5.5.7.48.1.6", "1.3.6.1.5.5.7.48.1.9"}
)


@dataclass(frozen=True)
class OcspAnswer:
    """What an authentic answer says. ``responder`` is the delegated certificate whose own revocation must still be checked,
    or ``None`` when the issuer signed itself or the responder is exempt (id-pkix-ocsp-nocheck)."""

    status: ocsp.OCSPCertStatus
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None
    on_hold: bool
    reason: str
    responder: x509.Certificate | None


def concerns(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the bytes are an OCSP answer about ``certificate``; nothing is verified."""
    try:
        return _single(_load(data), certificate, issuer) is not None
    except (EvidenceRefused, *UNREADABLE):
        return False


def read_ocsp(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> OcspAnswer:
    """Verify an OCSP answer about ``certificate``. Raises ``EvidenceRefused``.

    Accepted signers: the issuer's own key, or a certificate that the issuer itself signed with the extended key usage
    OCSPSigning, valid at ``at``. Freshness is the caller's to judge.
    """
    answer, delegate = _read_once(data, certificate, issuer)
    if delegate is not None and not delegate.not_valid_before_utc <= at <= delegate.not_valid_after_utc:
        raise EvidenceRefused("revocation.not_authentic", "the OCSP responder's certificate is not valid at this time")
    return answer


@lru_cache(maxsize=_KEPT)
def _read_once(
    data: bytes, certificate: x509.Certificate, issuer: x509.Certificate
) -> tuple[OcspAnswer, x509.Certificate | None]:
    """What the bytes say for all times, and the delegated certificate that signed them, if one did. An authority's answer about a
    certificate of an office is asked for with every file that it seals."""
    try:
        response = _load(data)
        single = _single(response, certificate, issuer)
        if single is None:
            raise EvidenceRefused("revocation.out_of_scope", "the OCSP answer is about another certificate")
        delegate = _check_signer(response, issuer)
        _check_extensions(response)
        reason = single.revocation_reason
        answer = OcspAnswer(
            status=single.certificate_status,
            this_update=single.this_update_utc,
            next_update=single.next_update_utc,
            revoked_at=single.revocation_time_utc,
            on_hold=reason is x509.ReasonFlags.certificate_hold,
            reason=reason.value if reason else "unspecified",
            responder=None if delegate is None or _needs_no_check(delegate) else delegate,
        )
        return answer, delegate
    except (*UNREADABLE, OverflowError) as error:
        raise EvidenceRefused("revocation.malformed", f"the OCSP answer cannot be read ({fault_of(error)})") from error


@lru_cache(maxsize=_KEPT)
def _load(data: bytes) -> ocsp.OCSPResponse:
    if len(data) > MAX_OCSP_BYTES:
        raise EvidenceRefused("revocation.malformed", "the OCSP answer is too large")
    response = ocsp.load_der_ocsp_response(data)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise EvidenceRefused(
            "revocation.missing", f"the OCSP service answered {response.response_status.name.lower()}"
        )
    return response


def _single(
    response: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> ocsp.OCSPSingleResponse | None:
    for single in response.responses:
        if single.serial_number != certificate.serial_number:
            continue
        names = _digest(single.hash_algorithm, issuer.subject.public_bytes())
        keys = _digest(single.hash_algorithm, key_bits(issuer))
        if (single.issuer_name_hash, single.issuer_key_hash) == (names, keys):
            return single
    return None


def _digest(algorithm: HashAlgorithm, data: bytes) -> bytes:
    # SHA-1 is fine here: it only names the issuer, and every responder of the old profile uses it.
    if not (isinstance(algorithm, SHA1) or hash_is_safe(algorithm)):
        raise EvidenceRefused("revocation.malformed", "the OCSP answer names the issuer with an unknown hash")
    return hashlib.new(algorithm.name, data, usedforsecurity=False).digest()


def key_bits(certificate: x509.Certificate) -> bytes:
    """The content of the subjectPublicKey bit string, as RFC 6960 hashes it."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raise EvidenceRefused("revocation.not_authentic", "the issuer's key is of an unsupported kind")


def _check_signer(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate | None:
    """The delegated certificate that signed, or None when the issuer signed itself."""
    if not hash_is_safe(response.signature_hash_algorithm):
        raise EvidenceRefused(
            "revocation.not_authentic", "the OCSP answer is signed with an algorithm that is no longer safe"
        )
    if _signed_by(response, issuer) and _is_named(response, issuer):
        return None
    for candidate in response.certificates:
        if _is_named(response, candidate):
            _check_delegation(candidate, issuer)
            if not _signed_by(response, candidate):
                break
            return candidate
    raise EvidenceRefused(
        "revocation.not_authentic", "the OCSP answer was signed by nobody who may speak for the issuer"
    )


def _is_named(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return response.responder_name == signer.subject
    return response.responder_key_hash == hashlib.sha1(key_bits(signer), usedforsecurity=False).digest()


def _signed_by(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, algorithm = signer.public_key(), response.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            scheme: padding.AsymmetricPadding = padding.PKCS1v15()
            if response.signature_algorithm_oid == _PSS:
                scheme = padding.PSS(padding.MGF1(algorithm), padding.PSS.DIGEST_LENGTH)
            key.verify(response.signature, response.tbs_response_bytes, scheme, algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _check_delegation(responder: x509.Certificate, issuer: x509.Certificate) -> None:
    """RFC 6960, 4.2.2.2: issued by the same issuer, for this purpose, and sound. Whether it is valid is asked for each moment."""
    detail = ""
    try:
        check_well_formed(responder)
        check_key(responder)
        check_signature_algorithm(responder)
        responder.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, CertificateUnreadable, PathRefused) as error:
        raise EvidenceRefused(
            "revocation.not_authentic", "the OCSP responder was not appointed by the issuer"
        ) from error
    usages = key_usages(responder)
    if ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string not in (extended_key_usages(responder) or ()):
        detail = "the OCSP responder's certificate is not for OCSP signing"
    elif usages is not None and "digitalSignature" not in usages:
        detail = "the OCSP responder's key may not sign"
    if detail:
        raise EvidenceRefused("revocation.not_authentic", detail)


def _needs_no_check(responder: x509.Certificate) -> bool:
    try:
        responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound:
        return False
    return True


def _check_extensions(response: ocsp.OCSPResponse) -> None:
    # The library shows the extensions of a single answer only when there is just one.
    of_single = response.single_extensions if len(list(response.responses)) == 1 else ()
    for extension in (*response.extensions, *of_single):
        if extension.critical and extension.oid.dotted_string not in _UNDERSTOOD_EXTENSIONS:
            raise EvidenceRefused(
                "revocation.malformed", f"critical OCSP extension {extension.oid.dotted_string} is not understood"
            )
