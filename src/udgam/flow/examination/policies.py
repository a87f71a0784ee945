"""May this officer act on this application, and how?"""

from __future__ import annotations

from datetime import datetime

from udgam.flow.applications.models import Application
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.policies import standing_of
from udgam.parties.agencies.queries import Post, post_of
from udgam.rules import duties
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Answer

ACTS = ("take_up", "put_back", "raise_discrepancy", "approve", "refuse", "send_back")


def may_decide(person: Person, application: Application, now: datetime) -> tuple[Answer, Post | None]:
    """Whether the person's post allows to decide about this application today, and that post."""
    today = indian_date(now)
    post = post_of(person, today)
    if post is None or application.office is None:
        return Answer(
            allowed=False,
            reason="duty.no_post",
            message="You hold no post at present.",
            advice="Ask the administrator of your agency.",
        ), None
    answer = duties.may_decide(
        standing_of(post),
        agency=application.office.agency.code,
        office=application.office.code,
        agreement=application.agreement,
        on=today,
    )
    return answer, post


def acts_open_to(person: Person, application: Application) -> tuple[str, ...]:
    """The acts that make sense now. A case that a colleague has taken up can only be put back, by anybody in the office: the
    colleague may be on leave. Whoever goes on with it then takes it up, and the record shows both.
    """
    possible = [act for act in ACTS if APPLICATION.allows(application.state, act)]
    if application.state == "under_examination" and application.examiner_id != person.pk:
        return tuple(act for act in possible if act == "put_back")
    return tuple(possible)
