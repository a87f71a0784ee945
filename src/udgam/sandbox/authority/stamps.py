"""The fictional time-stamp service (RFC 3161, with the signing certificate of RFC 5816)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# 2.999 is the arc that ITU-T keeps for examples, so this policy can be nobody's.
POLICY = "2.999.3161.1"
_LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}


class _Refused(core.Sequence):  # type: ignore[misc]
    """A TimeStampResp without a token. The library's own type insists on one, against RFC 3161 section 2.4.2."""

    _fields = [("status", tsp.PKIStatusInfo)]


def _refusal(failure: str, text: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": [text], "fail_info": {failure}})
    return bytes(_Refused({"status": status}).dump())


def _objection(request: tsp.TimeStampReq) -> tuple[str, str] | None:
    """Why this request cannot be stamped, as a failure of RFC 3161 section 2.4.2 and a sentence; None when it can."""
    imprint = request["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in _LENGTHS:
        return "bad_alg", "Only SHA-256, SHA-384 and SHA-512 are stamped."
    if len(imprint["hashed_message"].native) != _LENGTHS[algorithm]:
        return "bad_data_format", "The digest has not the length of its algorithm."
    if request["req_policy"].native not in {None, POLICY}:
        return "unaccepted_policy", f"Only the policy {POLICY} is offered."
    if request["extensions"].native:
        return "unaccepted_extensions", "No extension is known here."
    return None


def _token_info(request: tsp.TimeStampReq, now: datetime) -> bytes:
    fields = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": request["message_imprint"],
        "serial_number": secrets.randbits(62) | 1,
        "gen_time": now,
        "accuracy": tsp.Accuracy({"seconds": 1}),
        "ordering": False,
    }
    if request["nonce"].native is not None:
        fields["nonce"] = request["nonce"].native
    return bytes(tsp.TSTInfo(fields).dump())


def stamp(
    data: bytes, *, key: rsa.RSAPrivateKey, certificate: x509.Certificate, chain: list[x509.Certificate], now: datetime
) -> bytes:
    """Answer a DER TimeStampReq with a DER TimeStampResp; whatever cannot be stamped is answered by a rejection."""
    try:
        request = tsp.TimeStampReq.load(data, strict=True)
        objection = _objection(request)
        wants_certificates = bool(request["cert_req"].native)
    except (ValueError, TypeError, KeyError):
        return _refusal("bad_data_format", "This is not a time-stamp request.")
    if objection is not None:
        return _refusal(*objection)
    info = _token_info(request, now)
    der = certificate.public_bytes(serialization.Encoding.DER)
    reference = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der).digest()})]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(info).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [reference]}),
        ]
    )
    signature = key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    holder = asn1_x509.Certificate.load(der)
    identifier = cms.IssuerAndSerialNumber({"issuer": holder.issuer, "serial_number": holder.serial_number})
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", identifier),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": signature,
        }
    )
    signed: dict[str, object] = {
        "version": "v3",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if wants_certificates:
        loaded = [
            holder,
            *(asn1_x509.Certificate.load(each.public_bytes(serialization.Encoding.DER)) for each in chain),
        ]
        signed["certificates"] = loaded
    token = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())
