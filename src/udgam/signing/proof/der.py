"""The few DER encodings (X.690) that our containers are made of.

Written out by hand because a container is written again for comparison at every check, and a general encoder takes ten times as
long for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import core

SEQUENCE, SET, OCTET_STRING, NULL = 0x30, 0x31, 0x04, b"\x05\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One value: tag, length in its shortest form, content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content


def explicit(number: int, *parts: bytes) -> bytes:
    """A constructed value under the context tag ``number``."""
    return tlv(0xA0 | number, *parts)


def set_of(parts: Iterable[bytes]) -> bytes:
    """A SET OF, in the order that DER wants (X.690, 11.6)."""
    return tlv(SET, *sorted(parts))


def integer(value: int) -> bytes:
    """An INTEGER."""
    encoded: bytes = core.Integer(value).dump()
    return encoded


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    encoded: bytes = core.ObjectIdentifier(dotted).dump()
    return encoded


SIGNED_DATA = oid("1.2.840.113549.1.7.2")
DATA = oid("1.2.840.113549.1.7.1")
TST_INFO = oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
SIGNATURE_TIME_STAMP = oid("1.2.840.113549.1.9.16.2.14")
# RFC 5754 leaves the parameters of SHA-2 out, of RSA signatures as NULL, and of ECDSA out again.
SHA256 = tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
SHA256_RSA = tlv(SEQUENCE, oid("1.2.840.113549.1.1.11"), NULL)
SHA256_ECDSA = tlv(SEQUENCE, oid("1.2.840.10045.4.3.2"))
