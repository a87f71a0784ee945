"""Read the text of an authentication token, strictly: nothing in it is verified yet (Web eID token format 1.0 and 1.1)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography import x509

from udgam.signing.trust.certificates import read_certificate
from udgam.signing.trust.refusals import CertificateUnreadable
from udgam.signing.trust.token.refusals import (
    ChainRefused,
    FormatUnsupported,
    SigningCertificateRefused,
    TokenUnreadable,
)

MIN_LENGTH = 100
MAX_LENGTH = 10_000
# Minor versions only add fields, so any 1.x is read; what 1.1 added is read from 1.1 alone.
_FORMAT = re.compile(r"web-eid:1(?:\.[0-9]{1,4})?")
_FIRST_FORMATS = ("web-eid:1", "web-eid:1.0")
_SECOND_FORMAT = "web-eid:1.1"
_MAX_CERTIFICATES = 8
_SUPPORTED = {
    "cryptoAlgorithm": {"ECC", "RSA"},
    "hashFunction": {f"{family}-{bits}" for family in ("SHA", "SHA3") for bits in (224, 256, 384, 512)},
    "paddingScheme": {"NONE", "PKCS1.5", "PSS"},
}


@dataclass(frozen=True)
class UnverifiedSigningCertificate:
    """A certificate for signing documents that came with a version 1.1 token, and the certificates above it, if given."""

    unverified_certificate: x509.Certificate
    unverified_intermediates: tuple[x509.Certificate, ...]


@dataclass(frozen=True)
class UnverifiedToken:
    """A token whose form is right. Its certificates are claims of whoever sent it."""

    unverified_certificate: x509.Certificate
    algorithm: str
    signature: bytes
    format: str
    app_version: str | None
    unverified_intermediates: tuple[x509.Certificate, ...]
    unverified_signing_certificates: tuple[UnverifiedSigningCertificate, ...]
    text: str


def parse_token(token: bytes | str | Mapping[str, Any]) -> UnverifiedToken:
    """Read a token. Raises ``TokenUnreadable``, ``FormatUnsupported`` or, for the fields of 1.1, ``SigningCertificateRefused``."""
    text = _text_of(token)
    fields = _fields(text)
    version = _text_field(fields, "format")
    if not _FORMAT.fullmatch(version):
        raise FormatUnsupported("token.format_unsupported", format=version[:40])
    intermediates, signing = _additions(fields, version)
    app_version = fields.get("appVersion")
    if app_version is not None and not isinstance(app_version, str):
        raise TokenUnreadable("token.field_invalid", field="appVersion", detail="it is not text")
    return UnverifiedToken(
        unverified_certificate=_certificate(_text_field(fields, "unverifiedCertificate"), "unverifiedCertificate"),
        algorithm=_text_field(fields, "algorithm"),
        signature=_base64(_text_field(fields, "signature"), "signature"),
        format=version,
        app_version=app_version,
        unverified_intermediates=intermediates,
        unverified_signing_certificates=signing,
        text=text,
    )


def _text_of(token: bytes | str | Mapping[str, Any]) -> str:
    if isinstance(token, Mapping):
        try:
            token = json.dumps(token, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise TokenUnreadable("token.not_json", detail="it holds what JSON cannot hold") from error
    # Bytes are never fewer than characters, so this bounds the work before decoding.
    if len(token) > MAX_LENGTH * 4:
        raise TokenUnreadable("token.size", length=str(len(token)))
    if isinstance(token, bytes):
        try:
            token = token.decode("utf-8")
        except UnicodeDecodeError as error:
            raise TokenUnreadable("token.not_json", detail="it is not UTF-8") from error
    # A file made by a text editor ends with a line break; that is not part of the token.
    text = token.strip(" \t\r\n")
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise TokenUnreadable("token.size", length=str(len(text)))
    return text


def _fields(text: str) -> dict[str, Any]:
    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in pairs:
            if name in fields:
                raise TokenUnreadable("token.duplicate_key", field=name[:40])
            fields[name] = value
        return fields

    def no_constant(name: str) -> NoReturn:
        raise TokenUnreadable("token.not_json", detail=f"{name} is not JSON")

    try:
        fields = json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise TokenUnreadable("token.not_json", detail="it cannot be parsed") from error
    if not isinstance(fields, dict):
        raise TokenUnreadable("token.not_json", detail="it is not an object")
    return fields


def _text_field(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None or value == "":
        raise TokenUnreadable("token.field_missing", field=name)
    if not isinstance(value, str):
        raise TokenUnreadable("token.field_invalid", field=name, detail="it is not text")
    return value


def _base64(text: str, field: str) -> bytes:
    """RFC 4648, section 4, with padding and in its one canonical spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise TokenUnreadable("token.field_invalid", field=field, detail="it is not base64") from error
    if not data or base64.b64encode(data).decode("ascii") != text:
        raise TokenUnreadable("token.field_invalid", field=field, detail="it is not base64 in canonical form")
    return data


