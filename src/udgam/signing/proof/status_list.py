"""Status lists: what became of every certificate, as one signed bit string (W3C Bitstring Status List 1.0).

Two bits for each status index. Whoever checks a certificate fetches the whole list, so nobody learns which certificate is being
checked. A status only moves forward: reserved, issued, then superseded or cancelled. A list of later than day D that says
"issued" therefore proves that the certificate stood on day D.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from udgam.rules.plain import instant_text
from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.jws import TokenRefused, read_token
from udgam.signing.proof.keys import from_base64url, to_base64url
from udgam.signing.proof.status import moment
from udgam.signing.proof.trust_list import TrustList

KIND = "vc+jwt"
CONTEXT = "https://www.w3.org/ns/credentials/v2"
PURPOSE = "message"
BITS = 2
# The least that the standard allows, so that a list says nothing by its length.
ENTRIES = 131_072
ListedStatus = Literal["not-issued", "issued", "superseded", "cancelled"]
# The value of the two bits is the place in this list. The order is part of every list ever published.
MEANINGS: tuple[ListedStatus, ...] = ("not-issued", "issued", "superseded", "cancelled")


class StatusListRefused(Refused):
    """A status list cannot be believed."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "status_list.unreadable": Reason(
            "The status list cannot be read: {detail}.", "Get it again from the register."
        ),
        "status_list.signer": Reason(
            "The status list is not signed by the register's key for status lists.", "Do not rely on it; get it again."
        ),
        "status_list.key_compromised": Reason(
            "The status list is signed with a key that the register believes no more.",
            "Get a newer one from the register.",
        ),
        "status_list.other": Reason(
            "The status list is not the one asked for: {detail}.", "Get the list that the certificate names."
        ),
    }


def list_of(status_index: int) -> tuple[int, int]:
    """The number of the list that holds a status index, and the place in that list."""
    return divmod(status_index, ENTRIES)


def list_path(number: int) -> str:
    """Where a list is published in the register."""
    return f"status/{number}.jwt"


def list_url(base: str, number: int) -> str:
    """The address of a list below the register's ``base`` address (without a closing slash)."""
    return f"{base}/{list_path(number)}"


@dataclass(frozen=True)
class StatusList:
    """One list of ``ENTRIES`` statuses, good from ``at`` until ``until``."""

    number: int
    at: datetime
    until: datetime
    bits: bytes

    def status_of(self, status_index: int) -> ListedStatus:
        """The status at a status index. Raises ``ValueError`` when the index belongs to another list."""
        number, place = list_of(status_index)
        if number != self.number:
            raise ValueError("the index belongs to another list")
        octet, slot = divmod(place, 8 // BITS)
        # The first entry stands in the highest bits of the first octet.
        return MEANINGS[self.bits[octet] >> (8 - BITS - BITS * slot) & 3]


def pack(statuses: Mapping[int, ListedStatus], *, number: int) -> bytes:
    """The bits of list ``number`` from statuses by their status index; whatever is not named is not issued.

    Raises:
        ValueError: an index belongs to another list.
    """
    bits = bytearray(ENTRIES * BITS // 8)
    for index, status in statuses.items():
        found, place = list_of(index)
        if found != number:
            raise ValueError("an index belongs to another list")
        octet, slot = divmod(place, 8 // BITS)
        shift = 8 - BITS - BITS * slot
        bits[octet] = bits[octet] & ~(3 << shift) | MEANINGS.index(status) << shift
    return bytes(bits)


def status_credential(
    bits: bytes, *, number: int, issuer: str, base: str, at: datetime, until: datetime
) -> dict[str, Any]:
    """The credential that carries a list. ``base`` is the register's address without a closing slash."""
    url = list_url(base, number)
    return {
        "@context": [CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": instant_text(at),
        "validUntil": instant_text(until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": "u" + to_base64url(gzip.compress(bits, 9, mtime=0)),
        },
    }


def status_entry(status_index: int, *, base: str) -> dict[str, Any]:
    """What a credential says about where its status stands (BitstringStatusListEntry)."""
    number, place = list_of(status_index)
    url = list_url(base, number)
    return {
        "id": f"{url}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(place),
        "statusSize": BITS,
        "statusMessage": [{"status": hex(value), "message": meaning} for value, meaning in enumerate(MEANINGS)],
        "statusListCredential": url,
    }


def index_of(entry: Mapping[str, Any]) -> int:
    """The status index that an entry names. Raises ``ValueError`` when it is not written as we write it."""
    url, place = str(entry.get("statusListCredential")), str(entry.get("statusListIndex"))
    base, _, tail = url.rpartition("/status/")
    number = tail.removesuffix(".jwt")
    if not (base and number.isascii() and number.isdecimal() and place.isascii() and place.isdecimal()):
        raise ValueError("the entry names no list of ours")
    index = int(number) * ENTRIES + int(place)
    if dict(entry) != status_entry(index, base=base):
        raise ValueError("the entry is not written as we write it")
    return index


def read_status_list(text: str, *, trust: TrustList) -> StatusList:
    """Read a list and prove that the register signed it, with a key that was good then.

    Raises:
        StatusListRefused
    """
    try:
        token = read_token(text, kind=KIND)
        plain = token.claims()
        key = trust.status_key(token.key_id.removeprefix(f"{trust.issuer}#"))
        if key is None or not token.key_id.startswith(f"{trust.issuer}#") or not token.signed_by(key.public):
            raise StatusListRefused("status_list.signer")
        found = _read(plain)
        base = str(plain["id"]).removesuffix(f"/{list_path(found.number)}")
        if plain != status_credential(
            found.bits, number=found.number, issuer=trust.issuer, base=base, at=found.at, until=found.until
        ) | {"credentialSubject": plain["credentialSubject"]}:
            raise ValueError("it is not written as we write it")
    except TokenRefused as error:
        raise StatusListRefused("status_list.unreadable", detail=error.message.rstrip(".")) from error
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, zlib.error) as error:
        raise StatusListRefused("status_list.unreadable", detail=" ".join(str(error).split())[:160]) from error
    if key.compromised:
        raise StatusListRefused("status_list.key_compromised")
    if not key.could_sign(found.at):
        raise StatusListRefused("status_list.signer")
    return found


def _read(plain: dict[str, Any]) -> StatusList:
    subject = plain["credentialSubject"]
    name = str(plain["id"]).rpartition("/status/")[2].removesuffix(".jwt")
    if not (name.isascii() and name.isdecimal()):
        raise ValueError("it has no number")
    if (subject["type"], subject["statusPurpose"]) != ("BitstringStatusList", PURPOSE):
        raise ValueError("it is a list of something else")
    encoded = subject["encodedList"]
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise ValueError("its bits are not in base64url")
    size = ENTRIES * BITS // 8
    engine = zlib.decompressobj(wbits=31)
    bits = engine.decompress(from_base64url(encoded[1:]), size + 1)
    if len(bits) != size or not engine.eof or engine.unused_data:
        raise ValueError("it has another length")
    return StatusList(int(name), moment(plain["validFrom"]), moment(plain["validUntil"]), bits)
