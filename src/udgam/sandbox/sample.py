"""``udgam sample``: one certificate of the fictional cast, issued by the real services, with what a stranger needs to check it."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from udgam.rules.refusals import Reason, Refused
from udgam.sandbox.guard import SandboxRefused
from udgam.web.commands.trust_arguments import NO, UNUSABLE, YES, add_json_argument, print_answer, print_failure

if TYPE_CHECKING:
    from udgam.flow.issuance.models import Certificate
    from udgam.sandbox.throw_away import Installation

NAME = "sample"
SUMMARY = "issue one certificate of the fictional cast"
# Stands in the QR code. The name is reserved (RFC 2606), because no site stays behind that could answer.
ORIGIN = "https://udgam-sample.example"
# How long the signed list of statuses calls the certificate issued.
STATUS_LASTS = timedelta(days=366)


class SampleRefused(Refused):
    """The folder cannot take the sample, this is no place for a sandbox, or the certificate could not be issued."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "sample.folder_not_empty": Reason(
            "The folder {folder} is not empty.",
            "Name a folder that is empty or does not exist yet; nothing is overwritten.",
        ),
        "sample.folder_unusable": Reason(
            "The folder {folder} cannot be used: {detail}.", "Name another folder with --out."
        ),
        "sample.sandbox": Reason("The sandbox cannot start here: {detail}", "Run the command on a machine for tries."),
        "sample.not_issued": Reason(
            "The certificate could not be issued: {detail}", "This is a fault of the platform; please report it."
        ),
    }


