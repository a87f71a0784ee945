"""Which addresses may be called.

Certificates and other papers of strangers name addresses. Without this check a stranger could make the platform call the
machines beside it (server-side request forgery). So a host name is resolved once, every address it has must be public, and the
connection goes to exactly the address that was checked: a name that changes its answer in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from udgam.ground.connectors.failures import AddressNotAllowed, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# RFC 6052: addresses that carry an IPv4 address in their last 32 bits.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def check_url(url: str) -> SplitResult:
    """The parts of an http(s) address with a host and without a user. Raises ``AddressNotAllowed``."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressNotAllowed(f"The address cannot be read: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressNotAllowed("Only http and https addresses with a host are called.")
    if parts.username is not None or parts.password is not None or port == 0:
        raise AddressNotAllowed("An address with a user name or without a port is not called.")
    return parts


def resolve(host: str, port: int) -> str:
    """The address to connect to, checked. Raises ``Unreachable`` or ``AddressNotAllowed``."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"The name {host!r} cannot be resolved.") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses:
        raise Unreachable(f"The name {host!r} has no address.")
    if host.lower() not in {name.lower() for name in settings.CONNECTOR_PRIVATE_HOSTS}:
        for address in addresses:
            if not is_public(address):
                raise AddressNotAllowed(
                    f"{host} leads to an address that is not public; list it in UDGAM_PRIVATE_HOSTS."
                )
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether the address, and any IPv4 address hidden inside it, belongs to the public network."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved
