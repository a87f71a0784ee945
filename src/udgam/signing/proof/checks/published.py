"""Steps 16 and 17: what became of the certificate since?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from udgam.signing.proof.checks.case import Case, moment_text
from udgam.signing.proof.status import StatusSource, StatusUnavailable
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told


def status(case: Case) -> Told:
    """16. The issuer says what became of the certificate: a signed list in the trust folder, or the issuer's site."""
    number = case.content.number
    problem = Told("Nobody was asked.")
    for source in _sources(case):
        try:
            found = source.status_of(number)
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


def same_content(case: Case) -> Told:
    """17. The number was issued for this very content, where the issuer publishes its digest."""
    published = case.published.content_sha256
    if published is None:
        raise Skips("The issuer publishes no digest for this number.")
    if published != hashlib.sha256(case.content_bytes).hexdigest():
        raise Fails("The issuer issued this number for other content.")
    return Told("The issuer names the digest of exactly this content.")


def _sources(case: Case) -> Iterator[StatusSource]:
    if case.status_source is not None:
        yield case.status_source
    try:
        snapshot = case.trust.snapshot(at=case.at, agency=case.content.issuer.agency)
    except StatusUnavailable as error:
        case.warnings.append(refusal_told(error))
        return
    if snapshot is not None:
        yield snapshot
