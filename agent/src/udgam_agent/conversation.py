"""One request of one site, from the pop-up's arrival to its end: what may be asked when, whatever the page claims.

The steps for a sign-in are look, unlock (which signs and ends). For documents: look, choose, then document and unlock for
the first, and sign, document, sign ... for the rest. Nothing is signed that was not listed, confirmed and checked before.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509

from udgam_agent import cms, pdf, web_eid
from udgam_agent.asked import Authenticate, ListedItem, OfferedDocument, Sign, strict_json
from udgam_agent.errors import Refused
from udgam_agent.origins import Origin
from udgam_agent.tokens.desk import TokenDesk, to_der
from udgam_agent.tokens.holdings import HeldCertificate, Look

USABLE = "signing"
_WHY_NONE = {
    "expired": "agent.expired",
    "not-yet-valid": "agent.not-yet-valid",
    "encryption": "agent.only-encryption",
    "document-signer": "agent.only-document-signer",
    "unknown-key": "agent.key-unknown",
}


@dataclass(frozen=True)
class CheckedDocument:
    """A document that passed every check; the next signature is over exactly these bytes."""

    item: ListedItem
    kind: str
    to_be_signed: bytes


@dataclass
class Conversation:
    """The state of one request. `secret` is known to the agent's own page only and dies with the conversation."""

    request: Authenticate | Sign
    origin: Origin
    trusted: bool
    desk: TokenDesk
    clock: Callable[[], float] = time.monotonic
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    ended: bool = False
    chosen: HeldCertificate | None = None
    unlocked: bool = False
    pin_each_time: bool = False
    checked: CheckedDocument | None = None
    signed: set[tuple[str, str]] = field(default_factory=set)
    seen: dict[str, HeldCertificate] = field(default_factory=dict)
    last_act: float = 0.0
    last_sign_of_life: float = 0.0

    def __post_init__(self) -> None:
        self.last_act = self.last_sign_of_life = self.clock()

    def look(self) -> tuple[Look, str | None]:
        """Return what is plugged in, and the code of the reason when none of it can be used."""
        self._must_be_trusted()
        if self.unlocked:
            raise Refused("agent.out-of-order", status=409)
        found = self.desk.look()
        self.seen = {held.summary.id: held for held in found.certificates}
        if any(held.summary.use == USABLE for held in found.certificates):
            return found, None
        return found, why_none(found)

    def choose(self, certificate_id: str) -> HeldCertificate:
        self._must_be_trusted()
        held = self.seen.get(certificate_id)
        if held is None or self.unlocked:
            raise Refused("agent.out-of-order", status=409)
        if held.summary.use != USABLE:
            raise Refused(_WHY_NONE.get(held.summary.use, "agent.key-unknown"), status=409, final=False)
        if held.pin.locked:
            raise Refused("agent.pin-locked", status=409, final=False)
        self.chosen = held
        return held

    def authenticate(self, *, certificate_id: str, pin: str | None) -> dict[str, str]:
        """Sign in with the PIN: the origin signed is the one the browser attested."""
        if not isinstance(self.request, Authenticate):
            raise Refused("agent.out-of-order", status=409)
        held = self.choose(certificate_id)
        try:
            self.desk.unlock(certificate_id=certificate_id, pin=pin)
            algorithm, hash_name = web_eid.algorithm_of(x509.load_der_x509_certificate(held.summary.der))
            message = web_eid.message_to_sign(origin=self.origin.text, nonce=self.request.nonce, hash_name=hash_name)
            signature = self.desk.sign(message, hash_name=hash_name, pin=pin)
        finally:
            self.desk.lock()
        self.ended = True
        return web_eid.token(certificate_der=held.summary.der, algorithm=algorithm, signature=signature, kind=held.kind)

    def offer(self, document: OfferedDocument, *, now: datetime) -> dict[str, Any]:
        """Check the next document against the confirmed list. Returns what the agent found out for the person to see."""
        if not isinstance(self.request, Sign) or self.chosen is None or self.checked is not None:
            raise Refused("agent.out-of-order", status=409)
        item = next((entry for entry in self.request.items if entry.id == document.id), None)
        if item is None or (document.id, document.kind) in self.signed:
            raise Refused("agent.not-listed", status=409)
        der = self.chosen.summary.der
        if document.kind == "pdf":
            found, shown = _check_pdf(document, item, der)
            self.checked = CheckedDocument(item, "pdf", found)
            return shown
        shown = _check_data(document, item)
        attributes = cms.data_attributes(document.data, certificate_der=der, now=now)
        self.checked = CheckedDocument(item, "data", attributes)
        return shown

    def unlock(self, *, pin: str | None) -> None:
        """Open the chosen key, after the first document was checked and shown."""
        if self.chosen is None or self.checked is None or self.unlocked:
            raise Refused("agent.out-of-order", status=409)
        self.pin_each_time = self.desk.unlock(certificate_id=self.chosen.summary.id, pin=pin)
        self.unlocked = True

    def sign(self, *, pin: str | None) -> dict[str, str]:
        """Sign the checked document, once. `pin` is used only by keys that want it at each signature."""
        if self.chosen is None or self.checked is None or not self.unlocked:
            raise Refused("agent.out-of-order", status=409)
        if self.pin_each_time and pin is None:
            raise Refused("agent.pin-again", status=409, final=False)
        document = self.checked
        raw = self.desk.sign(document.to_be_signed, hash_name="sha256", pin=pin)
        self.checked = None
        self.signed.add((document.item.id, document.kind))
        signature = raw if self.chosen.summary.key.startswith("RSA") else to_der(raw)
        if document.kind == "data":
            signature = cms.detached_cms(
                attributes=document.to_be_signed, signature=signature, certificate_der=self.chosen.summary.der
            )
        return {"id": document.item.id, "result": base64.b64encode(signature).decode()}

    def end(self) -> None:
        """Log out and forget everything."""
        if not self.ended or self.unlocked:
            self.desk.lock_soon()
        self.ended = True
        self.unlocked = False
        self.checked = None

    def _must_be_trusted(self) -> None:
        if not self.trusted:
            raise Refused("agent.site-not-allowed", status=403)


