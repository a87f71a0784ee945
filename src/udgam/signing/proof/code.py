"""The signed QR code: what it says, and how it is written and read.

``UD1:`` followed, in base45 (RFC 9285), by a COSE_Sign1 (RFC 9052) with ES256 over the claims of a CWT (RFC 8392). The protected
header holds algorithm and key id, the unprotected header nothing. Claims that are shorter when compressed (zlib, RFC 1950) are
signed in compressed form, and the content type says so: whatever is decompressed was signed before, and no byte of the code lies
outside the signature. ``docs/mechanisms/signed-code.md`` lists the claims for whoever writes another reader.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from udgam.rules.content import CertificateContent, canonical_json
from udgam.rules.plain import decimal_text
from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof import base45, cbor
from udgam.signing.proof.cbor import Tagged
from udgam.signing.proof.instants import instant
from udgam.signing.proof.keys import SIGNATURE_BYTES, PublicKey

PREFIX = "UD1:"
# A version 40 code of error correction M holds 3,391 of these characters.
LONGEST = 3391
# More lines than this are named by their digest alone, so that the code stays readable at 28 mm.
MOST_LINES = 12
COMPRESSED = "application/cwt+zlib"
_SIGN1, _ALGORITHM, _CONTENT_TYPE, _KEY_ID, _ES256 = 18, 1, 3, 4, -7
_ISSUER, _SUBJECT, _ISSUED_AT, _OURS = 1, 2, 6, -65537
_LARGEST_CLAIMS = 16 * 1024
_EPOCH = date(1970, 1, 1)
_REQUIRED = frozenset({1, 2, 3, 4, 5, 6, 7, 9, 10})


class CodeRefused(Refused):
    """A text is no signed code of ours."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "code.not_ours": Reason(
            "The text does not begin as a signed code of a certificate does.",
            "Scan the large code of the certificate, not the small one.",
        ),
        "code.unreadable": Reason("The signed code cannot be read: {detail}.", "Scan it again, in better light."),
        "code.algorithm": Reason(
            "The code wants to be checked with another algorithm than ES256.", "Do not rely on this code."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class CodeItem:
    """One line of goods: code of the Harmonized System, quantity, unit."""

    hs_code: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, kw_only=True)
class CodeClaims:
    """What the code says. ``items`` is empty when there are more than twelve lines; ``items_sha256`` is always theirs (hexadecimal).

    ``issuer`` is the DID of the register; ``signed_at`` counts whole seconds; ``content_sha256`` is the digest of the canonical content.
    """

    issuer: str
    number: str
    signed_at: datetime
    agency: str
    office: str
    agreement: str
    exporter: str
    consignee_country: str
    item_count: int
    items: tuple[CodeItem, ...]
    items_sha256: str
    issued_on: date
    valid_until: date | None
    content_sha256: str
    status_index: int | None

    @classmethod
    def of(cls, content: CertificateContent, *, digest: str, issuer: str, signed_at: datetime) -> CodeClaims:
        """The claims about ``content``, whose canonical bytes have the SHA-256 ``digest``."""
        lines = tuple(CodeItem(hs_code=one.hs_code, quantity=one.quantity, unit=one.unit) for one in content.items)
        return cls(
            issuer=issuer,
            number=content.number,
            signed_at=signed_at.astimezone(UTC).replace(microsecond=0),
            agency=content.issuer.agency,
            office=content.issuer.office,
            agreement=content.agreement,
            exporter=content.exporter.name,
            consignee_country=content.consignee.country.code,
            item_count=len(lines),
            items=lines if len(lines) <= MOST_LINES else (),
            items_sha256=items_digest(lines),
            issued_on=content.issued_on,
            valid_until=content.valid_until,
            content_sha256=digest,
            status_index=content.status_index,
        )


@dataclass(frozen=True)
class UnverifiedCode:
    """A code taken apart. Nothing in it is to be believed before `signed_by`."""

    key_id: str
    payload: bytes
    compressed: bool
    signed_bytes: bytes
    signature: bytes

    def signed_by(self, key: PublicKey) -> bool:
        """Whether ``key`` signed header and claims."""
        return key.signed(self.signature, self.signed_bytes)

    def claims(self) -> CodeClaims:
        """The claims. They count only after `signed_by`; what is decompressed here is bounded.

        Raises:
            CodeRefused: ``code.unreadable``.
        """
        try:
            return _claims(cbor.decode(_expanded(self.payload) if self.compressed else self.payload))
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, InvalidOperation, zlib.error) as error:
            raise CodeRefused("code.unreadable", detail=" ".join(str(error).split())[:120]) from error


def items_digest(lines: tuple[CodeItem, ...]) -> str:
    """SHA-256 (hexadecimal) over the canonical JSON of the lines, each as code, quantity and unit."""
    plain = [[one.hs_code, decimal_text(one.quantity), one.unit] for one in lines]
    return hashlib.sha256(canonical_json(plain)).hexdigest()


def to_sign(claims: CodeClaims, *, key_id: str) -> tuple[bytes, bytes, bytes]:
    """Protected header, payload, and the bytes that the key signs (Sig_structure, RFC 9052, 4.4)."""
    plain = cbor.encode(_plain(claims))
    packed = zlib.compress(plain, 9)
    header: dict[int, Any] = {_ALGORITHM: _ES256, _KEY_ID: bytes.fromhex(key_id)}
    # The content type takes room itself, so it counts against the gain.
    if len(packed) + len(COMPRESSED) + 2 < len(plain):
        header[_CONTENT_TYPE], plain = COMPRESSED, packed
    protected = cbor.encode(header)
    return protected, plain, _signature_structure(protected, plain)


