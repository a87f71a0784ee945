"""Credentials of other issuers: what can be proved of them here without a network, and what cannot.

None of them is a certificate of this platform, and none is called valid. ``integrity`` says that the content is what was digested or
signed; whether it was revoked stands in registers that are not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from udgam.rules.refusals import Refused
from udgam.signing.proof.file import UNREADABLE
from udgam.signing.proof.foreign_token import ForeignToken, read_foreign
from udgam.signing.proof.open_attestation import TooMuch, claimed_issuer, content_is_whole, edition_of
from udgam.signing.proof.plain_json import NameTwice, read_json
from udgam.signing.proof.report import Check, Outcome, Report
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder

OURS, WHOLE, ISSUER, PERIOD, STANDING = FOREIGN_NAMES = (
    "The credential is one of this platform",
    "The content is the one that was signed or digested",
    "The issuer is known here",
    "It is within the period that it states",
    "The issuer has not taken it back",
)
_NAME_TWICE = Told(
    "A name stands in it twice, so two readers could find two contents in it. No honest issuer writes that."
)
_DAMAGED = Told("It is damaged, or not written as its own format wants.")
_NOT_OURS = Told("It is a JSON document, a form that this platform does not issue; its certificates are signed tokens.")
_UNPROVED = Told(
    "What this proves: whether these words are as somebody signed or wrapped them. It does not prove that they are true, nor that the issuer had the right to certify origin."
)
# Keccak is calculated without a compiled library, a good second for a megabyte, and whoever likes may ask; what is larger carries papers.
MAX_OPEN_ATTESTATION = 256 * 1024
Judged = tuple[Outcome, Told]


def foreign_report(text: str, error: Refused, *, trust: TrustFolder, at: datetime) -> Report:
    """The report about a credential that makes no claim to be ours. Nobody is asked anything."""
    text = text.strip()
    whole, issuer, period = _document(text, trust, at) if text.startswith("{") else _token(text, trust, at)
    taken_back: Judged = ("skipped", Told("Whether it was revoked is known to the issuer only."))
    # A document is no token, so what a reader of tokens says of it would say nothing.
    ours, code = (_NOT_OURS, None) if text.startswith("{") else (refusal_told(error), error.code)
    checks = [Check(1, "credential.ours", OURS, "fail", ours, code)]
    for id_, name, (outcome, told) in (
        ("foreign.whole", WHOLE, whole),
        ("foreign.issuer", ISSUER, issuer),
        ("foreign.period", PERIOD, period),
        ("foreign.standing", STANDING, taken_back),
    ):
        checks.append(Check(len(checks) + 1, id_, name, outcome, told))
    return Report(False, "foreign-credential", None, "unknown", whole[0] == "pass", tuple(checks), (_UNPROVED,))


def _token(text: str, trust: TrustFolder, at: datetime) -> tuple[Judged, Judged, Judged]:
    unread = Told("Not looked at, because step {step} does not hold.", step="2")
    try:
        token: ForeignToken = read_foreign(text, trust=trust, at=at)
    except (*UNREADABLE, Refused):
        return ("fail", _DAMAGED), ("skipped", unread), ("skipped", unread)
    whole = _judged(token.whole)
    if whole[0] == "fail":
        return whole, ("skipped", unread), ("skipped", unread)
    return whole, _judged(token.known), _judged(token.period)


def _document(text: str, trust: TrustFolder, at: datetime) -> tuple[Judged, Judged, Judged]:
    nothing: Judged = ("skipped", Told("It states no end."))
    try:
        plain: dict[str, Any] = read_json(text)
    except NameTwice:
        return ("fail", _NAME_TWICE), nothing, nothing
    except (*UNREADABLE, RecursionError):
        return ("fail", _DAMAGED), nothing, nothing
    whole = _judged(lambda: _open_attestation(plain, len(text)))
    issuer = _judged(lambda: _claimed(plain))
    return whole, issuer if issuer[0] == "skipped" else ("skipped", _DAMAGED), nothing


def _open_attestation(plain: dict[str, Any], size: int) -> Told:
    edition = edition_of(plain)
    if edition is None:
        raise Skips("It is a credential of a format whose proof is not read here.")
    if size > MAX_OPEN_ATTESTATION:
        raise Skips(
            "It is an OpenAttestation document of more than {limit} KiB; its digest is not calculated here.",
            limit=str(MAX_OPEN_ATTESTATION // 1024),
        )
    try:
        whole = content_is_whole(plain)
    except TooMuch as error:
        raise Skips("It holds more than is digested here.") from error
    if whole:
        return Told(
            "It is an OpenAttestation document of edition {edition}; its content has the digest that it states.",
            edition=str(edition),
        )
    raise Fails(
        "It is an OpenAttestation document of edition {edition}; its content was changed since it was wrapped.",
        edition=str(edition),
    )


def _claimed(plain: dict[str, Any]) -> Told:
    name, place = claimed_issuer(plain) if edition_of(plain) is not None else ("", "")
    if not name:
        raise Skips(
            "The issuer names itself; only its own register or domain could confirm that, and nobody was asked."
        )
    raise Skips(
        "It says that {name} ({place}) issued it. Only that domain or register could confirm it, and nobody was asked.",
        name=name[:120],
        place=place[:120] or "?",
    )


def _judged(judge: Callable[[], Told]) -> Judged:
    try:
        return "pass", judge()
    except Skips as reason:
        return "skipped", reason.told
    except Fails as reason:
        return "fail", reason.told
    except Refused as refused:
        return "fail", refusal_told(refused)
    except UNREADABLE:
        return "fail", _DAMAGED
