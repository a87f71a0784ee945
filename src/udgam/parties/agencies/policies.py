"""May this officer do that? The answer comes from `rules.duties`, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.posts import Post
from udgam.rules import duties
from udgam.rules.duties import Duty, OfficerStanding
from udgam.rules.refusals import Answer

NO_POST = Answer(
    allowed=False,
    reason="duty.no_post",
    message="You hold no post at present.",
    advice="Ask the administrator of your agency.",
)
_DUTIES: dict[str, frozenset[Duty]] = {
    Officer.Role.EXAMINER: frozenset({"examiner"}),
    Officer.Role.SIGNATORY: frozenset({"examiner", "signatory"}),
    Officer.Role.ADMINISTRATOR: frozenset(),
}


def why_not_at_work(posts: Sequence[Post], on: date) -> Answer | None:
    """Why somebody with these posts can do nothing on a day; None when one of the posts counts.

    For the first page that an officer meets: an empty desk would not say why it is empty.
    """
    answers = [
        duties.may_examine(standing_of(post), agency=post.agency_code, office=post.office_code, on=on) for post in posts
    ]
    if not answers:
        return NO_POST
    return None if any(answer.allowed for answer in answers) else answers[0]


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
