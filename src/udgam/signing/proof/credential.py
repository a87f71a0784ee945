"""The certificate as a W3C Verifiable Credential 2.0 secured with JOSE, and as an SD-JWT VC for showing a part of it.

The credential (``vc+jwt``) carries the whole canonical content. The SD-JWT VC (RFC 9901; ``dc+sd-jwt``) carries number, agreement,
dates and digest openly and every other field under a digest of its own, so that its holder may show a bank all but the prices.
Both are signed by the issuing office's key that also signs the code.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from udgam.rules.content import CertificateContent, canonical_json, content_bytes, read_content
from udgam.rules.plain import instant_text
from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.instants import instant
from udgam.signing.proof.jws import TokenRefused, UnverifiedToken, read_token
from udgam.signing.proof.keys import from_base64url, to_base64url
from udgam.signing.proof.status import moment
from udgam.signing.proof.status_list import CONTEXT, index_of, status_entry

KIND, PART_KIND = "vc+jwt", "dc+sd-jwt"
# Terms without a context of their own mean what the issuer says they mean (VC Data Model 2.0, 5.3).
UNDEFINED_TERMS = "https://www.w3.org/ns/credentials/undefined-terms/v2"
TYPE = "CertificateOfOrigin"
PART_TYPE = "urn:udgam:certificate-of-origin:1"
SEPARATOR = "~"
# Fields of the content and of its lines that the holder of an SD-JWT may leave out.
HIDEABLE = (
    "exporter", "producer", "consignee", "third_party", "transport", "invoices", "shipping_bills", "remarks", "declaration",
)  # fmt: skip
HIDEABLE_IN_LINE = (
    "marks", "packages", "package_kind", "description", "quantity", "gross_weight", "fob", "currency", "invoice",
)  # fmt: skip
# A certificate of a thousand lines has fewer fields that can be left out.
MOST_DISCLOSURES = 10_000
PRICES = frozenset({"fob", "currency"})
# So many are remembered: that of one file is read when the file is checked, and when it is checked by itself.
_KEPT, _KEPT_LENGTH = 16, 64 * 1024


class CredentialRefused(Refused):
    """A credential is not one of ours."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "credential.unreadable": Reason(
            "The credential cannot be read: {detail}.", "Get it again from whoever gave it to you."
        ),
        "credential.shape": Reason("The credential is not as we write it: {detail}.", "Do not rely on it."),
        "credential.disclosure": Reason(
            "A disclosed part does not belong to this credential.", "Get it again from whoever gave it to you."
        ),
    }


@dataclass(frozen=True)
class UnverifiedCredential:
    """A credential taken apart. Nothing in it is to be believed before its token's signature was checked.

    ``content`` is the certificate's content with its canonical bytes, None when only parts are shown; ``shown`` is what is shown.
    """

    token: UnverifiedToken
    issuer: str
    number: str
    agency: str
    office: str
    agreement: str
    signed_at: datetime
    content_sha256: str
    status_index: int | None
    content: CertificateContent | None
    content_bytes: bytes | None
    shown: Mapping[str, Any]

    @property
    def key_id(self) -> str:
        """The id of the key that is said to have signed."""
        return self.token.key_id.removeprefix(f"{self.issuer}#")


def credential_payload(
    content: CertificateContent, *, digest: str, issuer: str, base: str, signed_at: datetime
) -> dict[str, Any]:
    """The claims of the ``vc+jwt`` about ``content``, whose canonical bytes have the SHA-256 ``digest``."""
    named = "ni:///sha-256;" + urlsafe_b64encode(bytes.fromhex(digest)).rstrip(b"=").decode()
    payload: dict[str, Any] = {
        "@context": [CONTEXT, UNDEFINED_TERMS],
        # A name made of the content itself (RFC 6920).
        "id": named,
        "type": ["VerifiableCredential", TYPE],
        "issuer": {"id": issuer, "name": content.issuer.agency_name},
        "validFrom": instant_text(_whole(signed_at)),
        "credentialSubject": {"contentSha256": digest, "content": _plain(content)},
    }
    if content.status_index is not None:
        payload["credentialStatus"] = status_entry(content.status_index, base=base)
    return payload


def open_claims(
    content: CertificateContent, *, digest: str, issuer: str, base: str, signed_at: datetime
) -> dict[str, Any]:
    """The claims of the SD-JWT VC that are always shown."""
    return {
        "iss": issuer,
        "iat": int(_whole(signed_at).timestamp()),
        "vct": PART_TYPE,
        "number": content.number,
        "agency": content.issuer.agency,
        "office": content.issuer.office,
        "agreement": content.agreement,
        "issued_on": content.issued_on.isoformat(),
        "content_sha256": digest,
    } | ({} if content.status_index is None else {"credentialStatus": status_entry(content.status_index, base=base)})


