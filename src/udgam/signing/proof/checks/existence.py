"""At which moment is whom judged, and what proves that moment? (ADR 0056)

A signature says itself when it was made; that dates nothing back. It is proved by what somebody else dated: the first time stamp of the
file, or the entry of its issue in the log, with a proof at hand under a key of the log. Officer and office are judged at the moment that
the certification claims when a proof stands near it, and otherwise for the whole time up to the first proof, or up to now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cryptography import x509

from udgam.rules import outages
from udgam.signing.proof import names
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.in_log import OFFICERS_CLOCK, proved_entry
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.evidence import path_at
from udgam.signing.proof.log import LogRefused
from udgam.signing.proof.told import Fails
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.trust import PathRefused, ValidatedPath, display_name
from udgam.signing.trust.detached import DetachedRefused, claimed_time

# So much may lie between a signature and the first proof of it: the platform seals on the day of the signature or in the night after
# it, and may then wait for the time stamp as long as its service may be silent.
MOST_BETWEEN = timedelta(days=1) + outages.WITHOUT_TIME_STAMPS
# Reasons of a revocation (RFC 5280, 5.3.1) that leave the key with its holder. Any other may mean that a stranger dated the signature.
_HARMLESS = frozenset({"affiliationChanged", "superseded", "cessationOfOperation"})
# Refusals of a path that may have come about after the signature.
_REVOKED = frozenset({"revocation.revoked", "revocation.on_hold"})
_ENDED = frozenset({"certificate.expired", "path.issuer_expired"}) | _REVOKED


@dataclass(frozen=True)
class Act:
    """A signature with the time that it claims and the first proof of it. ``proved`` is None when nothing near the claim proves it;
    nothing may then have ended before ``until``."""

    claimed: datetime
    proved: datetime | None
    until: datetime
    by_log: bool = False

    @property
    def last(self) -> datetime:
        """The latest moment at which it can have been made, by what is at hand."""
        return self.proved if self.proved is not None else self.until


class _Seen(Protocol):
    """What was looked at: a file, a code or a credential."""

    trust: TrustFolder


def logged_at(case: _Seen, digest: str, *, near: datetime) -> datetime | None:
    """When the log took in the issue of this content, if a proof of it that holds is at hand and lies near the moment that is claimed."""
    try:
        proof = proved_entry(case.trust, digest)
    except LogRefused:
        # Its own step says so (log.included); here it proves nothing.
        return None
    if proof is None or not near - OFFICERS_CLOCK <= proof.entry.at <= near + MOST_BETWEEN:
        return None
    return proof.entry.at


def certification(case: Case) -> Act:
    """The officer's act: the signature over the content."""
    found: Act | None = case.kept.get("certification")
    if found is None:
        found = case.kept["certification"] = _certification(case)
    return found


def _certification(case: Case) -> Act:
    claimed = _claimed(case)
    stamped = None if case.token is None else case.token.stamped_at
    if stamped is not None and stamped - claimed <= MOST_BETWEEN:
        return Act(claimed, stamped, stamped)
    logged = _logged(case, near=claimed)
    if logged is not None:
        return Act(claimed, logged, logged, by_log=True)
    return Act(claimed, None, case.at if stamped is None else stamped)


def sealing(case: Case) -> Act:
    """The office's act: the seal. Only a stamp proves it: the log names the content, and whoever found the key of a seal that ended
    could put it under another page of the same content."""
    if case.token is not None:
        return Act(case.token.stamped_at, case.token.stamped_at, case.token.stamped_at)
    return Act(case.seal_claims, None, case.at)


def _logged(case: Case, *, near: datetime) -> datetime | None:
    attached = case.file.attachment(names.CONTENT_ATTACHMENT)
    return None if attached is None else logged_at(case, hashlib.sha256(attached.data).hexdigest(), near=near)


def _claimed(case: Case) -> datetime:
    """What the certification says of itself. Where it cannot be read, its own step refuses the file, and the seal's time serves here."""
    content, signature = (
        case.file.attachment(name) for name in (names.CONTENT_ATTACHMENT, names.CERTIFICATION_ATTACHMENT)
    )
    if content is not None and signature is not None:
        try:
            return claimed_time(signature.data, content.data)
        except DetachedRefused:
            pass
    return case.sealed_at


Covers = Callable[[datetime], bool]


def held_then(act: Act, covers: Covers) -> bool:
    """Whether a right covers the moment that is claimed. One that began while the clocks of officer and register disagree counts."""
    return covers(act.claimed) or covers(min(act.claimed + OFFICERS_CLOCK, act.last))


def held_until_proved(act: Act, covers: Covers) -> bool:
    """Whether it also covers the moment up to which nothing proves the signature."""
    return act.proved is not None or covers(act.until)


def not_proved(act: Act, name: str) -> Fails:
    """What is said when a right had ended before anything proves the signature."""
    return Fails(
        "What {name} signed says that it is of {claimed}, but nothing at hand proves that it existed before {moment}, and by then "
        "the right to sign had ended.",
        name=name,
        claimed=moment_text(act.claimed),
        moment=moment_text(act.until),
    )


def path_of(
    case: Case, act: Act, certificate: x509.Certificate, intermediates: tuple[x509.Certificate, ...], *, at_claim: bool
) -> ValidatedPath:
    """Prove that the certificate could be believed for this act.

    Up to the first proof nobody may have reported its key as lost. What else ended between claim and proof does not count where
    ``at_claim`` is set, and the log proves as well as a stamp: the signer was in office when signing. Raises `PathRefused`, or `Fails`
    when only a proof is missing.
    """

    def walk(signed_at: datetime, evidence_at: datetime | None = None) -> ValidatedPath:
        return path_at(
            certificate, trust=case.trust, file=case.file, signed_at=signed_at, now=case.at, evidence_at=evidence_at,
            intermediates=intermediates,
        )  # fmt: skip

    try:
        return walk(act.last)
    except PathRefused as error:
        if error.code not in _ENDED:
            raise
        if act.proved is None:
            if _holds(walk, act.claimed):
                raise not_proved(act, display_name(certificate.subject)) from error
            raise
        if not at_claim:
            raise
        if error.code in _REVOKED and error.params.get("cause") not in _HARMLESS:
            raise
        logged = None if act.by_log else _logged(case, near=act.claimed)
        if logged is not None and logged < act.proved:
            earlier = Act(act.claimed, logged, logged, by_log=True)
            return path_of(case, earlier, certificate, intermediates, at_claim=at_claim)
        return walk(act.claimed, act.proved)


def require_key_kept(
    case: Case, act: Act, certificate: x509.Certificate, intermediates: tuple[x509.Certificate, ...]
) -> None:
    """The log names the content, not the page: whoever found the officer's key later could sign another page for it. So where the log
    proves the act, the key must not have been reported as lost up to the stamp of this very file, or up to now. Raises `PathRefused`."""
    if not act.by_log:
        return
    until = case.at if case.token is None else case.token.stamped_at
    try:
        path_at(
            certificate, trust=case.trust, file=case.file, signed_at=until, now=case.at, intermediates=intermediates
        )
    except PathRefused as error:
        if error.code in _REVOKED and error.params.get("cause") not in _HARMLESS:
            raise


def _holds(walk: Callable[[datetime], ValidatedPath], at: datetime) -> bool:
    try:
        walk(at)
    except PathRefused:
        return False
    return True