@dataclass(frozen=True)
class Sample:
    """What was written, and about what."""

    folder: Path
    number: str
    sha256: str
    exporter: str
    agency: str
    issued_on: str

    def to_json(self) -> dict[str, Any]:
        """The answer of ``--json``."""
        return {
            "issued": True,
            "certificate_number": self.number,
            "certificate": str(self.folder / "certificate.pdf"),
            "credential": str(self.folder / "credential.jwt"),
            "code": str(self.folder / "code.txt"),
            "trust": str(self.folder / "trust"),
            "sha256": self.sha256,
            "exporter": self.exporter,
            "agency": self.agency,
            "issued_on": self.issued_on,
        }

    def lines(self) -> list[str]:
        """The answer for people."""
        return [
            f"Issued {self.number} of {self.issued_on} by {self.agency} for {self.exporter}. Everybody in it is fictional.",
            f"Written to {self.folder}: certificate.pdf, credential.jwt, code.txt, code.svg, and trust/ to check them with",
            f"Check it: udgam verify {self.folder / 'certificate.pdf'} --trust {self.folder / 'trust'}",
        ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--out and --json."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="an empty folder, or one that does not exist yet"
    )
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 issued and written, 1 it could not be issued, 2 the folder or the machine cannot be used."""
    try:
        _require_usable(args.out)
        with _stopping_tidily():
            sample = _make(args.out)
    except SampleRefused as refused:
        print_failure(refused, as_json=args.json, answer={"issued": False})
        return NO if refused.code == "sample.not_issued" else UNUSABLE
    print_answer(sample.to_json(), as_json=args.json, lines=sample.lines())
    return YES


def _require_usable(folder: Path) -> None:
    """Refuse before the work begins what could not be written at its end. Nothing is made yet."""
    if "\0" in str(folder):
        raise SampleRefused("sample.folder_unusable", folder=str(folder), detail="its name holds a NUL")
    try:
        if folder.is_symlink() and not folder.exists():
            raise SampleRefused("sample.folder_unusable", folder=str(folder), detail="it is a link that leads nowhere")
        if folder.exists() and next(folder.iterdir(), None) is not None:
            raise SampleRefused("sample.folder_not_empty", folder=str(folder))
        place = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        if not place.is_dir():
            raise SampleRefused("sample.folder_unusable", folder=str(folder), detail=f"{place} is not a folder")
        if not os.access(place, os.W_OK | os.X_OK):
            raise SampleRefused("sample.folder_unusable", folder=str(folder), detail=f"{place} may not be written to")
    except OSError as error:
        detail = error.strerror or str(error)
        raise SampleRefused("sample.folder_unusable", folder=str(folder), detail=detail) from error


@contextmanager
def _stopping_tidily() -> Iterator[None]:
    """Let a request to stop (SIGTERM) unwind as Ctrl-C does, so that database and folders go too."""

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(143)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _make(out: Path) -> Sample:
    from udgam.sandbox.throw_away import throw_away_installation

    try:
        with throw_away_installation(origin=ORIGIN) as installation:
            return _issue_and_write(installation, out)
    except SandboxRefused as refused:
        raise SampleRefused("sample.sandbox", detail=str(refused)) from refused


def _issue_and_write(installation: Installation, out: Path) -> Sample:
    from udgam.sandbox.first_certificate import NotIssued, issue_first_certificate

    try:
        certificate = issue_first_certificate(installation)
        prepared = installation.folder / "sample"
        _write(certificate, installation, prepared)
        _check(prepared)
    except NotIssued as error:
        raise SampleRefused("sample.not_issued", detail=str(error)) from error
    except Refused as refused:
        raise SampleRefused("sample.not_issued", detail=f"{refused.message} ({refused.code})") from refused
    _hand_over(prepared, out)
    return Sample(
        folder=out,
        number=certificate.number,
        sha256=certificate.file_sha256,
        exporter=certificate.application.exporter.name,
        agency=certificate.office.agency.name,
        issued_on=certificate.issued_on.isoformat(),
    )


def _write(certificate: Certificate, installation: Installation, folder: Path) -> None:
    """The PDF, the credential and the code, and the trust folder with the whole register, in the place of a site that would answer."""
    from udgam.flow.issuance.register import publishing
    from udgam.sandbox.authority import write_trust
    from udgam.signing.sealing.code import draw_code

    trust = folder / "trust"
    trust.mkdir(parents=True)
    with certificate.file.open("rb") as stored:
        (folder / "certificate.pdf").write_bytes(stored.read())
    (folder / "credential.jwt").write_text(certificate.credential, encoding="ascii")
    (folder / "code.txt").write_text(certificate.code, encoding="ascii")
    (folder / "code.svg").write_text(draw_code(certificate.code), encoding="utf-8")
    write_trust(installation.ca.authority, trust)
    # The register says who issues; the list in its first form is left to sites that still publish it.
    (trust / "issuers.json").unlink()
    publishing.publish(now=datetime.now(UTC), lasts=STATUS_LASTS)
    publishing.rebuild(folder=trust)


def _check(folder: Path) -> None:
    """Check what was written as a stranger will. Raises `NotIssued`."""
    from udgam.sandbox.first_certificate import NotIssued
    from udgam.signing.proof import InputUnusable, TrustFolder, verify

    trust = TrustFolder.load(folder / "trust")
    for name in ("certificate.pdf", "credential.jwt", "code.txt", "code.svg"):
        try:
            report = verify(
                (folder / name).read_bytes(), trust=trust, at=datetime.now(UTC) + timedelta(seconds=5), status=None
            )
        except InputUnusable as error:
            raise NotIssued(f"What was written to {name} cannot be read. {error.message}") from error
        if not report.valid or report.status != "issued":
            failed = [f"{check.id}: {check.detail}" for check in report.checks if check.outcome != "pass"]
            raise NotIssued(f"What was written to {name} does not hold before our own checker. {'; '.join(failed)}")


def _hand_over(prepared: Path, out: Path) -> None:
    """Copy everything to its place. When that fails half-way, what was copied is removed again."""
    existed = out.exists()
    try:
        _require_usable(out)
        shutil.copytree(prepared, out, dirs_exist_ok=True)
    except OSError as error:
        for name in ("certificate.pdf", "credential.jwt", "code.txt", "code.svg", "trust"):
            place = out / name
            shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)
        if not existed:
            shutil.rmtree(out, ignore_errors=True)
        detail = error.strerror or "not everything could be copied"
        raise SampleRefused("sample.folder_unusable", folder=str(out), detail=detail) from error
