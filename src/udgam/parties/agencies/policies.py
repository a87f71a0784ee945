"""May this officer do that? The answer comes from `rules.duties`, with the reason."""

from __future__ import annotations

from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.queries import Post
from udgam.rules.duties import Duty, OfficerStanding

_DUTIES: dict[str, frozenset[Duty]] = {
    Officer.Role.EXAMINER: frozenset({"examiner"}),
    Officer.Role.SIGNATORY: frozenset({"examiner", "signatory"}),
    Officer.Role.ADMINISTRATOR: frozenset(),
}


def standing_of(post: Post, *, certificate_enrolled: bool = True) -> OfficerStanding:
    """The post as the rules know it."""
    return OfficerStanding(
        agency=post.agency_code,
        office=post.office_code,
        duties=_DUTIES[post.role],
        since=post.since,
        until=post.until,
        agency_suspended=post.agency_is_suspended,
        office_suspended=post.office_is_suspended,
        suspended=post.is_suspended,
        on_leave=post.is_on_leave,
        agreements=post.agreements,
        certificate_enrolled=certificate_enrolled,
    )
