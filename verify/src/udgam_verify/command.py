"""``udgam-verify FILE --trust DIR``: the numbered checks of a certificate, asking nobody; ``--show-trust``: whom DIR believes."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from udgam.rules.refusals import Refused
from udgam.signing.proof import InputUnusable, TrustFolder, TrustFolderUnusable, verify, with_log_required
from udgam.signing.proof.log import FolderStorage
from udgam.signing.proof.names import MAX_PDF_BYTES
from udgam.signing.proof.pins import pins_of
from udgam.signing.proof.printed import NOTHING_CHECKED, report_lines
from udgam.signing.proof.published import PIN

YES, NO, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 valid, 1 not, 2 the input or the trust folder could not be used."""
    parser = _parser()
    args = parser.parse_args(arguments)
    if (args.file is None) is not args.show_trust:
        parser.error("name one FILE to check, or ask with --show-trust whom the trust folder believes")
    try:
        folder = _folder(args.trust)
        trust = TrustFolder.load(folder)
        if args.show_trust:
            return _show(folder, trust, as_json=args.json)
        report = verify(_read(args.file), trust=trust, at=_moment(args.at), status=None)
        if args.require_log:
            report = with_log_required(report)
    except Refused as refused:
        answer = {**NOTHING_CHECKED, "reason": refused.code, "message": refused.message, "advice": refused.advice}
        _print(answer, [f"No: {refused.message}", f"Reason: {refused.code}", refused.advice], as_json=args.json)
        return UNUSABLE
    _print(report.to_json(), report_lines(report, offline=True), as_json=args.json)
    return YES if report.accepted(offline=True) else NO


def _show(folder: Path, trust: TrustFolder, *, as_json: bool) -> int:
    """Whom the folder makes us believe, for comparing it with what the issuer says by another way."""
    pins = pins_of(FolderStorage(folder).read(PIN), anchors=trust.store.anchors, time_stampers=trust.time_stampers)
    answer: dict[str, object] = {"trust": [asdict(pin) for pin in pins]}
    _print(answer, [f"{pin.kind:<10}  {pin.sha256}  {pin.name}" for pin in pins], as_json=as_json)
    return YES


def script() -> None:
    """The installed command."""
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="udgam-verify", description="Check a certificate of origin without a network."
    )
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="PDF, credential, code (text or picture) or bundle"
    )
    parser.add_argument("--trust", type=Path, metavar="DIR", help="the trust folder; default: UDGAM_TRUST")
    parser.add_argument(
        "--show-trust", action="store_true", help="print digests of what the trust folder believes, to compare; no FILE"
    )
    parser.add_argument("--at", metavar="ISO-8601", help="the moment to judge at; default: now")
    parser.add_argument(
        "--require-log", action="store_true", help="accept nothing of which no proof from the register's log is at hand"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _moment(text: str | None) -> datetime:
    """The moment of ``--at``, or now. Raises InputUnusable."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputUnusable("input.moment", moment=text[:60]) from error


def _folder(named: Path | None) -> Path:
    if named is not None:
        return named
    if os.environ.get("UDGAM_TRUST"):
        return Path(os.environ["UDGAM_TRUST"])
    raise TrustFolderUnusable("trust.none_named")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_PDF_BYTES + 1)
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise InputUnusable("input.unreadable", file=str(file), detail=detail) from error


def _print(answer: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    text = json.dumps(answer, ensure_ascii=False, default=str) if as_json else "\n".join(lines)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
