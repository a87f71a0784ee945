"""RFC 3161 time-stamp tokens: reading one strictly, and deciding whether to believe it.

A token is the work of somebody else's service, so its shape is not ours to fix. But each part that its signature does not cover
must be determined by the rest, or a changed byte could pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import ClassVar

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof import der
from udgam.signing.proof.der import OCTET_STRING, SEQUENCE, SET, explicit, integer, oid, tlv

# So many tokens are remembered: a file's own is read when it is put in and when the file is checked.
_KEPT, _KEPT_BYTES = 64, 32 * 1024
_HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_SIGNED = {
    "content_type",
    "message_digest",
    "signing_time",
    "signing_certificate",
    "signing_certificate_v2",
    "cms_algorithm_protection",
}


class TimeStampRefused(Refused):
    """A time-stamp token cannot be believed."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "time_stamp.unreadable": Reason(
            "The time stamp cannot be read: {detail}.", "Get the file again from whoever gave it to you."
        ),
        "time_stamp.unexpected": Reason(
            "The time stamp is not as RFC 3161 wants it: {detail}.", "Get the file again from whoever gave it to you."
        ),
        "time_stamp.signature": Reason(
            "The signature of the time stamp does not hold.", "The file was changed; do not rely on it."
        ),
        "time_stamp.purpose": Reason(
            "The certificate of {name} is not one for time stamps only.",
            "Ask the issuer which time-stamp service it uses.",
        ),
    }


@dataclass(frozen=True)
class Token:
    """A token whose own signature holds. Whether its service is believed is another question."""

    imprint: bytes
    stamped_at: datetime
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def read_token(data: bytes) -> Token:
    """Read a token with a SHA-256 imprint and check its signature and purpose.

    Raises:
        TimeStampRefused
    """
    return _read_once(data) if len(data) <= _KEPT_BYTES else _read_once.__wrapped__(data)


@lru_cache(maxsize=_KEPT)
def _read_once(data: bytes) -> Token:
    try:
        return _read(data)
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
        RecursionError,
        x509.InvalidVersion,
    ) as error:
        raise TimeStampRefused("time_stamp.unreadable", detail=" ".join(str(error).split())[:160]) from error