def why_none(found: Look) -> str:
    """Return the code that says best why nothing can be used; the most specific reason wins."""
    if not found.certificates:
        if any(problem.code == "agent.module-broken" for problem in found.problems) and not found.tokens:
            return "agent.module-broken"
        if not found.tokens:
            return "agent.no-token"
        return "agent.no-certificate"
    uses = {held.summary.use for held in found.certificates}
    for use, code in _WHY_NONE.items():
        if use in uses:
            return code
    return "agent.no-certificate"


def _check_data(document: OfferedDocument, item: ListedItem) -> dict[str, Any]:
    if item.media_type != document.media_type:
        raise Refused("agent.document-differs", status=409, title=item.title)
    if hashlib.sha256(document.data).hexdigest() != item.sha256:
        raise Refused("agent.document-differs", status=409, title=item.title)
    try:
        text = document.data.decode("utf-8")
        if document.media_type == "application/json":
            strict_json(text)
    except (UnicodeDecodeError, Refused) as problem:
        # What cannot be shown faithfully is not signed.
        raise Refused("agent.cannot-show", status=409, title=item.title) from problem
    return {"content": text, "media_type": document.media_type, "pages": None, "pdf_title": None}


def _check_pdf(document: OfferedDocument, item: ListedItem, certificate_der: bytes) -> tuple[bytes, dict[str, Any]]:
    prepared = pdf.inspect(document.data)
    attributes = document.signed_attributes or b""
    cms.check_pdf_attributes(attributes, digest=prepared.digest, certificate_der=certificate_der)
    listed = {hashlib.sha256(document.data).hexdigest()}
    if prepared.content is not None:
        listed = {hashlib.sha256(prepared.content).hexdigest()} | (
            listed if item.media_type == "application/pdf" else set()
        )
    if item.sha256 not in listed:
        raise Refused("agent.document-differs", status=409, title=item.title)
    try:
        content = None if prepared.content is None else prepared.content.decode("utf-8")
        if content is not None:
            strict_json(content)
    except (UnicodeDecodeError, Refused) as problem:
        raise Refused("agent.cannot-show", status=409, title=item.title) from problem
    shown = {
        "content": content,
        "media_type": "application/pdf",
        "pages": prepared.pages,
        "pdf_title": prepared.title,
    }
    return attributes, shown