def to_text(protected: bytes, payload: bytes, signature: bytes) -> str:
    """The text of the code. ``signature`` is r and s, 32 bytes each.

    Raises:
        CodeRefused: ``code.unreadable``: more than a code can hold.
    """
    text = PREFIX + base45.encode(cbor.encode(Tagged(_SIGN1, [protected, {}, payload, signature])))
    if len(text) > LONGEST:
        raise CodeRefused("code.unreadable", detail="it would be longer than a code can be")
    return text


def read_code(text: str) -> UnverifiedCode:
    """Take the text of a code apart.

    Raises:
        CodeRefused: it is not a code of ours in its one spelling.
    """
    if not text.startswith(PREFIX):
        raise CodeRefused("code.not_ours")
    if len(text) > LONGEST:
        raise CodeRefused("code.unreadable", detail="it is too long")
    try:
        message = cbor.decode(base45.decode(text[len(PREFIX) :]))
        if not isinstance(message, Tagged) or message.tag != _SIGN1 or not isinstance(message.value, list):
            raise ValueError("it is not a message with one signature")
        protected, unprotected, payload, signature = message.value
        if unprotected != {} or not all(isinstance(one, bytes) for one in (protected, payload, signature)):
            raise ValueError("a part of it is not as we write it")
        header = cbor.decode(protected)
        algorithm, key_id, kind = header.get(_ALGORITHM), header.get(_KEY_ID), header.get(_CONTENT_TYPE)
    except (ValueError, TypeError, AttributeError) as error:
        raise CodeRefused("code.unreadable", detail=" ".join(str(error).split())[:120]) from error
    if algorithm != _ES256 or len(signature) != SIGNATURE_BYTES:
        raise CodeRefused("code.algorithm")
    expected = {_ALGORITHM, _KEY_ID} | ({_CONTENT_TYPE} if kind is not None else set())
    if set(header) != expected or not isinstance(key_id, bytes) or len(key_id) != 8 or kind not in {None, COMPRESSED}:
        raise CodeRefused("code.unreadable", detail="its header holds something that we never write")
    signed = _signature_structure(protected, payload)
    return UnverifiedCode(key_id.hex(), payload, kind is not None, signed, signature)


def _signature_structure(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])


def _expanded(payload: bytes) -> bytes:
    engine = zlib.decompressobj()
    plain = engine.decompress(payload, _LARGEST_CLAIMS)
    if not engine.eof or engine.unused_data:
        raise ValueError("the compressed claims do not end where they should")
    return plain


def _plain(claims: CodeClaims) -> dict[int, Any]:
    ours: dict[int, Any] = {
        1: claims.agency,
        2: claims.office,
        3: claims.agreement,
        4: claims.exporter,
        5: claims.consignee_country,
        6: claims.item_count,
        7: bytes.fromhex(claims.items_sha256),
        9: (claims.issued_on - _EPOCH).days,
        10: bytes.fromhex(claims.content_sha256),
    }
    if claims.items:
        ours[8] = [[one.hs_code, decimal_text(one.quantity), one.unit] for one in claims.items]
        # The lines themselves say it; their digest would be said twice.
        del ours[7]
    if claims.valid_until is not None:
        ours[11] = (claims.valid_until - _EPOCH).days
    if claims.status_index is not None:
        ours[12] = claims.status_index
    return {
        _ISSUER: claims.issuer,
        _SUBJECT: claims.number,
        _ISSUED_AT: int(claims.signed_at.timestamp()),
        _OURS: ours,
    }


def _claims(plain: dict[int, Any]) -> CodeClaims:
    if set(plain) != {_ISSUER, _SUBJECT, _ISSUED_AT, _OURS}:
        raise ValueError("a claim is missing, or one is unknown")
    ours = plain[_OURS]
    lines = tuple(_line(one) for one in ours.get(8, ()))
    named = set(ours) - {8, 11, 12} | ({7} if lines else set())
    if named != _REQUIRED or bool(lines) == (7 in ours) or (lines and len(lines) != ours[6]):
        raise ValueError("a claim is missing, or one is unknown")
    claims = CodeClaims(
        issuer=_text(plain[_ISSUER]),
        number=_text(plain[_SUBJECT]),
        signed_at=instant(_number(plain[_ISSUED_AT])),
        agency=_text(ours[1]),
        office=_text(ours[2]),
        agreement=_text(ours[3]),
        exporter=_text(ours[4]),
        consignee_country=_text(ours[5]),
        item_count=_number(ours[6]),
        items=lines,
        items_sha256=items_digest(lines) if lines else _digest(ours[7]),
        issued_on=_day(ours[9]),
        valid_until=_day(ours[11]) if 11 in ours else None,
        content_sha256=_digest(ours[10]),
        status_index=_number(ours[12]) if 12 in ours else None,
    )
    if _plain(claims) != plain:
        raise ValueError("a claim is not written as we write it")
    return claims


def _line(plain: list[Any]) -> CodeItem:
    hs_code, quantity, unit = plain
    return CodeItem(hs_code=_text(hs_code), quantity=Decimal(_text(quantity)), unit=_text(unit))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a claim is not text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError("a claim is not a whole number")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, bytes) or len(value) != 32:
        raise TypeError("a digest is not 32 bytes")
    return value.hex()


def _day(value: object) -> date:
    return _EPOCH + timedelta(days=_number(value))
