"""JSON Web Signatures in compact form (RFC 7515), as strict as our files need it: one spelling for one content.

The header is exactly ``alg``, ``kid`` and ``typ``, written canonically. ``alg`` is never obeyed: it must be the one algorithm
that there is, so that a token cannot choose how it is checked (RFC 8725, 3.1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from udgam.rules.content import canonical_json
from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.keys import PublicKey, from_base64url, to_base64url

ALGORITHM = "ES256"
LONGEST = 8 * 1024 * 1024


class TokenRefused(Refused):
    """A signed token is not one of ours."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.unreadable": Reason(
            "The signed text cannot be read: {detail}.", "Get it again from whoever gave it to you."
        ),
        "token.kind": Reason(
            "The signed text is of the kind {kind}, not {expected}.", "Give the file that is asked for."
        ),
        "token.algorithm": Reason(
            "The signed text wants to be checked with {algorithm}; only ES256 is accepted.", "Do not rely on it."
        ),
        "token.signature": Reason("The signature of the text does not hold.", "It was changed; do not rely on it."),
    }


@dataclass(frozen=True)
class UnverifiedToken:
    """A token taken apart. Nothing in it is to be believed before `signed_by`."""

    kind: str
    key_id: str
    payload: bytes
    signing_input: bytes
    signature: bytes

    def signed_by(self, key: PublicKey) -> bool:
        """Whether ``key`` signed header and payload."""
        return key.signed(self.signature, self.signing_input)

    def claims(self) -> dict[str, Any]:
        """The payload, which must be an object in canonical form.

        Raises:
            TokenRefused: ``token.unreadable``.
        """
        return _canonical(self.payload, "payload")


def signing_input(payload: bytes, *, kind: str, key_id: str) -> bytes:
    """What the key signs: header and payload in base64url with a dot between."""
    header = canonical_json({"alg": ALGORITHM, "kid": key_id, "typ": kind})
    return f"{to_base64url(header)}.{to_base64url(payload)}".encode("ascii")


def compact(signed: bytes, signature: bytes) -> str:
    """The token: what was signed, and the signature."""
    return f"{signed.decode('ascii')}.{to_base64url(signature)}"


def read_token(text: str, *, kind: str) -> UnverifiedToken:
    """Take a token apart.

    Raises:
        TokenRefused: it is not a compact JWS of that kind in its one spelling, or wants another algorithm.
    """
    if len(text) > LONGEST:
        raise TokenRefused("token.unreadable", detail="it is too long")
    parts = text.split(".")
    try:
        header_bytes, payload, signature = (from_base64url(part) for part in parts)
    except ValueError as error:
        raise TokenRefused("token.unreadable", detail="it is not three parts in base64url") from error
    header = _canonical(header_bytes, "header")
    if header.get("alg") != ALGORITHM:
        raise TokenRefused("token.algorithm", algorithm=str(header.get("alg"))[:40])
    if header.get("typ") != kind:
        raise TokenRefused("token.kind", kind=str(header.get("typ"))[:40], expected=kind)
    if set(header) != {"alg", "kid", "typ"} or not isinstance(header["kid"], str):
        raise TokenRefused("token.unreadable", detail="its header holds something that we never write")
    return UnverifiedToken(kind, header["kid"], payload, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def _canonical(data: bytes, part: str) -> dict[str, Any]:
    try:
        value = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
        if not isinstance(value, dict) or canonical_json(value) != data:
            raise ValueError("it is not an object in canonical form")
    except (ValueError, RecursionError, Refused) as error:
        raise TokenRefused("token.unreadable", detail=f"its {part} is not canonical JSON") from error
    return value


def _no_float(text: str) -> Any:
    raise ValueError(text)
