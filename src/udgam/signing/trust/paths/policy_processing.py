"""Which certificate policies hold for a whole path (RFC 5280, 6.1.2 to 6.1.5), without the tree.

The valid policy tree only ever asks two things: which policies may the next certificate assert, and which policies of the
anchor's domain do they stand for. So a mapping from expected policy to those origins carries all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509

from udgam.signing.trust.certificates import display_name, policies
from udgam.signing.trust.refusals import PathRefused

ANY_POLICY = "2.5.29.32.0"
_POLICY_MAPPINGS = x509.ObjectIdentifier("2.5.29.33")

Expected = dict[str, frozenset[str]]


def valid_policies(below_anchor: Sequence[x509.Certificate], *, required: str | None) -> frozenset[str]:
    """The policies that hold from the anchor to the leaf; ``below_anchor`` runs from the topmost authority to the leaf.

    Raises ``PathRefused``: "path.policy_missing" if ``required`` (dotted identifier) is not among them, or if an authority
    demands an explicit policy and none is left; "path.unknown_critical_extension" for policy mappings, which no Indian
    authority uses and which are refused rather than half understood.
    """
    expected: Expected = {ANY_POLICY: frozenset({ANY_POLICY})}
    leaf = below_anchor[-1]
    explicit = inhibit_any = len(below_anchor) + 1
    for place, certificate in enumerate(below_anchor):
        is_leaf = place == len(below_anchor) - 1
        self_issued = certificate.subject == certificate.issuer
        any_allowed = inhibit_any > 0 or (self_issued and not is_leaf)
        expected = _narrow(expected, policies(certificate), any_allowed=any_allowed)
        _refuse_mappings(certificate)
        if not self_issued:
            explicit, inhibit_any = max(explicit - 1, 0), max(inhibit_any - 1, 0)
        explicit, inhibit_any = _constrain(certificate, explicit, inhibit_any, is_leaf=is_leaf)
    held = _held(expected)
    if required is not None and required not in held and ANY_POLICY not in held:
        raise PathRefused("path.policy_missing", name=display_name(leaf.subject), policy=required)
    if explicit == 0 and not expected:
        raise PathRefused("path.policy_missing", name=display_name(leaf.subject), policy=required or "of any kind")
    return held


def _narrow(expected: Expected, asserted: tuple[str, ...] | None, *, any_allowed: bool) -> Expected:
    """6.1.3 (d) and (e): keep what the certificate asserts of what was expected of it."""
    if asserted is None:
        return {}
    kept: Expected = {}
    for policy in asserted:
        if policy == ANY_POLICY:
            continue
        if policy in expected:
            kept[policy] = expected[policy]
        elif ANY_POLICY in expected:
            kept[policy] = frozenset({policy})
    if ANY_POLICY in asserted and any_allowed:
        for policy, origins in expected.items():
            kept.setdefault(policy, origins)
    return kept


def _held(expected: Expected) -> frozenset[str]:
    return frozenset(origin for origins in expected.values() for origin in origins)


def _refuse_mappings(certificate: x509.Certificate) -> None:
    for extension in certificate.extensions:
        if extension.oid == _POLICY_MAPPINGS:
            raise PathRefused(
                "path.unknown_critical_extension",
                name=display_name(certificate.subject),
                oid=_POLICY_MAPPINGS.dotted_string,
            )


def _constrain(certificate: x509.Certificate, explicit: int, inhibit_any: int, *, is_leaf: bool) -> tuple[int, int]:
    """6.1.4 (i), (j) and 6.1.5 (b): an authority may demand policies of what follows, or forbid anyPolicy."""
    extensions = certificate.extensions
    try:
        demanded = extensions.get_extension_for_class(x509.PolicyConstraints).value.require_explicit_policy
    except x509.ExtensionNotFound:
        demanded = None
    if demanded is not None and (not is_leaf or demanded == 0):
        explicit = min(explicit, demanded)
    try:
        skip = extensions.get_extension_for_class(x509.InhibitAnyPolicy).value.skip_certs
    except x509.ExtensionNotFound:
        return explicit, inhibit_any
    return explicit, min(inhibit_any, skip)
