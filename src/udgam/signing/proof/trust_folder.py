"""The trust folder: whom a checker believes, kept as plain files that anyone can look at.

anchors/         trust anchors (roots), PEM or DER            crls/          current CRLs and OCSP answers
intermediates/   authorities below them                       tsa/           time-stamp services, or the authorities that issue to them
did/             optional: did:web documents of other issuers, got out of band

Beside them lie the files of the register (see `published`): its pin, the signed trust list, status lists, proofs from the log. Folders
of the first release have ``issuers.json`` in their place, and optionally a signed list of statuses, ``status.json`` and ``status.p7s``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from cryptography import x509

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.foreign_keys import read_documents
from udgam.signing.proof.log import FolderStorage
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.status import StatusSnapshot, StatusUnavailable, read_snapshot
from udgam.signing.proof.trust_list import TrustedAgency, TrustList, TrustListRefused
from udgam.signing.trust import (
    CrlIndex,
    FolderRevocation,
    NoRevocation,
    PathRefused,
    RevocationSource,
    TrustStore,
    TrustStoreUnusable,
    fingerprint,
)
from udgam.signing.trust.detached import DetachedRefused, verify_detached
from udgam.signing.trust.store import read_folder

ISSUERS_FORMAT = "udgam.issuers/1"
MAX_LIST_BYTES = 256 * 1024 * 1024
_INDIA = ZoneInfo("Asia/Kolkata")
# Evidence that is merely not at hand, as against evidence that speaks against a certificate.
EVIDENCE_MISSING = frozenset(
    {
        "revocation.missing",
        "revocation.stale",
        "revocation.no_place_named",
        "revocation.not_yet_valid",
        # Such as a list of today, which no longer names certificates that expired before it.
        "revocation.out_of_scope",
    }
)


class TrustFolderUnusable(Refused):
    """The folder does not say whom to believe."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "trust.no_folder": Reason(
            "There is no trust folder {folder}.", "Name the folder with --trust, or set UDGAM_TRUST."
        ),
        "trust.none_named": Reason(
            "No trust folder is named, so nobody could be believed.", "Name one with --trust, or set UDGAM_TRUST."
        ),
        "trust.store": Reason(
            "The trust folder {folder} cannot be used: {detail}", "Get the trust folder again from the issuer."
        ),
        "trust.did": Reason(
            "The documents of other issuers in {folder} cannot be used: {detail}",
            "Take the folder did away, or get its documents again.",
        ),
        "trust.list": Reason(
            "The trust list in {folder} cannot be believed: {detail}",
            "Get the trust folder again from the register, and check the pin out of band.",
        ),
        "trust.issuers": Reason(
            "The list of issuers {file} cannot be used: {detail}.",
            "Get the trust folder again from the issuer, and check it out of band.",
        ),
    }


@dataclass(frozen=True)
class OfficerEntry:
    """An officer and the period in which this person could certify. ``until`` is None while no end is set.

    ``agreement`` and ``office`` narrow it to one agreement and one office; None means any, as in lists of the first release.
    """

    name: str
    certificate_sha256: frozenset[str]
    since: datetime
    until: datetime | None
    agreement: str | None = None
    office: str | None = None

    def could_certify(self, at: datetime) -> bool:
        """Whether ``at`` lies in the period."""
        return self.since <= at and (self.until is None or at <= self.until)


@dataclass(frozen=True)
class SealEntry:
    """A seal of an office with the period in which it could seal."""

    sha256: str
    office: str
    since: datetime
    until: datetime | None

    def could_seal(self, at: datetime) -> bool:
        """Whether ``at`` lies in the period."""
        return self.since <= at and (self.until is None or at <= self.until)


@dataclass(frozen=True)
class IssuerEntry:
    """An agency with its seals and officers."""

    agency: str
    name: str
    seal_sha256: frozenset[str]
    officers: tuple[OfficerEntry, ...]
    seals: tuple[SealEntry, ...] = ()


