"""Check each certificate of a chain and each link between two (RFC 5280, 6.1.3 and 6.1.4), revocation apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from udgam.signing.trust.algorithms import check_key, check_signature_algorithm
from udgam.signing.trust.certificates import display_name, key_usages
from udgam.signing.trust.refusals import PathRefused

# Extensions whose meaning is applied somewhere in this room, so they may be critical.
UNDERSTOOD = frozenset(
    {
        "2.5.29.14",  # subject key identifier
        "2.5.29.15",  # key usage
        "2.5.29.17",  # subject alternative name
        "2.5.29.18",  # issuer alternative name
        "2.5.29.19",  # basic constraints
        "2.5.29.30",  # name constraints
        "2.5.29.31",  # CRL distribution points
        "2.5.29.32",  # certificate policies
        "2.5.29.35",  # authority key identifier
        "2.5.29.36",  # policy constraints
        "2.5.29.37",  # extended key usage
        "2.5.29.54",  # inhibit anyPolicy
        "1.3.6.1.5.5.7.1.1",  # authority information access
    }
)


def check_signatures(chain: Sequence[x509.Certificate]) -> None:
    """Every certificate is signed by the key of the next, with keys and algorithms that are still safe.

    Raises ``PathRefused``: "path.weak_key", "path.weak_signature", "path.bad_signature".
    """
    for certificate, issuer in pairwise(chain):
        check_key(issuer)
        check_signature_algorithm(certificate)
        try:
            certificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise PathRefused(
                "path.bad_signature",
                name=display_name(certificate.subject),
                issuer=display_name(issuer.subject),
            ) from error
    check_key(chain[0])


def check_validity(chain: Sequence[x509.Certificate], at: datetime) -> None:
    """Every certificate, the anchor included, is within its dates at ``at``. Raises ``PathRefused``."""
    for place, certificate in enumerate(chain):
        codes = ("certificate.not_yet_valid", "certificate.expired")
        if place:
            codes = ("path.issuer_not_yet_valid", "path.issuer_expired")
        name = display_name(certificate.subject)
        if at < certificate.not_valid_before_utc:
            raise PathRefused(codes[0], name=name, since=moment(certificate.not_valid_before_utc))
        if at > certificate.not_valid_after_utc:
            raise PathRefused(codes[1], name=name, until=moment(certificate.not_valid_after_utc))


def check_authorities(chain: Sequence[x509.Certificate]) -> None:
    """Everything above the leaf is an authority, may sign certificates, and allows as many authorities below it as there are.

    Raises ``PathRefused``: "certificate.is_ca", "path.not_a_ca", "path.ca_key_usage", "path.too_long".
    """
    leaf_constraints = _basic_constraints(chain[0])
    if leaf_constraints is not None and leaf_constraints.ca:
        raise PathRefused("certificate.is_ca", name=display_name(chain[0].subject))
    below = 0
    for place, authority in enumerate(chain[1:], start=1):
        name = display_name(authority.subject)
        constraints = _basic_constraints(authority)
        # An old version 1 root has no extensions at all; being pinned makes it an authority. Nothing else is excused.
        old_root = place == len(chain) - 1 and authority.version is x509.Version.v1
        if not old_root and (constraints is None or not constraints.ca):
            raise PathRefused("path.not_a_ca", name=name)
        usages = key_usages(authority)
        if usages is not None and "keyCertSign" not in usages:
            raise PathRefused("path.ca_key_usage", name=name, what="certificates")
        if constraints is not None and constraints.path_length is not None and below > constraints.path_length:
            raise PathRefused("path.too_long", name=name)
        if authority.subject != authority.issuer:
            below += 1


def check_critical_extensions(chain: Sequence[x509.Certificate]) -> None:
    """No certificate below the anchor holds a critical extension that is not applied here. Raises ``PathRefused``."""
    for certificate in chain[:-1]:
        for extension in certificate.extensions:
            if extension.critical and extension.oid.dotted_string not in UNDERSTOOD:
                raise PathRefused(
                    "path.unknown_critical_extension",
                    name=display_name(certificate.subject),
                    oid=extension.oid.dotted_string,
                )


def check_leaf_usage(leaf: x509.Certificate, wanted: frozenset[str]) -> None:
    """The leaf states a key usage and allows at least one of ``wanted``. Raises ``PathRefused`` ("certificate.key_usage")."""
    usages = key_usages(leaf)
    if usages is None or not usages & wanted:
        stated = ", ".join(sorted(usages)) if usages else "not stated"
        raise PathRefused("certificate.key_usage", name=display_name(leaf.subject), usage=stated)


def _basic_constraints(certificate: x509.Certificate) -> x509.BasicConstraints | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return None


def moment(value: datetime) -> str:
    """A moment as it stands in a sentence, in UTC."""
    return value.strftime("%Y-%m-%d %H:%M UTC")
