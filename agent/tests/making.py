"""Certificates, PDFs and requests for the agent's tests. All names are fictional."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
NOW = datetime.now(UTC)
SITE = "https://coo.example.org"

PIN = "246810"


@cache
def rsa_key(which: int = 0) -> rsa.RSAPrivateKey:
    del which
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key(bits: int = 256) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key({256: ec.SECP256R1(), 384: ec.SECP384R1(), 521: ec.SECP521R1()}[bits])


def key_usage(*on: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in on for name in names})


def certificate(
    key: Key,
    *,
    name: str = "Asha Deshmukh",
    organisation: str | None = "Konkan Cashew Exports",
    usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
    policies: tuple[str, ...] = ("2.16.356.100.2.3",),
    authority: bool = False,
    begins: datetime = NOW - timedelta(days=30),
    ends: datetime = NOW + timedelta(days=300),
) -> x509.Certificate:
    """Make a self-signed certificate: the agent never judges trust, so no authority is needed here."""
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "IN"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if organisation:
        parts.insert(1, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fictional CA 2026")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(parts))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(key_usage(*usage), critical=True)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if policies:
        wanted = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in policies]
        builder = builder.add_extension(x509.CertificatePolicies(wanted), critical=False)
    return builder.sign(key, hashes.SHA256())


def der(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.DER)


def p12(key: Key, made: x509.Certificate, password: str) -> bytes:
    encryption = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"token", key, made, None, encryption)


def nonce() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def authenticate_request(**changes: Any) -> dict[str, Any]:
    return {"version": 1, "kind": "authenticate", "purpose": "sign-in", "nonce": nonce(), "lang": "en", **changes}


def item(
    data: bytes, *, name: str = "a", title: str = "Application", media_type: str = "application/json"
) -> dict[str, str]:
    return {
        "id": name,
        "title": title,
        "number": "SEC/2026/016/0000001",
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": media_type,
    }


def sign_request(*items: dict[str, str], **changes: Any) -> dict[str, Any]:
    return {"version": 1, "kind": "sign", "purpose": "application", "lang": "en", "items": list(items), **changes}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def prepared_pdf(
    content: bytes | None = None, *, scripts: bool = False, sub_filter: str = "ETSI.CAdES.detached", room: int = 4096
) -> bytes:
    """Make a PDF with one empty signature whose byte range reaches the end of the file."""
    document = pikepdf.new()
    document.add_blank_page()
    document.add_blank_page()
    document.docinfo["/Title"] = "Certificate of origin"
    if content is not None:
        document.attachments["content.json"] = pikepdf.AttachedFileSpec(document, content, filename="content.json")
    if scripts:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    signature = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            SubFilter=pikepdf.Name(f"/{sub_filter}"),
            Contents=pikepdf.String(b"\xfe" * room),
            ByteRange=pikepdf.Array([0, 1111111111, 1111111112, 1111111113]),
        )
    )
    field = document.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Officer", V=signature))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return close_byte_range(out.getvalue(), room)


def close_byte_range(data: bytes, room: int) -> bytes:
    filled = b"<" + b"fe" * room + b">"
    start = data.index(filled)
    data = data.replace(filled, b"<" + b"00" * room + b">")
    end = start + len(filled)
    old = b"[ 0 1111111111 1111111112 1111111113 ]"
    assert old in data
    new = f"[ 0 {start} {end} {len(data) - end} ]".encode().ljust(len(old))
    return data.replace(old, new)


def pdf_digest(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as document:
        numbers = [int(part) for part in document.Root.AcroForm.Fields[0].V.ByteRange.as_list()]
    return hashlib.sha256(data[: numbers[1]] + data[numbers[2] :]).digest()


def pdf_attributes(
    digest: bytes,
    made: x509.Certificate,
    *,
    content_type: str | None = "data",
    with_certificate: bool = True,
    extra: Any = (),
) -> bytes:
    attributes = []
    if content_type is not None:
        attributes.append(cms.CMSAttribute({"type": "content_type", "values": [content_type]}))
    attributes.append(cms.CMSAttribute({"type": "message_digest", "values": [digest]}))
    if with_certificate:
        named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der(made)).digest()})
        signing = tsp.SigningCertificateV2({"certs": [named]})
        attributes.append(cms.CMSAttribute({"type": "signing_certificate_v2", "values": [signing]}))
    attributes.extend(extra)
    return bytes(cms.CMSAttributes(attributes).dump())


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
