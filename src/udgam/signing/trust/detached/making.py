"""Make a detached CAdES-BES signature: first the signed attributes, then, with the raw signature in hand, the CMS around it.

The key may be anywhere: whoever holds it signs the bytes of ``make_signed_attributes`` and hands back the raw signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from udgam.signing.trust.detached.algorithms import signature_algorithm


def make_signed_attributes(content_sha256: bytes, *, certificate: x509.Certificate, signing_time: datetime) -> bytes:
    """The DER SET OF attributes that the key signs: contentType, messageDigest, signingTime, signingCertificateV2.

    ``content_sha256`` is the 32-byte digest of the content, ``signing_time`` an aware moment (kept to the second, in UTC).
    Source: RFC 5652 section 11, RFC 5035, ETSI EN 319 122-1.
    """
    if len(content_sha256) != hashlib.sha256().digest_size or signing_time.tzinfo is None:
        raise ValueError("a SHA-256 digest and an aware moment are needed")
    encoded = _asn1(certificate)
    reference = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest(),
            "issuer_serial": {
                "issuer": [asn1_x509.GeneralName(name="directory_name", value=encoded.issuer)],
                "serial_number": encoded["tbs_certificate"]["serial_number"],
            },
        }
    )
    moment = signing_time.astimezone(UTC).replace(microsecond=0)
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", cms.ContentType("data")),
            _attribute("message_digest", core.OctetString(content_sha256)),
            _attribute("signing_time", cms.Time({"utc_time": moment})),
            _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [reference]})),
        ]
    )
    return bytes(attributes.dump())


def _attribute(name: str, value: core.Asn1Value) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def assemble(
    signed_attributes: bytes,
    signature: bytes,
    *,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
    scheme: str,
) -> bytes:
    """The DER of the CMS around a raw ``signature`` (PKCS #1, PSS, or ECDSA in DER) over ``signed_attributes``.

    ``scheme`` is one of "PKCS1-SHA256", "PSS-SHA256", "ECDSA-SHA256". ``chain`` holds certificates above the signer's.
    """
    encoded = _asn1(certificate)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number",
                value=cms.IssuerAndSerialNumber(
                    {"issuer": encoded.issuer, "serial_number": encoded["tbs_certificate"]["serial_number"]}
                ),
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": cms.CMSAttributes.load(signed_attributes),
            "signature_algorithm": signature_algorithm(scheme),
            "signature": signature,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [_asn1(link) for link in (certificate, *chain)],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def sign(
    content: bytes,
    *,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    signing_time: datetime,
    chain: Sequence[x509.Certificate] = (),
    pss: bool = False,
) -> bytes:
    """The whole signature with a key in memory, as the sandbox and the tests have them."""
    attributes = make_signed_attributes(
        hashlib.sha256(content).digest(), certificate=certificate, signing_time=signing_time
    )
    if isinstance(key, ec.EllipticCurvePrivateKey):
        signature, scheme = key.sign(attributes, ec.ECDSA(hashes.SHA256())), "ECDSA-SHA256"
    elif pss:
        mask = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        signature, scheme = key.sign(attributes, mask, hashes.SHA256()), "PSS-SHA256"
    else:
        signature, scheme = key.sign(attributes, padding.PKCS1v15(), hashes.SHA256()), "PKCS1-SHA256"
    return assemble(attributes, signature, certificate=certificate, chain=chain, scheme=scheme)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
