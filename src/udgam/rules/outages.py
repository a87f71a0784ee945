"""How long issuing goes on while a service that it leans on is silent.

The periods are law-like and stand here once, not in settings. The model is X-Road's rule for time stamps: work goes on for a
bounded time, the duty to stamp stays, and then issuing stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from udgam.rules.refusals import YES, Answer, Reason, no

# Certificates are issued without a time stamp for so long after the service first failed; each of them is stamped later.
WITHOUT_TIME_STAMPS = timedelta(hours=4)
# A token's status that was last heard of longer ago than this does not count, even if its list says that it lasts longer.
WITHOUT_STATUS = timedelta(hours=24)
# A time-stamp service that is silent is asked again after this long; meanwhile nobody waits for it.
ASK_AGAIN_AFTER = timedelta(minutes=1)

REASONS: Mapping[str, Reason] = {
    "outage.time_stamps": Reason(
        "The time-stamp service has been silent for more than {hours} hours, so nothing is issued until it answers.",
        "Your signatures are kept for a day; the platform goes on by itself as soon as the service answers.",
    ),
    "outage.status": Reason(
        "Whether this token is still good was last heard more than {hours} hours ago, so it does not sign.",
        "Wait until the certification authority answers again, and tell the operator.",
    ),
}


def may_issue_unstamped(*, silent_since: datetime, now: datetime) -> Answer:
    """Whether a certificate may be sealed without a time stamp, to be stamped later."""
    if now - silent_since < WITHOUT_TIME_STAMPS:
        return YES
    return no(REASONS, "outage.time_stamps", hours=_hours(WITHOUT_TIME_STAMPS))


def may_rely_on_status(*, heard_at: datetime | None, now: datetime) -> Answer:
    """Whether the last known status of a token is recent enough. None: the authority's own list is all there is; its dates bind."""
    if heard_at is None or now - heard_at < WITHOUT_STATUS:
        return YES
    return no(REASONS, "outage.status", hours=_hours(WITHOUT_STATUS))


def _hours(period: timedelta) -> str:
    return str(int(period / timedelta(hours=1)))