def hideable_claims(content: CertificateContent) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The fields that may be left out: of the certificate, and of each of its lines."""
    plain = _plain(content)
    return {name: plain[name] for name in HIDEABLE if name in plain}, plain["items"]


def read_credential(text: str) -> UnverifiedCredential:
    """Take a credential of either kind apart.

    Raises:
        CredentialRefused, TokenRefused
    """
    text = text.strip()
    if SEPARATOR in text:
        return _read_part(text)
    return _read_whole(text) if len(text) <= _KEPT_LENGTH else _read_whole.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _read_whole(text: str) -> UnverifiedCredential:
    token = read_token(text, kind=KIND)
    plain = token.claims()
    try:
        subject = plain["credentialSubject"]
        data = canonical_json(subject["content"])
        content, digest = read_content(data), hashlib.sha256(data).hexdigest()
        signed_at, issuer = moment(plain["validFrom"]), str(plain["issuer"]["id"])
        status = plain.get("credentialStatus")
        base = str(status["statusListCredential"]).rpartition("/status/")[0] if status is not None else ""
        index = None if status is None else index_of(status)
    except (ValueError, KeyError, TypeError, AttributeError, Refused) as error:
        raise CredentialRefused("credential.unreadable", detail=_short(error)) from error
    if plain != credential_payload(content, digest=digest, issuer=issuer, base=base, signed_at=signed_at):
        raise CredentialRefused("credential.shape", detail="its parts do not agree with the content in it")
    return UnverifiedCredential(
        token, issuer, content.number, content.issuer.agency, content.issuer.office, content.agreement, signed_at,
        digest, index, content, data, subject["content"],
    )  # fmt: skip


def _read_part(text: str) -> UnverifiedCredential:
    signed, *disclosures = text.split(SEPARATOR)
    if len(disclosures) > MOST_DISCLOSURES:
        raise CredentialRefused("credential.shape", detail="it has more parts than a certificate has fields")
    if disclosures.pop() != "":
        raise CredentialRefused("credential.shape", detail="it is bound to a key of its holder, which we never do")
    token = read_token(signed, kind=PART_KIND)
    plain = token.claims()
    try:
        found = _Disclosures(disclosures)
        shown = found.reveal(plain)
        found.require_all_used()
        if plain.get("_sd_alg") != "sha-256" or shown.get("vct") != PART_TYPE:
            raise ValueError("it is of another kind")
        status = shown.get("credentialStatus")
        return UnverifiedCredential(
            token, str(shown["iss"]), str(shown["number"]), str(shown["agency"]), str(shown["office"]),
            str(shown["agreement"]), instant(int(shown["iat"])), str(shown["content_sha256"]),
            None if status is None else index_of(status), None, None, shown,
        )  # fmt: skip
    except CredentialRefused:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, Refused) as error:
        # Whatever has no canonical form (a lone surrogate, too deep) is refused by the writer of that form.
        raise CredentialRefused("credential.unreadable", detail=_short(error)) from error


class _Disclosures:
    """The disclosed parts by their digest; each may be used once and none may be left over (RFC 9901, 7.1)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._parts: dict[str, list[Any]] = {}
        for text in texts:
            part = json.loads(from_base64url(text), parse_float=_no_float, parse_constant=_no_float)
            if not isinstance(part, list) or canonical_json(part) != from_base64url(text):
                raise CredentialRefused("credential.disclosure")
            digest = to_base64url(hashlib.sha256(text.encode("ascii")).digest())
            if digest in self._parts:
                raise CredentialRefused("credential.disclosure")
            self._parts[digest] = part

    def reveal(self, value: Any) -> Any:
        """The value with every disclosed part put in its place, every other one left out."""
        if isinstance(value, dict):
            shown = {name: self.reveal(one) for name, one in value.items() if name not in {"_sd", "_sd_alg"}}
            for digest in value.get("_sd", ()):
                part = self._parts.pop(digest, None)
                if part is None:
                    continue
                if len(part) != 3 or not isinstance(part[1], str) or part[1] in shown or part[1] in {"_sd", "..."}:
                    raise CredentialRefused("credential.disclosure")
                shown[part[1]] = self.reveal(part[2])
            return shown
        if isinstance(value, list):
            return [self.reveal(one) for one in value]
        return value

    def require_all_used(self) -> None:
        """Refuse a part that belongs to nothing."""
        if self._parts:
            raise CredentialRefused("credential.disclosure")


def present(credential: str, *, without: frozenset[str] = PRICES) -> str:
    """The SD-JWT VC with the named fields left out, for handing on. Needs no key.

    Raises:
        CredentialRefused: it is no SD-JWT VC of ours.
    """
    signed, *disclosures = credential.strip().split(SEPARATOR)
    if not disclosures or disclosures.pop() != "":
        raise CredentialRefused("credential.shape", detail="it has no parts that could be left out")
    try:
        kept = [one for one in disclosures if json.loads(from_base64url(one))[1] not in without]
    except (ValueError, IndexError, TypeError) as error:
        raise CredentialRefused("credential.unreadable", detail=_short(error)) from error
    shown = SEPARATOR.join([signed, *kept, ""])
    try:
        read_credential(shown)
    except TokenRefused as error:
        raise CredentialRefused("credential.unreadable", detail=error.message.rstrip(".")) from error
    return shown


def _plain(content: CertificateContent) -> dict[str, Any]:
    """The content as plain values, in the edition in which it is written."""
    plain: dict[str, Any] = json.loads(content_bytes(content))
    return plain


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _short(error: BaseException) -> str:
    return (" ".join(str(error).split()) or type(error).__name__).rstrip(".")[:160]


def _no_float(text: str) -> Any:
    raise ValueError(text)
