"""Find the certificate chains that could lead from a certificate to a pinned anchor (RFC 4158, kept small on purpose)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from cryptography import x509

from udgam.signing.trust.certificates import fingerprint
from udgam.signing.trust.store import TrustStore

# India's hierarchy: root, licensed authority, at most one sub-authority, subscriber. So two authorities at most lie between
# the anchor and the certificate (Certifying Authorities' interoperability guidelines).
MAX_INTERMEDIATES = 2
# Cross-certificates multiply paths; a stranger who sends many certificates of one name must not cost us more than this.
MAX_CANDIDATES = 12

Chain = tuple[x509.Certificate, ...]


def candidate_chains(
    certificate: x509.Certificate, store: TrustStore, extra: Sequence[x509.Certificate] = ()
) -> Iterator[Chain]:
    """Chains from ``certificate`` (first) to an anchor (last) whose names fit; nothing about them is verified yet.

    Anchors are tried before intermediates, so the shortest path to something pinned comes first. ``extra`` are certificates
    that came along with a signature; they help to build the path and are as unverified as the certificate itself.
    """
    yield from islice(_extend((certificate,), store, extra), MAX_CANDIDATES)


def _extend(chain: Chain, store: TrustStore, extra: Sequence[x509.Certificate]) -> Iterator[Chain]:
    last = chain[-1]
    for anchor in _likely_first(last, store.anchors_named(last.issuer)):
        yield (*chain, anchor)
    if len(chain) > MAX_INTERMEDIATES:
        return
    used = {fingerprint(link) for link in chain}
    hints = [*store.intermediates_named(last.issuer), *(hint for hint in extra if hint.subject == last.issuer)]
    for hint in _likely_first(last, hints):
        mark = fingerprint(hint)
        if mark not in used and not store.is_anchor(hint):
            used.add(mark)
            yield from _extend((*chain, hint), store, extra)


def _likely_first(child: x509.Certificate, issuers: Sequence[x509.Certificate]) -> Sequence[x509.Certificate]:
    """Issuers whose key identifier is the one that the child names come first; the identifier is a hint, never a proof."""
    if len(issuers) < 2:
        return issuers
    wanted = _authority_key(child)
    return sorted(issuers, key=lambda issuer: wanted is None or _subject_key(issuer) != wanted)


def _authority_key(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        return None


def _subject_key(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None
