"""Signatures and time stamps in the PDFs of others, read as widely as their standards allow (RFC 5652, RFC 3161, RFC 4055, RFC 5753).

Our own containers and stamps have one form and are read by `container` and `time_stamp`, which refuse everything else. Here a form that is
merely not known is not judged, and never called wrong.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from udgam.signing.proof.file import UNREADABLE, brief
from udgam.signing.proof.time_stamp import Token
from udgam.signing.proof.told import Fails, Skips
from udgam.signing.trust import CertificateUnreadable, display_name, read_certificate
from udgam.signing.trust.algorithms import MIN_RSA_BITS, key_is_safe
from udgam.signing.trust.certificates import describe_key
from udgam.signing.trust.detached import DetachedRefused
from udgam.signing.trust.detached.algorithms import HASHES

_MOST_CERTIFICATES = 16
_BROKEN = frozenset({"md2", "md5", "sha1"})
# A salt is never longer than the key; what is longer cannot be one.
_LONGEST_SALT = 1024


@dataclass(frozen=True)
class ForeignStamp(Token):
    """A token of whatever service, whose own signature holds. ``hash_name`` is that of the imprint."""

    hash_name: str = "sha256"

    def is_over(self, *parts: bytes) -> bool:
        """Whether the imprint is that of the parts, one after the other."""
        digest = hashlib.new(self.hash_name)
        for part in parts:
            digest.update(part)
        return digest.digest() == self.imprint


def require_hash(name: str) -> str:
    """The name of a hash that is read here.

    Raises:
        Fails: it is one that is broken, so that other bytes could have the same digest.
        Skips: it is any other.
    """
    if name in _BROKEN:
        raise Fails("It uses {algorithm}, which is too weak to prove anything.", algorithm=name)
    if name not in HASHES:
        raise Skips("It uses {algorithm}, which is not read here, so it was not judged.", algorithm=name[:60])
    return name


def require_signed(
    certificate: x509.Certificate, *, algorithm: algos.SignedDigestAlgorithm, digest: str, signature: bytes, data: bytes
) -> None:
    """Hold a signature against the key of its certificate.

    Raises:
        Fails: it is of a kind that is too weak.
        Skips: it is of a kind that is not read here.
        DetachedRefused: ``detached.signature``: the key did not make it.
    """
    key, name = certificate.public_key(), str(algorithm["algorithm"].native)
    unread = Skips(
        "It uses {algorithm}, which is not read here, so it was not judged.",
        algorithm=f"{name[:40]}, {describe_key(certificate)}",
    )
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        raise Fails("It uses {algorithm}, which is too weak to prove anything.", algorithm=describe_key(certificate))
    if not key_is_safe(key):
        raise unread
    own, _, scheme = name.rpartition("_")
    if scheme in {"rsa", "ecdsa", "dsa"}:
        require_hash(own)
    try:
        if isinstance(key, rsa.RSAPublicKey) and name == "rsassa_pss":
            _verify_pss(key, algorithm, signature, data)
        elif isinstance(key, rsa.RSAPublicKey) and (name == "rsassa_pkcs1v15" or (scheme == "rsa" and own in HASHES)):
            key.verify(signature, data, padding.PKCS1v15(), HASHES[own if scheme == "rsa" else digest])
        elif isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa" and own in HASHES:
            key.verify(signature, data, ec.ECDSA(HASHES[own]))
        else:
            raise unread
    except InvalidSignature as error:
        raise DetachedRefused("detached.signature") from error
    except UnsupportedAlgorithm as error:
        raise unread from error


def _verify_pss(key: rsa.RSAPublicKey, algorithm: algos.SignedDigestAlgorithm, signature: bytes, data: bytes) -> None:
    """RSASSA-PSS (RFC 8017, 8.1) with the hash, the mask and the salt that it states, of whatever length."""
    stated = algorithm["parameters"]
    mask, salt = stated["mask_gen_algorithm"], int(stated["salt_length"].native)
    chosen = HASHES[require_hash(str(stated["hash_algorithm"]["algorithm"].native))]
    if str(mask["algorithm"].native) != "mgf1" or not 0 <= salt <= _LONGEST_SALT:
        raise Skips("It uses {algorithm}, which is not read here, so it was not judged.", algorithm="RSA-PSS")
    masked = HASHES[require_hash(str(mask["parameters"]["algorithm"].native))]
    key.verify(signature, data, padding.PSS(padding.MGF1(masked), salt), chosen)


def signer_and_chain(
    signed: cms.SignedData, signer: cms.SignerInfo
) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """The certificate of the signer, and the others beside it.

    Raises:
        Skips: it is not there, or cannot be read here.
    """
    choices = signed["certificates"]
    if isinstance(choices, core.Void):
        raise Skips("It does not bring the certificate of its signer, so it was not judged.")
    if len(choices) > _MOST_CERTIFICATES:
        raise Skips("It brings more certificates than are read here, so it was not judged.")
    found = []
    for one in choices:
        try:
            found += [read_certificate(one.chosen.dump())] if one.name == "certificate" else []
        except CertificateUnreadable:
            # One that belongs to something else may stay unread; the signer's own would be missed below.
            continue
    for one in found:
        if _is_named(signer["sid"], one):
            return one, tuple(other for other in found if other is not one)
    raise Skips("It does not bring the certificate of its signer, so it was not judged.")


def _is_named(identifier: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    if identifier.name == "issuer_and_serial_number":
        named = identifier.chosen
        return bool(
            named["serial_number"].native == certificate.serial_number
            and named["issuer"].dump() == certificate.issuer.public_bytes()
        )
    try:
        own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return False
    return bool(identifier.chosen.native == own)


def attributes(listed: Any) -> dict[str, Any]:
    """The value of each signed attribute, by name. Raises ``ValueError`` when one stands there twice (RFC 5652, 11)."""
    found: dict[str, Any] = {}
    for one in () if isinstance(listed, core.Void) else listed:
        name = str(one["type"].native)
        if name in found or len(one["values"]) != 1:
            raise ValueError("an attribute stands in it twice")
        found[name] = one["values"][0]
    return found


def stamp_in(listed: Any) -> bytes | None:
    """The first time stamp among unsigned attributes, of which there may be several."""
    for one in () if isinstance(listed, core.Void) else listed:
        if one["type"].native == "signature_time_stamp_token" and len(one["values"]):
            token: bytes = one["values"][0].dump()
            return token
    return None


def read_foreign_stamp(data: bytes) -> ForeignStamp:
    """Read a token of whatever service and check its signature and purpose.

    Raises:
        Fails: it is no time stamp, its parts do not agree, or its service's certificate is not one for time stamps.
        Skips: it uses what is not read here.
        DetachedRefused: its signature does not hold.
    """
    try:
        return _read_stamp(data)
    except UNREADABLE as error:
        raise Fails("The time stamp cannot be read: {detail}.", detail=brief(error)) from error


def _read_stamp(data: bytes) -> ForeignStamp:
    info = cms.ContentInfo.load(data, strict=True)
    signed: cms.SignedData = info["content"]
    content = signed["encap_content_info"]
    if content["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise Fails("It is no time stamp of one service.")
    signer: cms.SignerInfo = signed["signer_infos"][0]
    digest = require_hash(str(signer["digest_algorithm"]["algorithm"].native))
    certificate, chain = signer_and_chain(signed, signer)
    octets = bytes(content["content"])
    # Taken before anything in it is read: afterwards the library may write it again from what it understood.
    as_signed = b"\x31" + signer["signed_attrs"].dump()[1:]
    found = attributes(signer["signed_attrs"])
    if (
        found["content_type"].native != "tst_info"
        or found["message_digest"].native != hashlib.new(digest, octets).digest()
    ):
        raise Fails("The time stamp was changed.")
    _require_own(found, certificate)
    require_signed(
        certificate,
        algorithm=signer["signature_algorithm"],
        digest=digest,
        signature=signer["signature"].native,
        data=as_signed,
    )
    _require_purpose(certificate)
    stamped: tsp.TSTInfo = content["content"].parsed
    imprint = stamped["message_imprint"]
    hash_name = require_hash(str(imprint["hash_algorithm"]["algorithm"].native))
    return ForeignStamp(
        imprint["hashed_message"].native,
        stamped["gen_time"].native.astimezone(UTC),
        certificate,
        chain,
        hash_name,
    )


def _require_own(found: dict[str, Any], certificate: x509.Certificate) -> None:
    """The certificate that the token names under its signature is the one it brings (RFC 3161, 2.4.2; RFC 5816)."""
    encoded = certificate.public_bytes(Encoding.DER)
    if "signing_certificate_v2" in found:
        named = found["signing_certificate_v2"]["certs"][0]
        expected = hashlib.new(str(named["hash_algorithm"]["algorithm"].native), encoded).digest()
    elif "signing_certificate" in found:
        named = found["signing_certificate"]["certs"][0]
        expected = hashlib.sha1(encoded, usedforsecurity=False).digest()
    else:
        raise Fails("The time stamp does not say under its signature which certificate made it.")
    if named["cert_hash"].native != expected:
        raise Fails("The time stamp names another certificate than the one that it brings.")


def _require_purpose(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Fails(
            "The certificate of {name} is not one for time stamps only.", name=display_name(certificate.subject)
        )
