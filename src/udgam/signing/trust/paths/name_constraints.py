"""Where an authority may only issue for some names (RFC 5280, 4.2.1.10)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from udgam.signing.trust.certificates import display_name
from udgam.signing.trust.refusals import PathRefused


def check_names(chain: Sequence[x509.Certificate]) -> None:
    """Check every certificate against the constraints of the authorities above it; ``chain`` runs from leaf to anchor.

    Self-issued authorities are exempt, the leaf never is. A constraint on a kind of name that is not understood here refuses
    certificates that bear such a name. Raises ``PathRefused`` ("path.name_not_permitted").
    """
    for place in range(1, len(chain)):
        constraints = _constraints(chain[place])
        if constraints is None:
            continue
        for below, certificate in enumerate(chain[:place]):
            if below == 0 or certificate.subject != certificate.issuer:
                _check(certificate, constraints)


def _constraints(authority: x509.Certificate) -> x509.NameConstraints | None:
    try:
        return authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return None


def _check(certificate: x509.Certificate, constraints: x509.NameConstraints) -> None:
    for name in _names(certificate):
        excluded = [base for base in constraints.excluded_subtrees or () if type(base) is type(name)]
        if any(_within(name, base) for base in excluded):
            raise _refusal(certificate, name, "it lies in an excluded part")
        permitted = [base for base in constraints.permitted_subtrees or () if type(base) is type(name)]
        if permitted and not any(_within(name, base) for base in permitted):
            raise _refusal(certificate, name, "it lies outside the permitted part")


def _refusal(certificate: x509.Certificate, name: x509.GeneralName, detail: str) -> PathRefused:
    kind = type(name).__name__
    return PathRefused("path.name_not_permitted", name=display_name(certificate.subject), detail=f"{kind}: {detail}")


def _names(certificate: x509.Certificate) -> Iterator[x509.GeneralName]:
    if tuple(certificate.subject):
        yield x509.DirectoryName(certificate.subject)
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        alternatives = None
    if alternatives is not None:
        yield from alternatives
    # 4.2.1.10: an e-mail address in the subject counts when there is no alternative name to hold it.
    if alternatives is None:
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
            yield x509.RFC822Name(str(attribute.value))


def _within(name: x509.GeneralName, base: x509.GeneralName) -> bool:
    """Whether ``name`` lies in the subtree ``base`` of the same kind. Kinds not understood raise ``PathRefused``."""
    if isinstance(name, x509.DirectoryName) and isinstance(base, x509.DirectoryName):
        wanted = base.value.rdns
        return name.value.rdns[: len(wanted)] == wanted
    if isinstance(name, x509.RFC822Name) and isinstance(base, x509.RFC822Name):
        return _mail_within(name.value, base.value)
    if isinstance(name, x509.DNSName) and isinstance(base, x509.DNSName):
        host, suffix = name.value.lower(), base.value.lower().lstrip(".")
        return not suffix or host == suffix or host.endswith("." + suffix)
    if isinstance(name, x509.UniformResourceIdentifier) and isinstance(base, x509.UniformResourceIdentifier):
        return _host_within((urlsplit(name.value).hostname or "").lower(), base.value.lower())
    if isinstance(name, x509.IPAddress) and isinstance(base, x509.IPAddress):
        network, address = base.value, name.value
        if isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network) and isinstance(
            address, ipaddress.IPv4Address | ipaddress.IPv6Address
        ):
            return address.version == network.version and address in network
    raise PathRefused(
        "path.name_not_permitted", name=str(name.value), detail="a constraint on this kind of name is not understood"
    )


def _mail_within(address: str, base: str) -> bool:
    local, _, host = address.rpartition("@")
    if "@" in base:
        base_local, _, base_host = base.rpartition("@")
        return (local, host.lower()) == (base_local, base_host.lower())
    return _host_within(host.lower(), base.lower())


def _host_within(host: str, base: str) -> bool:
    """A base with a leading dot means hosts below it; without one it means exactly that host."""
    return host.endswith(base) if base.startswith(".") else host == base
