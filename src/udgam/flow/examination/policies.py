"""May this officer act on this application, and how?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import cast

from udgam.flow.applications.models import Application
from udgam.flow.examination.queries import Case
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.policies import NO_POST, standing_of
from udgam.parties.agencies.posts import Post, post_in
from udgam.rules import duties
from udgam.rules.decisions import Level, Risk, SeparationPolicy, assess, two_people_needed
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Answer

ACTS = (
    "take_up",
    "take_over",
    "put_back",
    "reassign",
    "hold",
    "raise_discrepancy",
    "ask_verification",
    "report_verification",
    "approve",
    "refuse",
    "send_back",
)
# What a case needs that a colleague has taken up: it can be put back or given on, by anybody in the office, for the colleague may be
# on leave; and taken over once the time has run out. Whoever goes on with it then stands in the record beside the first.
_ON_A_COLLEAGUES = ("put_back", "reassign")


def may_decide(person: Person, application: Application, now: datetime) -> tuple[Answer, Post | None]:
    """Whether the person may decide about this application today, and in which post: the own one or a colleague's on leave."""
    today = indian_date(now)
    post = post_in(person, application.office_id, today)
    if post is None or application.office is None:
        return NO_POST, None
    answer = duties.may_decide(
        standing_of(post),
        agency=application.office.agency.code,
        office=application.office.code,
        agreement=application.agreement,
        on=today,
    )
    return answer, post


def acts_open_to(person: Person, application: Application, now: datetime) -> tuple[str, ...]:
    """The acts that make sense now for this person, in the order of the usual way."""
    is_own = application.examiner_id == person.pk
    possible = {act for act in ACTS if act != "hold" and APPLICATION.allows(application.state, act)}
    if application.state == "under_examination":
        if is_own:
            possible = (possible | {"hold"}) - {"take_over"}
        else:
            is_free = application.claimed_until is None or application.claimed_until <= now
            possible &= {*_ON_A_COLLEAGUES, *(("take_over",) if is_free else ())}
    return tuple(act for act in ACTS if act in possible)


def risk_of(case: Case) -> Risk:
    """How carefully the case wants to be looked at, and why."""
    content, history = case.content, case.firm
    return assess(
        rules_find=bool(case.findings),
        same_invoice=bool(case.same_invoices),
        refused_before=history.refused_lately > 0,
        contradicts_engine=any(claim.reason for claim in content.claims),
        first_of_firm=history.issued == 0,
        new_goods=not case.same_goods,
        after_shipment=content.transport.shipment == "after",
        third_party=content.third_party is not None,
    )


def separation_of(application: Application) -> SeparationPolicy:
    """When the agency of the case wants two people."""
    agency = application.office.agency if application.office else None
    if agency is None:
        return SeparationPolicy(always=True)
    return SeparationPolicy(
        always=agency.two_people_always,
        from_amount=agency.two_people_from_inr,
        from_level=cast(Level, agency.two_people_from_level) if agency.two_people_from_level else None,
    )


def second_person_needed(case: Case, *, fob_inr: Decimal | None) -> bool:
    """Whether somebody else than the officer who approves must sign this case."""
    return two_people_needed(separation_of(case.application), risk=risk_of(case), fob_inr=fob_inr)
