"""Steps 16 and 17: what became of the certificate since?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from udgam.signing.proof.checks.case import Case, Fails, Skips
from udgam.signing.proof.status import StatusSource, StatusUnavailable


def status(case: Case) -> str:
    """16. The issuer says what became of the certificate: a signed list in the trust folder, or the issuer's site."""
    number = case.content.number
    problem = "Nobody was asked."
    for source in _sources(case):
        try:
            found = source.status_of(number)
        except StatusUnavailable as error:
            problem = error.message
            case.warnings.append(error.message)
            continue
        case.published = found
        if found.status == "unknown":
            problem = "The issuer does not know this number."
            continue
        since = f" (as of {found.as_of.isoformat()})" if found.as_of else ""
        if found.status != "issued":
            case.warnings.append(f"The certificate was {found.status}{since}.")
        return f"The issuer says: {found.status}{since}."
    raise Skips(problem)


def same_content(case: Case) -> str:
    """17. The number was issued for this very content, where the issuer publishes its digest."""
    published = case.published.content_sha256
    if published is None:
        raise Skips("The issuer publishes no digest for this number.")
    if published != hashlib.sha256(case.content_bytes).hexdigest():
        raise Fails("The issuer issued this number for other content.")
    return "The issuer names the digest of exactly this content."


def _sources(case: Case) -> Iterator[StatusSource]:
    if case.status_source is not None:
        yield case.status_source
    try:
        snapshot = case.trust.snapshot(at=case.at, agency=case.content.issuer.agency)
    except StatusUnavailable as error:
        case.warnings.append(error.message)
        return
    if snapshot is not None:
        yield snapshot
