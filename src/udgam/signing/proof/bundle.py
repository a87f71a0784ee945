"""The evidence bundle: one ZIP file with everything that proves a certificate, for the day when the issuer's site is gone.

certificate.pdf, credential.jwt, code.txt     the certificate in its three forms
trust/…                                       a trust folder as of the day of the bundle: pin, trust list, status list, proofs from the log,
                                              anchors, CRLs

What a bundle says of itself counts for nothing: pin and anchors come from the checker's own trust folder. From the bundle comes
evidence only, and whatever of it is newer than what the checker has.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import BytesIO

from udgam.signing.proof.file import UNREADABLE, InputUnusable
from udgam.signing.proof.log import Storage
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.status import StatusSource
from udgam.signing.proof.told import Told
from udgam.signing.proof.trust_folder import TrustFolder, issuers_of
from udgam.signing.proof.trust_list import TrustListRefused
from udgam.signing.proof.verify import verify_pdf
from udgam.signing.proof.verify_code import verify_code
from udgam.signing.proof.verify_credential import verify_credential

CERTIFICATE, CREDENTIAL, CODE, TRUST = "certificate.pdf", "credential.jwt", "code.txt", "trust/"
MOST_FILES, MOST_BYTES = 2_000, 64 * 1024 * 1024
CREDENTIAL_NAME, CODE_NAME = (
    "The credential beside the file is the same certificate",
    "The code beside the file is the same certificate",
)
# ZIP knows no time before this one; a fixed time makes the same evidence the same bytes.
_MADE = (1980, 1, 1, 0, 0, 0)


def write_bundle(files: Mapping[str, bytes]) -> bytes:
    """Pack files by their path in the bundle. The same files always give the same bytes.

    Raises:
        ValueError: ``certificate.pdf`` is missing, or a path leads out of the bundle.
    """
    if CERTIFICATE not in files:
        raise ValueError("a bundle holds certificate.pdf")
    return pack(files)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files by their path. The same files always give the same bytes.

    Raises:
        ValueError: a path leads out of the packet.
    """
    if not all(_is_plain(path) for path in files):
        raise ValueError("a path is not plain")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _MADE)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[path])
    return out.getvalue()


def read_bundle(data: bytes) -> dict[str, bytes]:
    """Unpack a bundle as a stranger's file.

    Raises:
        InputUnusable: ``input.bundle``: it is no bundle, is damaged, or unpacks to more than 64 MiB.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = [one for one in packed.infolist() if not one.is_dir()]
            if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > MOST_BYTES:
                raise ValueError("it holds too much")
            # A bundle of ours is stored or deflated; other methods take memory before the first byte is seen.
            if any(one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for one in entries):
                raise ValueError("it is packed in a way that we never use")
            found: dict[str, bytes] = {}
            for one in entries:
                if not _is_plain(one.filename) or one.filename in found or one.flag_bits & 1:
                    raise ValueError("a path in it is not plain, or stands in it twice")
                with packed.open(one) as stream:
                    found[one.filename] = stream.read(one.file_size + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, *UNREADABLE) as error:
        raise InputUnusable("input.bundle", detail=" ".join(str(error).split())[:120]) from error
    if CERTIFICATE not in found:
        raise InputUnusable("input.bundle", detail="it holds no certificate.pdf")
    return found


def verify_bundle(data: bytes, *, trust: TrustFolder, at: datetime, status: StatusSource | None) -> Report:
    """Check the certificate in a bundle as of ``at``, with the evidence beside it. Credential and code must be the same certificate.

    Raises:
        InputUnusable: it is no bundle.
    """
    files = read_bundle(data)
    believed = _with_evidence(
        trust, _Files({path.removeprefix(TRUST): one for path, one in files.items() if path.startswith(TRUST)})
    )
    report = verify_pdf(files[CERTIFICATE], trust=believed, at=at, status=status)
    checks = list(report.checks)
    for path, name, check in ((CREDENTIAL, CREDENTIAL_NAME, verify_credential), (CODE, CODE_NAME, verify_code)):
        if path in files:
            beside = partial(_checked, check, files[path], believed, at)
            checks.append(_same(path, name, report, len(checks) + 1, beside))
    holds = all(one.outcome != "fail" for one in checks[len(report.checks) :])
    return replace(report, valid=report.valid and holds, integrity=report.integrity and holds, checks=tuple(checks))


def _same(path: str, name: str, report: Report, number: int, check: Callable[[], Report]) -> Check:
    step = f"bundle.{path.partition('.')[0]}"
    try:
        other = check()
    except (InputUnusable, UnicodeDecodeError):
        return Check(number, step, name, "fail", Told("It cannot be read."))
    if other.other_register is not None and other.other_register == report.other_register:
        return Check(number, step, name, "skipped", Told("Not looked at, because its register is not pinned here."))
    said = other.code.content_sha256 if other.code is not None else _digest(other)
    if not other.valid or said is None or said != _digest(report):
        return Check(number, step, name, "fail", Told("It does not hold, or is that of another certificate."))
    return Check(number, step, name, "pass", Told("It holds, and is that of the same content."))


def _checked(check: Callable[..., Report], data: bytes, trust: TrustFolder, at: datetime) -> Report:
    return check(data.decode("ascii"), trust=trust, at=at, status=None)


def _digest(report: Report) -> str | None:
    return None if report.content is None else hashlib.sha256(report.content).hexdigest()


def _with_evidence(trust: TrustFolder, inside: Storage) -> TrustFolder:
    """The checker's own folder, with what of the evidence is newer. Of a register that the checker has not pinned nothing counts."""
    if trust.register is None:
        return trust
    own = trust.register
    try:
        other = PublishedRegister.read(inside, pin=own.pin)
    except TrustListRefused:
        other = None
    newest = own if other is None or other.trust.version <= own.trust.version else replace(other, pin=own.pin)
    register = replace(newest, files=_Layered(own.files, inside), evidence=inside)
    return replace(trust, register=register, issuers=issuers_of(register.trust))


class _Files:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def write(self, path: str, data: bytes) -> None:
        raise NotImplementedError("a bundle is only read")


class _Layered(_Files):
    """The checker's own files before those of the bundle. Of status lists, checkpoints and proofs both are looked at (`PublishedRegister`)."""

    def __init__(self, own: Storage, inside: Storage) -> None:
        self._own, self._inside = own, inside

    def read(self, path: str) -> bytes | None:
        found = self._own.read(path)
        return found if found is not None else self._inside.read(path)


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return (
        path.isascii()
        and path.isprintable()
        and "\\" not in path
        and all(part not in {"", ".", ".."} for part in parts)
    )