def _read(data: bytes) -> Token:
    info = cms.ContentInfo.load(data, strict=True)
    if info["content_type"].native != "signed_data":
        raise _unexpected("it is not signed data")
    signed: cms.SignedData = info["content"]
    content = signed["encap_content_info"]
    if (
        signed["version"].native != "v3"
        or content["content_type"].native != "tst_info"
        or len(signed["signer_infos"]) != 1
    ):
        raise _unexpected("it is not signed time-stamp information with one signer")
    signer: cms.SignerInfo = signed["signer_infos"][0]
    found = _certificates(signed)
    certificate = _own(found, signer)
    stamped: tsp.TSTInfo = content["content"].parsed
    octets = bytes(content["content"])
    # Taken before anything in it is read: afterwards the library would write it again from what it understood.
    as_signed: bytes = signer["signed_attrs"].contents
    algorithm = _check_attributes(signer, certificate, octets)
    if _again(found, certificate, signer, as_signed, octets) != data:
        raise _unexpected("it holds parts outside its signature")
    _check_signature(signer, certificate, algorithm, as_signed)
    _check_purpose(certificate)
    imprint = stamped["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise _unexpected("its imprint is not SHA-256")
    moment: datetime = stamped["gen_time"].native
    return Token(
        imprint["hashed_message"].native,
        moment.astimezone(UTC),
        certificate,
        tuple(one for one in found if one is not certificate),
    )


def _unexpected(detail: str) -> TimeStampRefused:
    return TimeStampRefused("time_stamp.unexpected", detail=detail)


def _certificates(signed: cms.SignedData) -> tuple[x509.Certificate, ...]:
    if isinstance(signed["certificates"], core.Void):
        raise _unexpected("it does not bring the certificate of its service")
    return tuple(x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"])


def _own(found: tuple[x509.Certificate, ...], signer: cms.SignerInfo) -> x509.Certificate:
    if signer["sid"].name != "issuer_and_serial_number":
        raise _unexpected("its service is not named by issuer and serial number")
    sid = signer["sid"].chosen
    serial, issuer = sid["serial_number"].native, sid["issuer"].dump()
    own = [one for one in found if one.serial_number == serial and one.issuer.public_bytes() == issuer]
    if len(own) != 1:
        raise _unexpected("it does not bring the certificate of its service")
    return own[0]


def _check_attributes(signer: cms.SignerInfo, certificate: x509.Certificate, content: bytes) -> str:
    algorithm: str = signer["digest_algorithm"]["algorithm"].native
    if algorithm not in _HASHES:
        raise _unexpected("its digest algorithm is weak or unknown")
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    if not set(attributes) <= _SIGNED or len(attributes) != len(signer["signed_attrs"]):
        raise _unexpected("it has an unknown signed attribute")
    if (
        attributes["content_type"][0].native != "tst_info"
        or attributes["message_digest"][0].native != hashlib.new(algorithm, content).digest()
    ):
        raise TimeStampRefused("time_stamp.signature")
    encoded = certificate.public_bytes(Encoding.DER)
    if "signing_certificate_v2" in attributes:
        named = attributes["signing_certificate_v2"][0]["certs"][0]
        expected = hashlib.new(named["hash_algorithm"]["algorithm"].native, encoded).digest()
    else:
        # RFC 3161 itself names the certificate by SHA-1; RFC 5816 came later. The signature still covers the whole attribute.
        named = attributes["signing_certificate"][0]["certs"][0]
        expected = hashlib.sha1(encoded, usedforsecurity=False).digest()
    if named["cert_hash"].native != expected:
        raise TimeStampRefused("time_stamp.signature")
    return algorithm


def _check_signature(signer: cms.SignerInfo, certificate: x509.Certificate, algorithm: str, as_signed: bytes) -> None:
    key, name = certificate.public_key(), signer["signature_algorithm"]["algorithm"].native
    data, signature = tlv(SET, as_signed), signer["signature"].native
    try:
        if isinstance(key, rsa.RSAPublicKey) and name in {"rsassa_pkcs1v15", f"{algorithm}_rsa"}:
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[algorithm]())
        elif isinstance(key, ec.EllipticCurvePublicKey) and name == f"{algorithm}_ecdsa":
            key.verify(signature, data, ec.ECDSA(_HASHES[algorithm]()))
        else:
            raise _unexpected(f"its signature algorithm {name} is not accepted")
    except InvalidSignature as error:
        raise TimeStampRefused("time_stamp.signature") from error


def _check_purpose(certificate: x509.Certificate) -> None:
    """The service's certificate serves time stamps and nothing else (RFC 3161, 2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimeStampRefused("time_stamp.purpose", name=certificate.subject.rfc4514_string())


def _again(
    found: tuple[x509.Certificate, ...],
    certificate: x509.Certificate,
    signer: cms.SignerInfo,
    as_signed: bytes,
    content: bytes,
) -> bytes:
    """The token written afresh from its parts: what stands elsewhere, such as unsigned attributes, comes out missing."""
    digest_algorithm, signature_algorithm = _plain(signer["digest_algorithm"]), _plain(signer["signature_algorithm"])
    info = tlv(
        SEQUENCE,
        integer(1),
        tlv(SEQUENCE, certificate.issuer.public_bytes(), integer(certificate.serial_number)),
        digest_algorithm,
        explicit(0, as_signed),
        signature_algorithm,
        tlv(OCTET_STRING, signer["signature"].native),
    )
    signed = tlv(
        SEQUENCE,
        integer(3),
        tlv(SET, digest_algorithm),
        tlv(SEQUENCE, der.TST_INFO, explicit(0, tlv(OCTET_STRING, content))),
        explicit(0, *(one.public_bytes(Encoding.DER) for one in found)),
        tlv(SET, info),
    )
    return tlv(SEQUENCE, der.SIGNED_DATA, explicit(0, signed))


def _plain(algorithm: core.Sequence) -> bytes:
    """An algorithm identifier whose parameters are left out or NULL, as they came."""
    parameters = algorithm["parameters"]
    if not isinstance(parameters, core.Void | core.Null):
        raise _unexpected("an algorithm has parameters")
    given = b"" if isinstance(parameters, core.Void) else der.NULL
    return tlv(SEQUENCE, oid(algorithm["algorithm"].dotted), given)
