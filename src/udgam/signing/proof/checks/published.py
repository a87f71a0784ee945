"""What became of the certificate since? The same for a file (steps 21 and 22), a credential and a code.

Every source is asked: the issuer's site, which signs nothing, and what the register signed, in the checker's own folder and in a bundle:
status lists, and proofs of endings from the log. A status only moves forward, so the most advanced word counts, and an unsigned
answer takes nothing back that was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from udgam.signing.proof.checks.existence import MOST_BETWEEN
from udgam.signing.proof.checks.in_log import proved_entry
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.log import EntryKind
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.report import Status
from udgam.signing.proof.status import PublishedStatus, StatusSource, StatusUnavailable
from udgam.signing.proof.status_list import StatusList, StatusListRefused
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder

# How far a status has moved.
_FORWARD: dict[Status, int] = {"unknown": 0, "issued": 1, "superseded": 2, "cancelled": 3}
_ENDINGS: tuple[tuple[EntryKind, Status], ...] = (("superseded", "superseded"), ("cancelled", "cancelled"))


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

    @property
    def certified_between(self) -> tuple[datetime, datetime]: ...


def status(case: Stated) -> Told:
    """21. The issuer says what became of the certificate: its site, status lists of its register, the log, or a signed list of old."""
    problems: list[Told] = []
    ended = _endings(case)
    signed = _signed(case, ended, problems)
    site = _of_site(case, ended)
    _compare(case, site, signed)
    found = _furthest(case, [*signed, *([] if site is None else [site])])
    if found is None:
        case.warnings += problems
        if site is None and problems:
            raise Skips(problems[-1].template, **problems[-1].params)
        raise (
            Skips("Nobody was asked.")
            if site is None and not signed
            else Skips("The issuer does not know this number.")
        )
    case.published = found
    moment = moment_text(found.as_of or case.at)
    if found.status == "cancelled":
        case.warnings.append(Told("The certificate was cancelled; the issuer said so at {moment}.", moment=moment))
    if found.status == "superseded":
        case.warnings.append(
            Told("The certificate was superseded by another; the issuer said so at {moment}.", moment=moment)
        )
    return Told("At {moment} the issuer said: {status}.", moment=moment, status=found.status)


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


def _of_site(case: Stated, ended: dict[Status, datetime]) -> PublishedStatus | None:
    """What the site says now; None, with a warning, when it was asked and does not answer."""
    if case.status_source is None:
        return None
    try:
        found = case.status_source.status_of(case.number)
    except StatusUnavailable as error:
        case.warnings.append(refusal_told(error))
        return None
    at = ended.get(found.status)
    # The site tells of today. Where the log proves that this ending came after the moment asked about, it stood then.
    return found if at is None or at <= case.at else PublishedStatus("issued", found.content_sha256, case.at)


def _furthest(case: Stated, statements: Sequence[PublishedStatus]) -> PublishedStatus | None:
    """The statement that went furthest; None when nobody knows the certificate. A digest that anybody names goes with it."""
    known = [one for one in statements if one.status != "unknown"]
    if not known:
        return None
    best = max(known, key=lambda one: _FORWARD[one.status]).status
    moments = [one.as_of for one in known if one.status == best and one.as_of is not None]
    # What stands was last said to stand at the latest moment; an ending was first told at the earliest.
    as_of = (max if best == "issued" else min)(moments) if moments else None
    digests = [one.content_sha256 for one in statements if one.content_sha256 is not None]
    other = next((one for one in digests if one != case.digest), digests[0] if digests else None)
    return PublishedStatus(best, other, as_of)


def _compare(case: Stated, site: PublishedStatus | None, signed: list[PublishedStatus]) -> None:
    """Tell when the site says less than what was signed. That it says more is no conflict: it is asked later."""
    best: Status = max((one.status for one in signed), key=lambda one: _FORWARD[one], default="unknown")
    if site is None or _FORWARD[site.status] >= _FORWARD[best]:
        return
    if site.status == "unknown" and best == "issued" and proved_entry(case.trust, case.digest) is None:
        # A status list speaks of a place in it. That this content has that place only the site or the log could say.
        signed.clear()
        case.warnings.append(
            Told(
                "The issuer's site does not know this number, and no proof is at hand that the log holds this content. "
                "The status list alone does not tell that it was issued."
            )
        )
        return
    case.warnings.append(
        Told(
            "The issuer's site says: {status}. What the register signed says: {signed_status}, and that counts. "
            "Tell the issuer that site and register disagree.",
            status=site.status,
            signed_status=best,
        )
    )


def _signed(case: Stated, ended: dict[Status, datetime], problems: list[Told]) -> list[PublishedStatus]:
    """What signed evidence says. What cannot be used, but speaks against nothing, is told in ``problems``."""
    register, index = case.trust.register, case.status_index
    found = list(_by_log(case, ended))
    if register is not None and index is not None:
        return [*found, *_by_lists(case, register, index, ended, problems)]
    try:
        snapshot = case.trust.snapshot(at=case.at, agency=case.agency_code)
        return found if snapshot is None else [*found, snapshot.status_of(case.number)]
    except StatusUnavailable as error:
        problems.append(refusal_told(error))
        return found


def _endings(case: Stated) -> dict[Status, datetime]:
    """When the log says that it ended, by the kind of ending; empty where no proof is at hand. Raises LogRefused."""
    found: dict[Status, datetime] = {}
    for kind, name in _ENDINGS:
        proof = proved_entry(case.trust, case.digest, kind)
        if proof is not None:
            found[name] = proof.entry.at
    return found


def _by_log(case: Stated, ended: dict[Status, datetime]) -> Iterator[PublishedStatus]:
    for name, at in ended.items():
        # Whatever ended later than the moment asked about still stood then.
        yield PublishedStatus(name, None, at) if at <= case.at else PublishedStatus("issued", None, case.at)


def _by_lists(
    case: Stated, register: PublishedRegister, index: int, ended: dict[Status, datetime], problems: list[Told]
) -> Iterator[PublishedStatus]:
    try:
        lists = sorted(register.status_lists_for(index), key=lambda one: one.at)
    except StatusListRefused as error:
        if error.code != "status_list.key_compromised":
            raise Fails(error.reasons[error.code].message, **error.params) from error
        problems.append(refusal_told(error))
        return
    if not lists:
        missing = StatusUnavailable(
            "status.snapshot_unusable", detail="the status list that the certificate names is missing"
        )
        problems.append(refusal_told(missing))
        return
    _still_forward(case, lists, index)
    for listed in lists:
        found = listed.status_of(index)
        if found == "not-issued":
            if listed is lists[-1]:
                # A list that takes back an earlier one did know of the issue.
                knew = any(one.status_of(index) != found for one in lists)
                problems.append(_get_newer(case, listed, knew=knew))
            yield PublishedStatus("unknown", None, listed.at)
        elif found == "issued":
            if case.at > listed.until:
                problems.append(refusal_told(StatusUnavailable("status.snapshot_old", until=moment_text(listed.until))))
            else:
                yield PublishedStatus("issued", None, listed.at)
        else:
            at = ended.get(found)
            if at is not None and case.at < at <= listed.at:
                yield PublishedStatus("issued", None, case.at)
            else:
                yield PublishedStatus(found, None, at or listed.at)


def _too_early(case: Stated, listed: StatusList) -> bool:
    """Whether a list is so old that it may not know of the issue: the seal, and with it the record, may follow the officer's signature
    as late as `MOST_BETWEEN`. What the office signed anew, years later, was issued in the days of its certification."""
    if listed.at <= min(case.proved_at, case.certified_between[1]) + MOST_BETWEEN:
        return True
    proof = proved_entry(case.trust, case.digest)
    return proof is not None and listed.at < proof.entry.at


def _get_newer(case: Stated, listed: StatusList, *, knew: bool) -> Told:
    """What is said of a newest list without the issue when it may be older than the record. Raises `Fails` when it is not."""
    if knew or not _too_early(case, listed):
        raise Fails("The register says of {moment} that this was never issued.", moment=moment_text(listed.at))
    return Told(
        "The status list at hand is of {moment}, so soon after the signature that the issue may not have been recorded then. "
        "Get a newer one.",
        moment=moment_text(listed.at),
    )


def _still_forward(case: Stated, lists: Sequence[StatusList], index: int) -> None:
    """Tell when a later list says less than an earlier one: then the register signed what cannot both be true."""
    order = ("not-issued", "issued", "superseded", "cancelled")
    for earlier, later in pairwise(lists):
        if order.index(later.status_of(index)) < order.index(earlier.status_of(index)):
            case.warnings.append(
                Told(
                    "The status list of {later} takes back what the register signed at {earlier}; what was signed first counts. "
                    "Keep both and tell the issuer.",
                    later=moment_text(later.at),
                    earlier=moment_text(earlier.at),
                )
            )


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
