"""Who is asking: origins as the browser attests them in the Origin header (RFC 6454), and the list of trusted sites."""

from __future__ import annotations

import re
from dataclasses import dataclass

from udgam_agent.errors import Refused

# A host name or an IPv4 address in lower case, as browsers serialise it, and an optional port. No path, no user name.
_HTTPS = re.compile(r"https://(?P<host>[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(:(?P<port>[1-9][0-9]{0,4}))?")
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost)(:(?P<port>[1-9][0-9]{0,4}))?")


@dataclass(frozen=True)
class Origin:
    """A site the agent may talk to. `sandbox` marks plain http on this very machine, which is shown on screen."""

    text: str
    sandbox: bool


def read_origin(header: str | None) -> Origin:
    """Return the attested origin, or refuse.

    Absent and "null" are refused: then nobody attests who asks. Plain http is accepted from this machine only.
    """
    if header is None or header == "":
        raise Refused("agent.origin-missing", status=403)
    if header == "null":
        raise Refused("agent.origin-null", status=403)
    for pattern, sandbox in ((_HTTPS, False), (_LOOPBACK, True)):
        found = pattern.fullmatch(header)
        if found and int(found["port"] or 1) <= 65535:
            return Origin(header, sandbox)
    raise Refused("agent.origin-not-allowed", status=403, origin=header[:200])
