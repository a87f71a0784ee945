"""What the commands that judge certificates have in common: anchors, revocation, moment, and how an answer is printed."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from udgam.rules.binding import CertificateFacts
from udgam.rules.refusals import Refused
from udgam.signing.trust import FolderRevocation, NoRevocation, RevocationSource, TrustStore

YES, NO, UNUSABLE = 0, 1, 2
# Larger than any certificate or token; a mistaken file name must not fill the memory.
_LARGEST_FILE = 1 << 20


class InputUnusable(Exception):
    """The command line names something that cannot be used. ``reason`` is a stable code."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def add_trust_arguments(parser: argparse.ArgumentParser) -> None:
    """--anchors, --intermediates, --crls or --no-revocation, --policy, --at, --json."""
    parser.add_argument(
        "--anchors", type=Path, required=True, metavar="DIR", help="every certificate in it is a trust anchor"
    )
    parser.add_argument(
        "--intermediates", type=Path, metavar="DIR", help="certificates of authorities below the anchors"
    )
    revocation = parser.add_mutually_exclusive_group(required=True)
    revocation.add_argument("--crls", type=Path, metavar="DIR", help="CRLs and OCSP answers; not to know is to refuse")
    revocation.add_argument("--no-revocation", action="store_true", help="do not look at revocation at all")
    parser.add_argument("--policy", metavar="OID", help="certificate policy that the whole path must carry")
    parser.add_argument(
        "--at", metavar="ISO-8601", help="the moment to judge at; UTC if it names no zone; default: now"
    )
    add_json_argument(parser)


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """--json: one JSON object on standard output."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def moment_of(args: argparse.Namespace) -> datetime:
    """The moment of ``--at``, or now. Raises ``InputUnusable``."""
    if args.at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(args.at)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputUnusable(
            "at.malformed", f"--at {args.at!r} is not a moment in ISO 8601, as 2026-11-22T10:00:00Z."
        ) from error


def policy_of(args: argparse.Namespace) -> str | None:
    """The dotted identifier of ``--policy``. Raises ``InputUnusable``."""
    if args.policy is None:
        return None
    try:
        return x509.ObjectIdentifier(args.policy).dotted_string
    except ValueError as error:
        raise InputUnusable(
            "policy.malformed", f"--policy {args.policy!r} is not a dotted object identifier."
        ) from error


def store_of(args: argparse.Namespace) -> TrustStore:
    """The anchors and intermediates. Raises ``TrustStoreUnusable``."""
    return TrustStore.from_folders(anchors=args.anchors, intermediates=args.intermediates)


def revocation_of(args: argparse.Namespace) -> RevocationSource:
    """The evidence folder, its index in memory only: a command that looks never writes. Raises ``TrustStoreUnusable``."""
    return NoRevocation() if args.no_revocation else FolderRevocation(args.crls)


def read_file(path: Path, *, largest: int = _LARGEST_FILE) -> bytes:
    """The bytes of an input file of at most ``largest`` bytes. Raises ``InputUnusable``."""
    try:
        with path.open("rb") as stream:
            data = stream.read(largest + 1)
    except (OSError, ValueError) as error:
        raise InputUnusable(
            "file.unreadable", f"{path} cannot be read: {getattr(error, 'strerror', None) or error}."
        ) from error
    if len(data) > largest:
        raise InputUnusable("file.too_large", f"{path} is larger than {largest >> 20} megabytes.")
    return data


def explanation(fault: Refused | InputUnusable) -> dict[str, str]:
    """Reason, message and, where there is one, advice."""
    if isinstance(fault, Refused):
        return {"reason": fault.code, "message": fault.message, "advice": fault.advice}
    return {"reason": fault.reason, "message": str(fault)}


def subject_of(facts: CertificateFacts) -> dict[str, Any]:
    """Whose certificate it is, for the answer of a check."""
    return {
        "common_name": facts.holder,
        "organisation": facts.organisation,
        "organisational_units": list(facts.organisational_units),
        "serial_number": facts.serial_number_attr,
        "country": facts.country,
        "state": facts.state,
        "email": facts.email,
        "certificate_sha256": facts.sha256,
        "issuer": facts.issuer,
    }


def print_answer(answer: dict[str, Any], *, as_json: bool, lines: list[str]) -> None:
    """One JSON object, or the lines for people."""
    text = json.dumps(answer, ensure_ascii=False, default=str) if as_json else "\n".join(lines)
    # A terminal that cannot show a name must not turn an answer into a traceback.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def print_failure(fault: Refused | InputUnusable, *, as_json: bool, answer: dict[str, Any]) -> None:
    """A "no" or an unusable input, with the reason and what to do."""
    told = explanation(fault)
    lines = [f"No: {told['message']}", f"Reason: {told['reason']}"]
    if "advice" in told:
        lines.append(told["advice"])
    print_answer({**answer, **told}, as_json=as_json, lines=lines)
