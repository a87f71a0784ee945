"""Writing content to its canonical bytes and reading it back, by format.

Reading is as strict as signing needs: bytes that are not exactly the canonical form of what they say are refused, so two
different byte strings can never both pass for one certificate.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any, TypeVar

from udgam.rules.content.application import ApplicationContent
from udgam.rules.content.canonical import canonical_json
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.content.editions import edition_of, fill_in, leave_out
from udgam.rules.content.refused import ContentRefused
from udgam.rules.plain import from_plain, to_plain

T = TypeVar("T")

# So many contents of this size at most are remembered.
_KEPT, _KEPT_BYTES = 32, 256 * 1024
LARGEST_CONTENT = 4 * 1024 * 1024

# The readers of every format ever issued. Entries are added, never removed.
_CERTIFICATE_READERS: dict[str, type[CertificateContent]] = {
    "udgam.certificate/1": CertificateContent,
    "udgam.certificate/2": CertificateContent,
}
_APPLICATION_READERS: dict[str, type[ApplicationContent]] = {
    "udgam.application/1": ApplicationContent,
    "udgam.application/2": ApplicationContent,
    "udgam.application/3": ApplicationContent,
    "udgam.application/4": ApplicationContent,
}


def content_bytes(content: CertificateContent | ApplicationContent) -> bytes:
    """The canonical bytes of the content: what is signed, stored and attached. Raises ``ContentRefused``."""
    plain = to_plain(content)
    leave_out(type(content), plain, edition_of(content.format))
    return canonical_json(plain)


def content_digest(content: CertificateContent | ApplicationContent) -> str:
    """The lower-case hexadecimal SHA-256 of ``content_bytes``."""
    return hashlib.sha256(content_bytes(content)).hexdigest()


def read_content(data: bytes) -> CertificateContent:
    """Read a certificate's content in any format ever issued. Raises ``ContentRefused`` or ``ShapeRefused``."""
    return _read_certificate(data) if len(data) <= _KEPT_BYTES else _read_certificate.__wrapped__(data)


@lru_cache(maxsize=_KEPT)
def _read_certificate(data: bytes) -> CertificateContent:
    """Content cannot change once it is read, and each check of a certificate asks several times for the same bytes."""
    content = _read(_CERTIFICATE_READERS, data)
    _require_canonical(content, data)
    return content


def read_application(data: bytes) -> ApplicationContent:
    """Read an application's content in any format ever signed. Raises ``ContentRefused`` or ``ShapeRefused``."""
    content = _read(_APPLICATION_READERS, data)
    _require_canonical(content, data)
    return content


def _read(readers: dict[str, type[T]], data: bytes) -> T:
    plain = _load(data)
    name = plain.get("format")
    if not isinstance(name, str) or name not in readers:
        raise ContentRefused("content.format_unknown", format=str(name)[:60])
    fill_in(readers[name], plain, edition_of(name))
    return from_plain(readers[name], plain)


def _require_canonical(content: CertificateContent | ApplicationContent, data: bytes) -> None:
    if content_bytes(content) != data:
        raise ContentRefused("content.not_canonical")


def _load(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST_CONTENT:
        raise ContentRefused("content.size", limit=str(LARGEST_CONTENT))
    try:
        plain = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as fault:
        raise ContentRefused("content.not_json") from fault
    if not isinstance(plain, dict):
        raise ContentRefused("content.not_json")
    return plain


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for name, value in pairs:
        if name in names:
            raise ContentRefused("content.duplicate_name", name=name[:60])
        names[name] = value
    return names


def _no_float(text: str) -> Any:
    raise ContentRefused("content.float", where=text[:60])
