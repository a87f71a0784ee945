"""Which origin a token may be bound to (RFC 6454; the ASCII serialisation of the browser, without a trailing slash)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from udgam.signing.trust.token.refusals import OriginRefused

_FORM = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::(?P<port>[0-9]{1,5}))?"
)
_DEFAULT_PORTS = {"https": 443, "http": 80}


def check_origin(origin: str) -> None:
    """Refuse what a browser would not attest in this spelling, and plain http but to this very machine.

    Raises ``OriginRefused``: "origin.malformed", "origin.trailing_slash", "origin.not_https".
    """
    form = _FORM.fullmatch(origin)
    if form is None:
        if origin.endswith("/") and _FORM.fullmatch(origin.rstrip("/")):
            raise OriginRefused("origin.trailing_slash", origin=origin[:200])
        raise OriginRefused(
            "origin.malformed",
            origin=origin[:200],
            detail="it is not scheme://host or scheme://host:port in lower case",
        )
    scheme, port = form["scheme"], form["port"]
    if port is not None and (
        not 1 <= int(port) <= 65_535 or int(port) == _DEFAULT_PORTS[scheme] or port.startswith("0")
    ):
        raise OriginRefused("origin.malformed", origin=origin[:200], detail="a browser does not write this port")
    if scheme == "http" and not is_loopback(origin):
        raise OriginRefused("origin.not_https", origin=origin[:200])


def is_loopback(origin: str) -> bool:
    """Whether the origin's host is this machine: localhost or a loopback address."""
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
