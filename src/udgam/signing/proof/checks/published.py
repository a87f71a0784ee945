"""What became of the certificate since, and does the log hold it? The same for a file (steps 21 to 23), a credential and a code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.log import LogRefused
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.status import PublishedStatus, StatusSource, StatusUnavailable
from udgam.signing.proof.status_list import StatusListRefused
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder

# A list signed this soon after the officer's signature may be older than the record of the issue, and says nothing against it.
ISSUE_TAKES = timedelta(minutes=5)


class Stated(Protocol):
    """What these checks need to know of whatever is examined."""

    trust: TrustFolder
    at: datetime
    status_source: StatusSource | None
    published: PublishedStatus
    warnings: list[Told]

    @property
    def number(self) -> str: ...

    @property
    def agency_code(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def status_index(self) -> int | None: ...

    @property
    def proved_at(self) -> datetime: ...


def status(case: Stated) -> Told:
    """21. The issuer says what became of the certificate: its site, a status list of its register, or a signed list in the trust folder."""
    problem = Told("Nobody was asked.")
    for ask in _sources(case):
        try:
            found = ask.status_of(case.number)
        except StatusUnavailable as error:
            problem = refusal_told(error)
            case.warnings.append(problem)
            continue
        case.published = found
        if found.status == "unknown":
            problem = Told("The issuer does not know this number.")
            continue
        moment = moment_text(found.as_of or case.at)
        if found.status == "cancelled":
            case.warnings.append(Told("The certificate was cancelled; the issuer said so at {moment}.", moment=moment))
        if found.status == "superseded":
            case.warnings.append(
                Told("The certificate was superseded by another; the issuer said so at {moment}.", moment=moment)
            )
        return Told("At {moment} the issuer said: {status}.", moment=moment, status=found.status)
    raise Skips(problem.template, **problem.params)


def same_content(case: Stated) -> Told:
    """22. The number was issued for this very content, where the issuer publishes its digest."""
    found = getattr(case, "published", None)
    if found is None or found.status == "unknown":
        raise Skips("Nobody said what became of the certificate.")
    if found.content_sha256 is None:
        raise Skips("The issuer publishes no digest for this number.")
    if found.content_sha256 != case.digest:
        raise Fails("The issuer issued this number for other content.")
    return Told("The issuer names the digest of exactly this content.")


def logged(case: Stated) -> Told:
    """23. The log holds the issue of this content, proved under a signed checkpoint."""
    register = case.trust.register
    if register is None:
        raise Skips("There is no proof from the log at hand.")
    proof = register.proof_of(case.digest, "issued")
    if proof is None:
        raise Skips("There is no proof from the log at hand.")
    witnesses = ", ".join(sorted(proof.checkpoint.witnessed))
    told = {"index": str(proof.index), "size": str(proof.checkpoint.size)}
    if witnesses:
        return Told(
            "Entry {index} of the log with {size} entries, which {witnesses} witnessed.", witnesses=witnesses, **told
        )
    return Told("Entry {index} of the log with {size} entries.", **told)


def _sources(case: Stated) -> Iterator[StatusSource]:
    if case.status_source is not None:
        yield case.status_source
    register = case.trust.register
    if register is not None and case.status_index is not None:
        yield _RegisterStatus(register, case)
        return
    try:
        snapshot = case.trust.snapshot(at=case.at, agency=case.agency_code)
    except StatusUnavailable as error:
        case.warnings.append(refusal_told(error))
        return
    if snapshot is not None:
        yield snapshot


class _RegisterStatus:
    """A status list of the register as a source. Statuses only move forward, so a later list also speaks for an earlier moment."""

    def __init__(self, register: PublishedRegister, case: Stated) -> None:
        self._register, self._case = register, case

    def status_of(self, number: str) -> PublishedStatus:
        case, index = self._case, self._case.status_index
        assert index is not None  # noqa: S101 - asked by the only caller
        try:
            listed = self._register.status_list_for(index)
        except StatusListRefused as error:
            raise Fails(error.reasons[error.code].message, **error.params) from error
        if listed is None:
            raise StatusUnavailable(
                "status.snapshot_unusable", detail="the status list that the certificate names is missing"
            )
        found = listed.status_of(index)
        if found == "not-issued":
            if listed.at < case.proved_at + ISSUE_TAKES:
                return PublishedStatus("unknown", None, listed.at)
            raise Fails("The register says of {moment} that this was never issued.", moment=moment_text(listed.at))
        if found == "issued":
            if case.at > listed.until:
                raise StatusUnavailable("status.snapshot_old", until=moment_text(listed.until))
            return PublishedStatus("issued", None, listed.at)
        ended = self._ended_at(found)
        if ended is not None and case.at < ended <= listed.at:
            return PublishedStatus("issued", None, case.at)
        return PublishedStatus(found, None, ended or listed.at)

    def _ended_at(self, status: str) -> datetime | None:
        """When the log says that it ended; None where no proof is at hand, and the list alone counts."""
        kind = "cancelled" if status == "cancelled" else "superseded"
        try:
            proof = self._register.proof_of(self._case.digest, kind)  # type: ignore[arg-type]  # one of the two kinds
        except LogRefused as error:
            raise Fails(error.reasons[error.code].message, **error.params) from error
        return None if proof is None else proof.entry.at


def list_is_current(case: Stated) -> None:
    """Warn when a newer trust list was due."""
    register = case.trust.register
    if register is not None and case.at > register.trust.next_update:
        case.warnings.append(
            Told(
                "The trust list was to be renewed by {moment}; get a newer one.",
                moment=moment_text(register.trust.next_update),
            )
        )