def _certificate(text: str, field: str) -> x509.Certificate:
    der = _base64(text, field)
    try:
        if der[0] != 0x30:
            raise CertificateUnreadable("certificate.unreadable", detail="it is not DER")
        return read_certificate(der)
    except CertificateUnreadable as refusal:
        if refusal.code == "certificate.malformed":
            # It is a certificate, but one that breaks the rules: a matter of the path, not of the token's form.
            raise ChainRefused(refusal.code, **refusal.params) from refusal
        raise TokenUnreadable("token.certificate_unreadable", field=field, detail=refusal.params["detail"]) from refusal


def _additions(
    fields: Mapping[str, Any], version: str
) -> tuple[tuple[x509.Certificate, ...], tuple[UnverifiedSigningCertificate, ...]]:
    """What version 1.1 added: certificates for signing, and the certificates above each."""
    above, signing = fields.get("unverifiedIntermediateCertificates"), fields.get("unverifiedSigningCertificates")
    if version in _FIRST_FORMATS:
        for name in ("unverifiedIntermediateCertificates", "unverifiedSigningCertificates"):
            if fields.get(name) is not None:
                raise SigningCertificateRefused("token.signing_certificates_not_allowed", format=version, field=name)
    if version != _SECOND_FORMAT:
        return (), ()
    intermediates = _certificate_list(above, "unverifiedIntermediateCertificates")
    if signing is None and intermediates:
        return intermediates, ()
    if signing is None or signing == []:
        raise SigningCertificateRefused("token.signing_certificates_missing", format=version)
    return intermediates, tuple(_signing(entry) for entry in _bounded_list(signing, "unverifiedSigningCertificates"))


def _signing(entry: object) -> UnverifiedSigningCertificate:
    field = "unverifiedSigningCertificates"
    if not isinstance(entry, dict):
        raise TokenUnreadable("token.field_invalid", field=field, detail="an entry is not an object")
    certificate = _certificate(_text_field(entry, "certificate"), field)
    algorithms = _bounded_list(entry.get("supportedSignatureAlgorithms"), "supportedSignatureAlgorithms", limit=64)
    for algorithm in algorithms:
        if not isinstance(algorithm, dict) or any(
            not isinstance(algorithm.get(name), str) or algorithm[name] not in allowed
            for name, allowed in _SUPPORTED.items()
        ):
            raise SigningCertificateRefused("token.signing_algorithm")
    above = _certificate_list(entry.get("intermediateCertificates"), "intermediateCertificates")
    return UnverifiedSigningCertificate(certificate, above)


def _certificate_list(value: object, field: str) -> tuple[x509.Certificate, ...]:
    if value is None:
        return ()
    texts = _bounded_list(value, field)
    if not all(isinstance(text, str) and text for text in texts):
        raise TokenUnreadable("token.field_invalid", field=field, detail="an entry is not text")
    return tuple(_certificate(text, field) for text in texts)


def _bounded_list(value: object, field: str, *, limit: int = _MAX_CERTIFICATES) -> Sequence[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= limit:
        raise TokenUnreadable("token.field_invalid", field=field, detail=f"it is not a list of 1 to {limit} entries")
    return value
