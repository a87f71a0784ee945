"""``udgam verify``: the numbered checks of a certificate's file, its credential, or its signed code."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from udgam.rules.refusals import Refused
from udgam.signing.proof import InputUnusable, Report, TrustFolder, TrustFolderUnusable, verify, with_log_required
from udgam.signing.proof.names import MAX_PDF_BYTES
from udgam.signing.proof.printed import NOTHING_CHECKED, report_lines
from udgam.web.commands.trust_arguments import (
    NO,
    UNUSABLE,
    YES,
    add_json_argument,
    moment_of,
    print_answer,
    print_failure,
)
from udgam.web.commands.trust_arguments import InputUnusable as ArgumentUnusable

NAME = "verify"
SUMMARY = "check a certificate of origin"

CHECKOUT = Path(__file__).resolve().parents[4]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and its options."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="the certificate's PDF, a credential, or a text or picture that holds the signed code",
    )
    parser.add_argument(
        "--trust", type=Path, metavar="DIR", help="the trust folder; default: UDGAM_TRUST, else the running sandbox's"
    )
    parser.add_argument(
        "--at", metavar="ISO-8601", help="the moment to judge at; UTC if it names no zone; default: now"
    )
    parser.add_argument("--offline", action="store_true", help="ask nobody; use only what is in the trust folder")
    parser.add_argument(
        "--require-log", action="store_true", help="accept nothing of which no proof from the register's log is at hand"
    )
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 valid and issued, 1 not, 2 the input could not be used."""
    try:
        data = _read(args.file)
        report = _check(args, data)
    except (Refused, ArgumentUnusable) as fault:
        print_failure(fault, as_json=args.json, answer=NOTHING_CHECKED)
        return UNUSABLE
    print_answer(report.to_json(), as_json=args.json, lines=report_lines(report, offline=args.offline))
    return YES if report.accepted(offline=args.offline) else NO


def _check(args: argparse.Namespace, data: bytes) -> Report:
    from udgam.ground.connectors.published_status import PublishedStatusSite

    at = moment_of(args)
    trust = TrustFolder.load(_trust_folder(args.trust))
    site = None if args.offline or trust.site is None else PublishedStatusSite(trust.site)
    report = verify(data, trust=trust, at=at, status=site)
    return with_log_required(report) if args.require_log else report


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_PDF_BYTES + 1)
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise InputUnusable("input.unreadable", file=str(file), detail=detail) from error
    return data


def _trust_folder(named: Path | None) -> Path:
    """The named folder, else the one in UDGAM_TRUST, else that of the sandbox, which lies where `make run` keeps it."""
    if named is not None:
        return named
    if os.environ.get("UDGAM_TRUST"):
        return Path(os.environ["UDGAM_TRUST"])
    sandbox = Path(os.environ.get("UDGAM_VAR") or CHECKOUT / "var") / "sandbox" / "trust"
    if sandbox.is_dir():
        return sandbox
    raise TrustFolderUnusable("trust.none_named")
