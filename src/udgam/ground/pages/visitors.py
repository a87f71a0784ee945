"""Where a request comes from: the address and the device, as far as they are worth keeping."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Visitor:
    """The sender of a request. ``address`` is None where the server could not tell."""

    address: str | None
    device: str

    @property
    def network(self) -> str:
        """What counts as one place: an IPv4 address, or the 64-bit network of an IPv6 one, which one customer owns."""
        if self.address is None:
            return "unknown"
        parsed = ipaddress.ip_address(self.address)
        if parsed.version == 6:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        return str(parsed)


def visitor_of(request: HttpRequest) -> Visitor:
    """Read address and device.

    ``X-Forwarded-For`` can be written by anyone, so it counts only where ``settings.TRUSTED_PROXIES`` says how many
    proxies of our own append to it; the entry that the outermost of them wrote is taken.
    """
    claimed = str(request.META.get("REMOTE_ADDR", ""))
    proxies = int(getattr(settings, "TRUSTED_PROXIES", 0))
    if proxies:
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        if len(hops) >= proxies:
            claimed = hops[-proxies]
    device = "".join(sign for sign in str(request.META.get("HTTP_USER_AGENT", "")) if sign.isprintable())
    return Visitor(address=_address(claimed), device=device[:200])


def _address(claimed: str) -> str | None:
    try:
        parsed = ipaddress.ip_address(claimed)
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
