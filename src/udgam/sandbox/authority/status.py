"""The fictional authority's statements about its certificates: revocation lists (RFC 5280) and OCSP (RFC 6960)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from udgam.sandbox.authority.profile import Issuer, Key, key_identifier
from udgam.sandbox.authority.register import Register

LIST_LIFETIME = timedelta(hours=24)
ANSWER_LIFETIME = timedelta(minutes=10)
# Statements are dated a little back, so that a checker whose clock is slow does not think them made in the future.
_BACKDATE = timedelta(seconds=5)


def revocation_list(issuer: Issuer, register: Register, *, now: datetime) -> bytes:
    """A fresh CRL of the issuer, in DER. Its number grows with time."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(now - _BACKDATE).next_update(now + LIST_LIFETIME)
    for entry in register.revoked(issuer.name):
        revocation = entry.revocation
        if revocation is None:
            continue
        row = x509.RevokedCertificateBuilder().serial_number(int(entry.serial, 16)).revocation_date(revocation[0])
        builder = builder.add_revoked_certificate(
            row.add_extension(x509.CRLReason(revocation[1]), critical=False).build()
        )
    identifier = x509.AuthorityKeyIdentifier(key_identifier(issuer.key.public_key()), None, None)
    builder = builder.add_extension(identifier, critical=False)
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _names_issuer(request: ocsp.OCSPRequest, issuer: Issuer) -> bool:
    digest = hashlib.new(request.hash_algorithm.name)
    digest.update(issuer.certificate.subject.public_bytes())
    if digest.digest() != request.issuer_name_hash:
        return False
    bits = issuer.certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # The hash covers the BIT STRING inside SubjectPublicKeyInfo; for SHA-1 the library computes it, for others we cut.
    from asn1crypto.keys import PublicKeyInfo

    inner = bytes(PublicKeyInfo.load(bits)["public_key"].contents)[1:]
    return hashlib.new(request.hash_algorithm.name, inner).digest() == request.issuer_key_hash


def answer(
    data: bytes,
    *,
    issuers: list[Issuer],
    responders: dict[str, x509.Certificate],
    key: Key,
    register: Register,
    now: datetime,
) -> bytes:
    """Answer a DER OCSPRequest for one certificate by a delegated responder, with the request's nonce.

    A request that cannot be read is answered `malformedRequest`, one for a foreign issuer `unauthorized`.
    """
    try:
        request = ocsp.load_der_ocsp_request(data)
        issuer = next((each for each in issuers if _names_issuer(request, each)), None)
    except (ValueError, TypeError, NotImplementedError, x509.UnsupportedGeneralNameType):
        unreadable = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        return unreadable.public_bytes(serialization.Encoding.DER)
    if issuer is None or issuer.name not in responders:
        foreign = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        return foreign.public_bytes(serialization.Encoding.DER)
    entry = register.find(issuer=issuer.name, serial=request.serial_number)
    revocation = entry.revocation if entry else None
    status = ocsp.OCSPCertStatus.UNKNOWN if entry is None else ocsp.OCSPCertStatus.GOOD
    if revocation is not None:
        status = ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash,
        issuer_key_hash=request.issuer_key_hash,
        serial_number=request.serial_number,
        algorithm=request.hash_algorithm,
        cert_status=status,
        this_update=now - _BACKDATE,
        next_update=now + ANSWER_LIFETIME,
        revocation_time=revocation[0] if revocation else None,
        revocation_reason=revocation[1] if revocation else None,
    )
    responder = responders[issuer.name]
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder).certificates([responder])
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
