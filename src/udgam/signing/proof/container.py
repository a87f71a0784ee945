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

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from udgam.rules.refusals import Reason, Refused


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
    der = certificate.public_bytes(Encoding.DER)
    own_hash = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der).digest()})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own_hash]})]}
            ),
        ]
    )
    encoded: bytes = attributes.dump(force=True)
    return encoded


def assemble(
    attributes: bytes,
    signature: bytes,
    *,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
    time_stamp: bytes | None = None,
) -> bytes:
    """Write the container. ``time_stamp`` is an RFC 3161 token (DER) over the SHA-256 of ``signature``."""
    signer = _asn1(certificate)
    info: dict[str, object] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": signer.issuer, "serial_number": signer.serial_number}
                )
            }
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": cms.CMSAttributes.load(attributes),
        "signature_algorithm": {"algorithm": _algorithm(certificate)},
        "signature": signature,
    }
    if time_stamp is not None:
        token = cms.ContentInfo.load(time_stamp)
        info["unsigned_attrs"] = cms.CMSAttributes(
            [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
        )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [signer, *(_asn1(one) for one in chain)],
            "signer_infos": [info],
        }
    )
    encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return encoded


def read_container(der: bytes) -> Container:
    """Take a container apart.

    Raises:
        ContainerRefused: it is not DER, or holds anything that `assemble` would not have written.
    """
    try:
        return _read(der)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError) as error:
        raise ContainerRefused("container.unreadable", detail=_short(error)) from error


def _read(der: bytes) -> Container:
    info = cms.ContentInfo.load(der, strict=True)
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
    as_signed: bytes = attributes.untag().dump(force=True)
    signature: bytes = signer["signature"].native
    container = Container(certificate, chain, as_signed, digest, signature, time_stamp)
    if as_signed != signed_attributes(digest, certificate):
        raise ContainerRefused("container.unexpected", detail="the signed attributes are not the three that we write")
    again = assemble(as_signed, signature, certificate=certificate, chain=chain, time_stamp=time_stamp)
    if again != der:
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


def _algorithm(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "sha256_rsa"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "sha256_ecdsa"
    raise ContainerRefused("container.key", kind=type(key).__name__.removesuffix("PublicKey").lstrip("_"))


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
