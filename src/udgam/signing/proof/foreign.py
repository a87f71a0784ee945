"""Credentials of other issuers: what can be proved of them here without a network, and what cannot.

None of them is a certificate of this platform, and none is called valid. ``integrity`` says that the content is what was digested or
signed; who is behind the issuer's name, and whether it was revoked, stands in registers that are not asked.
"""

from __future__ import annotations

import json
from typing import Any

from udgam.rules.refusals import Refused
from udgam.signing.proof.file import UNREADABLE
from udgam.signing.proof.jws import ALGORITHM
from udgam.signing.proof.keys import CURVE, PublicKey, from_base64url
from udgam.signing.proof.open_attestation import content_is_whole, edition_of
from udgam.signing.proof.report import Check, Outcome, Report
from udgam.signing.proof.told import Told, refusal_told

OURS, WHOLE, ISSUER, STANDING = FOREIGN_NAMES = (
    "The credential is one of this platform",
    "The content is the one that was signed or digested",
    "The issuer is known here",
    "The issuer has not taken it back",
)
_DID_JWK = "did:jwk:"


def foreign_report(text: str, error: Refused) -> Report:
    """The report about a credential that makes no claim to be ours."""
    whole, said = _whole(text.strip())
    checks = (
        Check(1, "credential.ours", OURS, "fail", refusal_told(error), error.code),
        Check(2, "foreign.whole", WHOLE, whole, said),
        Check(
            3,
            "foreign.issuer",
            ISSUER,
            "skipped",
            Told("The issuer names itself; only its own register or domain could confirm that, and nobody was asked."),
        ),
        Check(4, "foreign.standing", STANDING, "skipped", Told("Whether it was revoked is known to the issuer only.")),
    )
    return Report(False, "foreign-credential", None, "unknown", whole == "pass", checks)


def _whole(text: str) -> tuple[Outcome, Told]:
    try:
        return _document(text) if text.startswith("{") else _token(text.split("~", maxsplit=1)[0])
    except (*UNREADABLE, Refused):
        return "fail", Told("It is damaged, or not written as its own format wants.")


def _document(text: str) -> tuple[Outcome, Told]:
    plain: dict[str, Any] = json.loads(text)
    edition = edition_of(plain)
    if edition is None:
        return "skipped", Told("It is a credential of a format whose proof is not read here.")
    if content_is_whole(plain):
        return "pass", Told(
            "It is an OpenAttestation document of edition {edition}; its content has the digest that it states.",
            edition=str(edition),
        )
    return "fail", Told(
        "It is an OpenAttestation document of edition {edition}; its content was changed since it was wrapped.",
        edition=str(edition),
    )


def _token(text: str) -> tuple[Outcome, Told]:
    head, payload, signature = text.split(".")
    header, claims = json.loads(from_base64url(head)), json.loads(from_base64url(payload))
    algorithm = str(header["alg"])
    if algorithm.lower() == "none":
        return "fail", Told("It carries no signature at all.")
    issuer = claims.get("iss", claims.get("issuer"))
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    # Only a name that is the key itself lets a stranger check the signature without asking anybody.
    if algorithm != ALGORITHM or not isinstance(name, str) or not name.startswith(_DID_JWK):
        return "skipped", Told("Its signature was not judged, because nobody here knows the key of its issuer.")
    jwk = json.loads(from_base64url(name.removeprefix(_DID_JWK).partition("#")[0]))
    if jwk["crv"] != CURVE or not PublicKey(jwk["x"], jwk["y"]).signed(
        from_base64url(signature), f"{head}.{payload}".encode("ascii")
    ):
        return "fail", Told("It was not signed by the key that its issuer names, or was changed since.")
    return "pass", Told("The key that its issuer names signed exactly this.")
