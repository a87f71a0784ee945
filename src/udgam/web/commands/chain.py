"""``udgam chain verify``: path validation as the platform does it at sign-in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from udgam.rules.refusals import Refused
from udgam.signing.trust import PathRefused, ValidatedPath, display_name, read_certificate, read_facts, validate_path
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

NAME = "chain"
SUMMARY = "validate certificate paths"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-command ``verify``."""
    verify = parser.add_subparsers(dest="action", required=True, metavar="ACTION").add_parser(
        "verify", help="validate the path of a certificate to an anchor"
    )
    verify.add_argument("leaf", type=Path, metavar="LEAF", help="the certificate, PEM or DER")
    add_trust_arguments(verify)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 believed, 1 refused, 2 the input could not be used."""
    answer: dict[str, Any] = {"valid": False, "reason": None, "path": []}
    try:
        path = _validate(args)
    except (Refused, InputUnusable) as fault:
        print_failure(fault, as_json=args.json, answer=answer)
        # A certificate that parses but breaks RFC 5280 is a "no"; one that does not parse is unusable.
        return NO if isinstance(fault, PathRefused) or _is_malformed(fault) else UNUSABLE
    evidence = path.evidence()
    answer |= {
        "valid": True,
        "subject": subject_of(read_facts(path.leaf)),
        "path": evidence["path"],
        "policies": evidence["policies"],
        "at": evidence["at"],
        "revocation_checked": path.revocation_checked,
        "revocation": evidence["revocation"],
    }
    print_answer(answer, as_json=args.json, lines=_lines(path))
    return YES


def _validate(args: argparse.Namespace) -> ValidatedPath:
    return validate_path(
        read_certificate(read_file(args.leaf)),
        store=store_of(args),
        revocation=revocation_of(args),
        at=moment_of(args),
        policy=policy_of(args),
    )


def _is_malformed(fault: Refused | InputUnusable) -> bool:
    return isinstance(fault, Refused) and fault.code == "certificate.malformed"


def _lines(path: ValidatedPath) -> list[str]:
    lines = [f"Valid at {path.at:%Y-%m-%d %H:%M:%S} UTC:"]
    lines += [f"  {'  ' * depth}{display_name(link.subject)}" for depth, link in enumerate(reversed(path.certificates))]
    lines.append(f"Policies: {', '.join(sorted(path.policies)) or 'none'}")
    lines.append("Revocation: checked" if path.revocation_checked else "Revocation: NOT checked")
    return lines
