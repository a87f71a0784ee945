"""``udgam token verify``: check a Web eID authentication token against an origin and a nonce."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from udgam.rules.refusals import Refused
from udgam.signing.trust import TrustRefused, read_facts
from udgam.signing.trust.token import NonceRefused, OriginRefused, TokenUnreadable, VerifiedToken, verify_token
from udgam.web.commands.trust_arguments import (
    NO,
    UNUSABLE,
    YES,
    InputUnusable,
    add_trust_arguments,
    moment_of,
    policy_of,
    print_answer,
    print_failure,
    read_file,
    revocation_of,
    store_of,
    subject_of,
)

NAME = "token"
SUMMARY = "check authentication tokens"

# Well-formed origins that are not to be trusted are a "no"; everything else that cannot be read is unusable input.
_REFUSED_ORIGINS = frozenset({"origin.not_https", "origin.trailing_slash"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-command ``verify``."""
    verify = parser.add_subparsers(dest="action", required=True, metavar="ACTION").add_parser(
        "verify", help="check a web-eid:1.0 or web-eid:1.1 token"
    )
    verify.add_argument("token", type=Path, metavar="TOKEN.json")
    verify.add_argument("--origin", required=True, metavar="URL", help="the origin that the token must be bound to")
    verify.add_argument("--nonce", required=True, metavar="NONCE", help="the base64 text of the nonce")
    verify.add_argument(
        "--require-client-auth",
        action="store_true",
        help="refuse an extended key usage without client authentication, as European services do",
    )
    add_trust_arguments(verify)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 valid, 1 refused, 2 the input could not be used."""
    answer: dict[str, Any] = {"valid": False, "reason": None, "algorithm": None, "subject": {}}
    try:
        verified = _verify(args)
    except (Refused, InputUnusable) as fault:
        print_failure(fault, as_json=args.json, answer=answer)
        return _status(fault)
    facts = read_facts(verified.certificate)
    answer |= {
        "valid": True,
        "algorithm": verified.algorithm,
        "subject": subject_of(facts),
        "format": verified.format,
        "policies": sorted(verified.path.policies),
        "revocation_checked": verified.path.revocation_checked,
    }
    lines = [
        f"Valid: {facts.holder} signed for {args.origin}.",
        f"Algorithm: {verified.algorithm}",
        f"Issuer: {facts.issuer}",
        "Revocation: checked" if verified.path.revocation_checked else "Revocation: NOT checked",
    ]
    print_answer(answer, as_json=args.json, lines=lines)
    return YES


def _verify(args: argparse.Namespace) -> VerifiedToken:
    return verify_token(
        read_file(args.token),
        origin=args.origin,
        nonce=args.nonce,
        store=store_of(args),
        revocation=revocation_of(args),
        at=moment_of(args),
        policy=policy_of(args),
        require_client_auth=args.require_client_auth,
    )


def _status(fault: Refused | InputUnusable) -> int:
    if isinstance(fault, OriginRefused):
        return NO if fault.code in _REFUSED_ORIGINS else UNUSABLE
    if isinstance(fault, InputUnusable | TokenUnreadable | NonceRefused) or fault.code.startswith("store."):
        return UNUSABLE
    return NO if isinstance(fault, TrustRefused) else UNUSABLE
