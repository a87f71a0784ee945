"""The one shape of a signature container (CMS, RFC 5652; PAdES baseline, ETSI EN 319 142-1) that our files carry.

The same function writes a container and checks one: what was read is written again from its parts, and must come out
byte for byte equal. So nothing in a container that is not covered by a signature can differ from what we would have
written, apart from the time-stamp token, whose own rules stand in `udgam.signing.proof.time_stamp`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof import der
from udgam.signing.proof.der import OCTET_STRING, SEQUENCE, SET, explicit, integer, set_of, tlv


class ContainerRefused(Refused):
    """A signature container is not of the one shape that we write."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "container.unreadable": Reason(
            "The signature container cannot be read: {detail}.", "Get the file again from whoever gave it to you."
        ),
        "container.unexpected": Reason(
            "The signature container holds something we never write: {detail}.",
            "Get the file again from whoever gave it to you.",
        ),
        "container.key": Reason(
            "A key of the kind {kind} cannot make this signature.",
            "Use an RSA key of at least 2048 bits, or an elliptic curve key (P-256, P-384).",
        ),
    }


@dataclass(frozen=True)
class Container:
    """A container taken apart. ``signed_attributes`` is the DER SET that the key signed."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signed_attributes: bytes
    message_digest: bytes
    signature: bytes
    time_stamp: bytes | None

    def digest_agrees(self, covered: Sequence[bytes]) -> bool:
        """Whether the signed digest is the SHA-256 of the covered parts, one after the other."""
        digest = hashlib.sha256()
        for part in covered:
            digest.update(part)
        return digest.digest() == self.message_digest

    def signature_holds(self) -> bool:
        """Whether the certificate's key made the signature over the signed attributes."""
        return signature_is_by(self.certificate, self.signature, self.signed_attributes)


def signed_attributes(digest: bytes, certificate: x509.Certificate) -> bytes:
    """What the key signs: content type, SHA-256 ``digest`` of the covered bytes, and the hash of the certificate.

    The signing time is not among them: in PAdES it stands in the signature dictionary (EN 319 142-1, 6.3).
    """
    own_hash = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    # SigningCertificateV2 (RFC 5035): a list of one certificate, its hash with the default algorithm SHA-256.
    reference = tlv(SEQUENCE, tlv(SEQUENCE, tlv(SEQUENCE, tlv(OCTET_STRING, own_hash))))
    return set_of(
        (
            _attribute(der.CONTENT_TYPE, der.DATA),
            _attribute(der.MESSAGE_DIGEST, tlv(OCTET_STRING, digest)),
            _attribute(der.SIGNING_CERTIFICATE_V2, reference),
        )
    )


def _attribute(kind: bytes, value: bytes) -> bytes:
    return tlv(SEQUENCE, kind, tlv(SET, value))


def assemble(
    attributes: bytes,
    signature: bytes,
    *,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
    time_stamp: bytes | None = None,
) -> bytes:
    """Write the container. ``time_stamp`` is an RFC 3161 token (DER) over the SHA-256 of ``signature``."""
    issuer = tlv(SEQUENCE, certificate.issuer.public_bytes(), integer(certificate.serial_number))
    parts = [integer(1), issuer, der.SHA256, explicit(0, _content(attributes)), _algorithm(certificate)]
    parts.append(tlv(OCTET_STRING, signature))
    if time_stamp is not None:
        parts.append(explicit(1, _attribute(der.SIGNATURE_TIME_STAMP, time_stamp)))
    certificates = sorted(one.public_bytes(Encoding.DER) for one in (certificate, *chain))
    signed = tlv(
        SEQUENCE,
        integer(1),
        tlv(SET, der.SHA256),
        tlv(SEQUENCE, der.DATA),
        explicit(0, *certificates),
        tlv(SET, tlv(SEQUENCE, *parts)),
    )
    return tlv(SEQUENCE, der.SIGNED_DATA, explicit(0, signed))


def _content(value: bytes) -> bytes:
    """What stands behind tag and length of a DER value."""
    first = value[1]
    return value[2 + (first & 0x7F if first & 0x80 else 0) :]


def read_container(data: bytes) -> Container:
    """Take a container apart.

    Raises:
        ContainerRefused: it is not DER, or holds anything that `assemble` would not have written.
    """
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
        StopIteration,
        x509.InvalidVersion,
    ) as error:
        raise ContainerRefused("container.unreadable", detail=_short(error)) from error


def _read(data: bytes) -> Container:
    info = cms.ContentInfo.load(data, strict=True)
    if info["content_type"].native != "signed_data":
        raise ContainerRefused("container.unexpected", detail="it is not signed data")
    signed = info["content"]
    if len(signed["signer_infos"]) != 1:
        raise ContainerRefused("container.unexpected", detail="it has not exactly one signer")
    signer = signed["signer_infos"][0]
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void) or isinstance(signed["certificates"], core.Void):
        raise ContainerRefused("container.unexpected", detail="signed attributes or certificates are missing")
    found = [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]
    certificate, chain = _split(found, signer["sid"])
    time_stamp = _time_stamp(signer["unsigned_attrs"])
    digest: bytes = next(one["values"][0].native for one in attributes if one["type"].native == "message_digest")
    as_signed = tlv(SET, attributes.contents)
    signature: bytes = signer["signature"].native
    container = Container(certificate, chain, as_signed, digest, signature, time_stamp)
    if as_signed != signed_attributes(digest, certificate):
        raise ContainerRefused("container.unexpected", detail="the signed attributes are not the three that we write")
    again = assemble(as_signed, signature, certificate=certificate, chain=chain, time_stamp=time_stamp)
    if again != data:
        raise ContainerRefused("container.unexpected", detail="written again from its parts it is different")
    return container


def _split(
    found: list[x509.Certificate], sid: cms.SignerIdentifier
) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    if sid.name != "issuer_and_serial_number":
        raise ContainerRefused("container.unexpected", detail="the signer is not named by issuer and serial number")
    serial, issuer = sid.chosen["serial_number"].native, sid.chosen["issuer"].dump()
    own = [one for one in found if one.serial_number == serial and one.issuer.public_bytes() == issuer]
    if len(own) != 1:
        raise ContainerRefused("container.unexpected", detail="the signer's certificate is not in it")
    return own[0], tuple(one for one in found if one is not own[0])


def _time_stamp(unsigned: cms.CMSAttributes | core.Void) -> bytes | None:
    if isinstance(unsigned, core.Void):
        return None
    if (
        len(unsigned) != 1
        or unsigned[0]["type"].native != "signature_time_stamp_token"
        or len(unsigned[0]["values"]) != 1
    ):
        raise ContainerRefused("container.unexpected", detail="it has an unsigned attribute other than one time stamp")
    token: bytes = unsigned[0]["values"][0].dump()
    return token


def signature_is_by(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether the key of ``certificate`` signed ``data`` with SHA-256 (RSASSA-PKCS1-v1_5, or ECDSA with a DER signature)."""
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _algorithm(certificate: x509.Certificate) -> bytes:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return der.SHA256_RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return der.SHA256_ECDSA
    raise ContainerRefused("container.key", kind=type(key).__name__.removesuffix("PublicKey").lstrip("_"))


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
