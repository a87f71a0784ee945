"""Decide from the evidence at hand whether anything on a path was revoked. Not to know is to refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from cryptography import x509
from cryptography.x509 import ocsp as ocsp_format
from cryptography.x509.oid import AuthorityInformationAccessOID

from udgam.signing.trust.certificates import display_name, fingerprint
from udgam.signing.trust.refusals import PathRefused
from udgam.signing.trust.revocation.crl_index import CrlIndex
from udgam.signing.trust.revocation.crl_reading import HOLD, VerifiedCrl
from udgam.signing.trust.revocation.ocsp import OcspAnswer, read_ocsp
from udgam.signing.trust.revocation.refusals import EvidenceRefused
from udgam.signing.trust.revocation.sources import KeepsCrlIndex, NoRevocation, RevocationSource

# The clocks of an authority and of this machine may differ by this much before we call evidence "from the future".
CLOCK_SKEW = timedelta(minutes=5)
# RFC 6960, 4.2.2.1: an answer without nextUpdate says that newer information is always available, so ours must be young.
OCSP_MAX_AGE = timedelta(minutes=15)

# Which refusal says most about why nothing could be proved, most telling first.
_TELLING = (
    "revocation.unknown_certificate",
    "revocation.stale",
    "revocation.not_yet_valid",
    "revocation.not_authentic",
    "revocation.malformed",
    "revocation.out_of_scope",
    "revocation.missing",
)


@dataclass(frozen=True)
class RevocationEvidence:
    """One piece that proved a certificate not revoked. ``data`` holds the DER bytes, to be kept or put into a document."""

    certificate_sha256: str
    kind: Literal["crl", "ocsp"]
    this_update: datetime
    next_update: datetime | None
    sha256: str
    data: bytes = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Digest and dates as plain JSON values."""
        return {
            "certificate_sha256": self.certificate_sha256,
            "kind": self.kind,
            "this_update": self.this_update.isoformat(),
            "next_update": None if self.next_update is None else self.next_update.isoformat(),
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class _Question:
    """One certificate, who issued it, and the two moments that matter."""

    certificate: x509.Certificate
    issuer: x509.Certificate
    is_leaf: bool
    at: datetime
    evidence_at: datetime

    @property
    def names(self) -> dict[str, str]:
        return {"name": display_name(self.certificate.subject), "issuer": display_name(self.issuer.subject)}

    def counts(self, since: datetime) -> bool:
        """A listed certificate is revoked, unless a past moment is judged and the revocation came into force after it."""
        return self.evidence_at <= self.at or since <= self.at


def check_chain_not_revoked(
    chain: Sequence[x509.Certificate], *, revocation: RevocationSource, at: datetime, evidence_at: datetime
) -> tuple[RevocationEvidence, ...]:
    """Every certificate below the anchor is proved not revoked; ``chain`` runs from the leaf to the anchor.

    From the anchor downwards, so that the CRL of a revoked authority is never listened to. Raises ``PathRefused``.
    """
    if isinstance(revocation, NoRevocation):
        return ()
    index = revocation.crl_index if isinstance(revocation, KeepsCrlIndex) else _process_index()
    evidence: list[RevocationEvidence] = []
    for place in range(len(chain) - 2, -1, -1):
        question = _Question(chain[place], chain[place + 1], is_leaf=place == 0, at=at, evidence_at=evidence_at)
        evidence.extend(_prove_not_revoked(question, revocation, index))
    return tuple(evidence)


def _prove_not_revoked(question: _Question, source: RevocationSource, index: CrlIndex) -> list[RevocationEvidence]:
    # A stranger's certificate must say where its state can be learnt. That of an authority was chosen by our operator, who
    # may also have placed its issuer's CRL.
    if question.is_leaf and not _names_a_place(question.certificate):
        raise PathRefused("revocation.no_place_named", name=question.names["name"])
    good: list[RevocationEvidence] = []
    failures: list[EvidenceRefused] = []
    answer = source.ocsp_for(question.certificate, question.issuer)
    if answer is not None:
        try:
            good.append(_judge_ocsp(answer, question, source, index))
        except EvidenceRefused as failure:
            failures.append(failure)
    try:
        good.append(_judge_crls(question, source, index))
    except EvidenceRefused as failure:
        failures.append(failure)
    # A responder that does not know the certificate outweighs a CRL, which cannot list what was never issued.
    if any(failure.code == "revocation.unknown_certificate" for failure in failures) or not good:
        raise _refusal(question, failures)
    return good


def _refusal(question: _Question, failures: Sequence[EvidenceRefused]) -> PathRefused:
    worst = min(failures, key=lambda failure: _TELLING.index(failure.code))
    if worst.code == "revocation.missing" and not _names_a_place(question.certificate):
        return PathRefused("revocation.no_place_named", name=question.names["name"])
    # Every sentence takes what it needs of these.
    return PathRefused(worst.code, **question.names, detail=worst.detail, until=worst.detail, since=worst.detail)


def _judge_crls(question: _Question, source: RevocationSource, index: CrlIndex) -> RevocationEvidence:
    """The newest current CRL that covers the certificate decides. Raises ``EvidenceRefused`` or ``PathRefused``."""
    failures: list[EvidenceRefused] = []
    usable: list[tuple[VerifiedCrl, bytes]] = []
    for data in source.crls_for(question.certificate, question.issuer):
        try:
            crl = index.verified(data, question.issuer)
            _check_scope(crl, question)
            _check_current(crl.this_update, crl.next_update, question.evidence_at)
        except EvidenceRefused as failure:
            failures.append(failure)
        else:
            usable.append((crl, data))
    if not usable:
        if failures:
            raise min(failures, key=lambda failure: _TELLING.index(failure.code))
        raise EvidenceRefused("revocation.missing", "no CRL at hand")
    crl, data = max(usable, key=lambda pair: (pair[0].this_update, pair[0].number or 0))
    entry = crl.find(question.certificate.serial_number)
    if entry is not None and question.counts(entry.counts_from):
        raise _revoked(question, entry.counts_from, entry.reason, on_hold=entry.reason == HOLD)
    if entry is None and question.certificate.not_valid_after_utc < crl.this_update:
        raise EvidenceRefused("revocation.out_of_scope", "it was made after the certificate had expired")
    return RevocationEvidence(
        fingerprint(question.certificate), "crl", crl.this_update, crl.next_update, crl.sha256, data
    )


def _check_scope(crl: VerifiedCrl, question: _Question) -> None:
    if question.is_leaf and crl.scope.only_authorities:
        raise EvidenceRefused("revocation.out_of_scope", "it covers authorities only")
    if not question.is_leaf and crl.scope.only_users:
        raise EvidenceRefused("revocation.out_of_scope", "it covers end users only")
    if crl.scope.places is not None and not set(crl.scope.places) & set(_crl_places(question.certificate)):
        raise EvidenceRefused("revocation.out_of_scope", "it is the list of another distribution point")


def _check_current(this_update: datetime, next_update: datetime | None, at: datetime) -> None:
    if this_update > at + CLOCK_SKEW:
        raise EvidenceRefused("revocation.not_yet_valid", f"{this_update:%Y-%m-%d %H:%M UTC}")
    until = next_update if next_update is not None else this_update + OCSP_MAX_AGE
    if at > until:
        raise EvidenceRefused("revocation.stale", f"{until:%Y-%m-%d %H:%M UTC}")


def _judge_ocsp(data: bytes, question: _Question, source: RevocationSource, index: CrlIndex) -> RevocationEvidence:
    answer = read_ocsp(data, question.certificate, question.issuer, at=question.evidence_at)
    _check_current(answer.this_update, answer.next_update, question.evidence_at)
    _check_responder(answer, question, source, index)
    if answer.status is ocsp_format.OCSPCertStatus.UNKNOWN:
        raise EvidenceRefused("revocation.unknown_certificate", "the OCSP service does not know the certificate")
    if answer.status is ocsp_format.OCSPCertStatus.REVOKED:
        since = answer.revoked_at or answer.this_update
        if question.counts(since):
            raise _revoked(question, since, answer.reason, on_hold=answer.on_hold)
    return RevocationEvidence(
        fingerprint(question.certificate),
        "ocsp",
        answer.this_update,
        answer.next_update,
        hashlib.sha256(data).hexdigest(),
        data,
    )


def _check_responder(answer: OcspAnswer, question: _Question, source: RevocationSource, index: CrlIndex) -> None:
    """A delegated responder without id-pkix-ocsp-nocheck must itself be proved not revoked, by a CRL (RFC 6960, 4.2.2.2.1)."""
    if answer.responder is None:
        return
    about = _Question(answer.responder, question.issuer, is_leaf=True, at=question.at, evidence_at=question.evidence_at)
    try:
        _judge_crls(about, source, index)
    except (EvidenceRefused, PathRefused) as failure:
        raise EvidenceRefused(
            "revocation.not_authentic", "the OCSP responder is not proved to be unrevoked"
        ) from failure


def _revoked(question: _Question, since: datetime, reason: str, *, on_hold: bool) -> PathRefused:
    when = f"{since:%Y-%m-%d %H:%M UTC}"
    if on_hold:
        return PathRefused("revocation.on_hold", name=question.names["name"], when=when)
    return PathRefused("revocation.revoked", name=question.names["name"], when=when, cause=reason)


def _names_a_place(certificate: x509.Certificate) -> bool:
    if any(True for _ in _crl_places(certificate)):
        return True
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return False
    return any(description.access_method == AuthorityInformationAccessOID.OCSP for description in access)


def _crl_places(certificate: x509.Certificate) -> Iterator[str]:
    """The addresses of the certificate's CRL distribution points."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return
    for point in points:
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier):
                yield name.value


@lru_cache(maxsize=1)
def _process_index() -> CrlIndex:
    """For sources without an index of their own: verified CRLs are remembered as long as the process lives."""
    return CrlIndex()