@dataclass(frozen=True)
class TrustFolder:
    """Everything a checker believes, read once."""

    store: TrustStore
    time_stampers: tuple[x509.Certificate, ...]
    revocation: RevocationSource | None
    issuers: tuple[IssuerEntry, ...]
    site: str | None
    status_list: bytes | None = None
    status_signature: bytes | None = None
    register: PublishedRegister | None = None
    did_documents: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, *, crl_index: CrlIndex | None = None) -> TrustFolder:
        """Read a trust folder.

        Raises:
            TrustFolderUnusable: it is missing, or a part of it cannot be read; half a folder is not believed.
        """
        if not folder.is_dir():
            raise TrustFolderUnusable("trust.no_folder", folder=str(folder))
        try:
            register = PublishedRegister.read(FolderStorage(folder))
            # Codes and credentials need no X.509 anchors; a folder for them alone may lack these.
            pinned = register is None or (folder / "anchors").is_dir()
            store = TrustStore.load(folder) if pinned else TrustStore(())
            stampers = read_folder(folder / "tsa") if (folder / "tsa").is_dir() else ()
            crls = folder / "crls"
            revocation = FolderRevocation(crls, crl_index=crl_index) if crls.is_dir() else None
            listed, signature = _optional(folder / "status.json"), _optional(folder / "status.p7s")
            documents = others_in(folder)
        except TrustStoreUnusable as error:
            raise TrustFolderUnusable("trust.store", folder=str(folder), detail=error.message) from error
        except OSError as error:
            raise TrustFolderUnusable("trust.store", folder=str(folder), detail=str(error)) from error
        except TrustListRefused as error:
            raise TrustFolderUnusable("trust.list", folder=str(folder), detail=error.message) from error
        if register is not None:
            issuers, site = issuers_of(register.trust), register.trust.site
        else:
            issuers, site = _read_issuers(folder / "issuers.json")
        return cls(store, tuple(stampers), revocation, issuers, site, listed, signature, register, documents)

    def issuer_of_seal(self, certificate: x509.Certificate) -> IssuerEntry | None:
        """The agency that this seal certificate is listed for."""
        digest = fingerprint(certificate)
        return next((one for one in self.issuers if digest in one.seal_sha256), None)

    def snapshot(self, *, at: datetime, agency: str) -> StatusSnapshot | None:
        """The signed list of statuses in the folder, if it was signed with a seal of ``agency``; None when there is no list.

        Raises:
            StatusUnavailable: there is a list, but it cannot be believed.
        """
        if self.status_list is None or self.status_signature is None:
            return None
        signer = self._signer_of_list(at)
        entry = self.issuer_of_seal(signer)
        if entry is None or entry.agency != agency:
            raise StatusUnavailable("status.snapshot_unusable", detail=f"it is not sealed by the agency {agency}")
        return read_snapshot(self.status_list, checked_at=at)

    def _signer_of_list(self, at: datetime) -> x509.Certificate:
        assert self.status_list is not None  # noqa: S101 - asked by the only caller
        assert self.status_signature is not None  # noqa: S101
        listed, signature = self.status_list, self.status_signature
        try:
            try:
                source = self.revocation if self.revocation is not None else NoRevocation()
                return verify_detached(signature, listed, store=self.store, revocation=source, at=at).certificate
            except PathRefused as error:
                # An old folder has old CRLs; its list then still stands for what it says of the past.
                if error.code not in EVIDENCE_MISSING:
                    raise
                return verify_detached(
                    signature, listed, store=self.store, revocation=NoRevocation(), at=at
                ).certificate
        except (DetachedRefused, PathRefused) as error:
            raise StatusUnavailable("status.snapshot_unusable", detail=error.message) from error


def others_in(folder: Path) -> Mapping[str, bytes]:
    """The documents of other issuers in a trust folder. Raises TrustFolderUnusable ``trust.did``."""
    try:
        return read_documents(folder)
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        detail = " ".join(str(error).split())[:160]
        raise TrustFolderUnusable("trust.did", folder=str(folder), detail=detail) from error


def issuers_of(listed: TrustList) -> tuple[IssuerEntry, ...]:
    """The agencies of a trust list as the check of a file looks at them."""
    return tuple(_agency(one) for one in listed.agencies)


def _agency(agency: TrustedAgency) -> IssuerEntry:
    seals = tuple(
        SealEntry(seal.sha256, office.code, seal.since, seal.until)
        for office in agency.offices
        for seal in office.seals
    )
    officers = tuple(
        OfficerEntry(
            officer.name,
            frozenset({certificate.sha256}),
            max(certificate.since, power.since),
            min((end for end in (certificate.until, power.until) if end is not None), default=None),
            power.agreement,
            post.office,
        )
        for officer in agency.officers
        for certificate in officer.certificates
        for post in officer.posts
        for power in post.powers
    )
    return IssuerEntry(agency.code, agency.name, frozenset(one.sha256 for one in seals), officers, seals)


def _optional(file: Path) -> bytes | None:
    if not file.is_file():
        return None
    if file.stat().st_size > MAX_LIST_BYTES:
        raise OSError(f"{file.name} is too large")
    return file.read_bytes()


def _read_issuers(file: Path) -> tuple[tuple[IssuerEntry, ...], str | None]:
    try:
        plain: dict[str, Any] = json.loads(file.read_bytes())
        if plain["format"] != ISSUERS_FORMAT:
            raise ValueError(f"the format {plain['format']!r} is not known")
        site = plain.get("site")
        return tuple(_issuer(one) for one in plain["issuers"]), None if site is None else str(site)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        detail = " ".join(str(error).split())[:160]
        raise TrustFolderUnusable("trust.issuers", file=str(file), detail=detail) from error


def _issuer(plain: dict[str, Any]) -> IssuerEntry:
    officers = tuple(
        OfficerEntry(
            str(one["name"]),
            _digests(one["certificate_sha256"]),
            _moment(one["from"], last=False),
            _moment_or_none(one.get("to")),
        )
        for one in plain["officers"]
    )
    return IssuerEntry(str(plain["agency"]), str(plain["name"]), _digests(plain["seal_sha256"]), officers)


def _digests(values: Sequence[str]) -> frozenset[str]:
    digests = frozenset(str(value).lower() for value in values)
    if isinstance(values, str) or any(len(one) != 64 or set(one) - set("0123456789abcdef") for one in digests):
        raise ValueError("a certificate's SHA-256 is not 64 hexadecimal digits")
    return digests


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else _moment(text, last=True)


def _moment(text: str, *, last: bool) -> datetime:
    """A moment, or a day in India: its first instant, or its last when it ends a period."""
    if len(text) == len("2026-11-22"):
        return datetime.combine(date.fromisoformat(text), time.max if last else time.min, _INDIA)
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a moment has no time zone")
    return value
