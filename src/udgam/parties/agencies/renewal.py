"""A renewed certificate of an officer counts when it satisfies the same rule as the enrolled one."""

from __future__ import annotations

from datetime import datetime

from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.queries import current_post_by_username, named_exceptions
from udgam.rules.binding import CertificateFacts, Decision, decide_officer


def judge_token(officer: Officer, facts: CertificateFacts) -> Decision:
    """Whether a certificate may act for the officer, leaving aside that it is not enrolled yet."""
    agency = officer.office.agency
    return decide_officer(
        facts,
        agency_name=agency.registered_name,
        officer_name=officer.person.name,
        organisation_exceptions=named_exceptions(agency.id),
        enrolling=True,
    )


def decide_renewal(person: Person, facts: CertificateFacts, now: datetime) -> Decision:
    """The answer for a renewed certificate of the same holder."""
    officer = current_post_by_username(person.username)
    if officer is None:
        return decide_officer(facts, agency_name="")
    return judge_token(officer, facts)
