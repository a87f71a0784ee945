"""The proof that a certificate may be believed, in numbered steps (RFC 5280, section 6, and the house's hard rules)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography import x509

from udgam.signing.trust.certificates import check_well_formed, display_name, fingerprint
from udgam.signing.trust.paths.building import Chain, candidate_chains
from udgam.signing.trust.paths.links import (
    check_authorities,
    check_critical_extensions,
    check_leaf_usage,
    check_signatures,
    check_validity,
)
from udgam.signing.trust.paths.name_constraints import check_names
from udgam.signing.trust.paths.policy_processing import valid_policies
from udgam.signing.trust.refusals import CertificateUnreadable, PathRefused
from udgam.signing.trust.revocation.checking import RevocationEvidence, check_chain_not_revoked
from udgam.signing.trust.revocation.sources import RevocationSource
from udgam.signing.trust.store import TrustStore

# So many chains are remembered.
_KEPT = 256
SIGN_IN_USAGE = frozenset({"digitalSignature"})
SIGNATURE_USAGE = frozenset({"digitalSignature", "nonRepudiation"})


@dataclass(frozen=True)
class ValidatedPath:
    """A path that held at ``at``: ``certificates`` run from the leaf to the anchor.

    ``policies`` are the dotted identifiers that hold for the whole path ("2.5.29.32.0" stands for any policy).
    ``revocation`` is what proved that nothing on the path was revoked; it is empty only after ``NoRevocation()``.
    """

    certificates: Chain
    policies: frozenset[str]
    at: datetime
    revocation: tuple[RevocationEvidence, ...]

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate that was asked about."""
        return self.certificates[0]

    @property
    def anchor(self) -> x509.Certificate:
        """The pinned certificate that the path ends at."""
        return self.certificates[-1]

    @property
    def revocation_checked(self) -> bool:
        """Whether revocation was looked at."""
        return bool(self.revocation)

    def evidence(self) -> dict[str, Any]:
        """What to keep beside a decision, as plain JSON values: digests and dates, no bytes."""
        return {
            "at": self.at.isoformat(),
            "path": [
                {"subject": link.subject.rfc4514_string(), "sha256": fingerprint(link)} for link in self.certificates
            ],
            "policies": sorted(self.policies),
            "revocation": [item.to_json() for item in self.revocation],
        }


def validate_path(
    certificate: x509.Certificate,
    *,
    store: TrustStore,
    revocation: RevocationSource,
    at: datetime,
    policy: str | None = None,
    evidence_at: datetime | None = None,
    intermediates: Sequence[x509.Certificate] = (),
    key_usages: frozenset[str] = SIGN_IN_USAGE,
) -> ValidatedPath:
    """Prove that ``certificate`` may be believed at ``at`` (aware), or raise ``PathRefused`` with the reason.

    ``policy`` is the dotted identifier that the whole path must carry, if one is required. ``evidence_at`` is when the
    revocation evidence must be current; it is ``at`` unless a past moment is judged with today's evidence, in which case a
    revocation that came into force after ``at`` does not count. ``intermediates`` came along with the certificate and are
    not trusted. The leaf must allow one of ``key_usages``. Failing to learn the revocation state is a refusal.
    """
    if at.tzinfo is None or (evidence_at is not None and evidence_at.tzinfo is None):
        raise ValueError("moments must be aware")
    _check_leaf_readable(certificate)
    if store.is_anchor(certificate):
        raise PathRefused("path.leaf_is_anchor", name=display_name(certificate.subject))
    refusal: PathRefused | None = None
    for chain in candidate_chains(certificate, store, intermediates):
        try:
            policies = _check_chain(chain, at=at, policy=policy, key_usages=key_usages)
            evidence = check_chain_not_revoked(
                chain, revocation=revocation, at=at, evidence_at=evidence_at if evidence_at is not None else at
            )
        except PathRefused as error:
            # A namesake with another key says little; what stopped the path that fits says more.
            if refusal is None or refusal.code == "path.bad_signature":
                refusal = error
            continue
        return ValidatedPath(chain, policies, at, evidence)
    if refusal is None:
        name, issuer = display_name(certificate.subject), display_name(certificate.issuer)
        raise PathRefused("path.issuer_unknown", name=name, issuer=issuer)
    raise refusal


def _check_leaf_readable(certificate: x509.Certificate) -> None:
    try:
        check_well_formed(certificate)
    except CertificateUnreadable as refusal:
        raise PathRefused("certificate.malformed", **refusal.params) from refusal


def _check_chain(chain: Chain, *, at: datetime, policy: str | None, key_usages: frozenset[str]) -> frozenset[str]:
    # 1. Names chain (the builder saw to it) and every certificate is signed by the next, with safe keys and algorithms.
    _check_signatures(chain)
    # 2. All certificates, the anchor included, are within their dates.
    check_validity(chain, at)
    # 3. to 7. What else the certificates themselves say.
    return _check_rights(chain, policy, key_usages)


@lru_cache(maxsize=_KEPT)
def _check_signatures(chain: Chain) -> None:
    """What the bytes of the certificates settle for all times is asked once for each chain; a refusal is found anew each time."""
    check_signatures(chain)


@lru_cache(maxsize=_KEPT)
def _check_rights(chain: Chain, policy: str | None, key_usages: frozenset[str]) -> frozenset[str]:
    # 3. Everything above the leaf is an authority with the right to sign certificates, to this depth.
    check_authorities(chain)
    # 4. Nothing critical is left that we do not apply.
    check_critical_extensions(chain)
    # 5. No authority was exceeded in the names it may issue for.
    check_names(chain)
    # 6. The policy holds for the whole path.
    policies = valid_policies(tuple(reversed(chain[:-1])), required=policy)
    # 7. The leaf's key is for this use.
    check_leaf_usage(chain[0], key_usages)
    # 8. Revocation follows, from the anchor downwards, in check_chain_not_revoked.
    return policies
