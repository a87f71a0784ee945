"""May this officer sign this, with this token, today?"""

from __future__ import annotations

import re
from datetime import datetime

from udgam.flow.applications.models import Application
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.refusals import IssueRefused
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.queries import current_tokens, is_enrolled
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.policies import standing_of
from udgam.parties.agencies.posts import Post, post_in, post_of
from udgam.rules import duties, endings
from udgam.rules.numbers import indian_date

_PIN = re.compile(r"[\s,–-]*\b[1-9][0-9]{2}\s?[0-9]{3}\b\.?")


def may_sign(person: Person, application: Application, token_sha256: str, now: datetime) -> Post:
    """The post in which the person may certify this application today. Raises `IssueRefused` with the reason."""
    today = indian_date(now)
    office = application.office
    post = post_in(person, application.office_id, today)
    if post is None or office is None:
        raise IssueRefused("issuance.no_post")
    answer = duties.may_sign(
        standing_of(post, certificate_enrolled=is_enrolled(person, token_sha256)),
        agency=office.agency.code,
        office=office.code,
        agreement=application.agreement,
        on=today,
    )
    if not answer:
        raise IssueRefused(answer.reason or "issuance.no_post", **answer.params)
    if application.needs_second_person and application.decided_by_id == person.pk:
        raise IssueRefused("duty.same_person")
    return post


def may_end(person: Person, certificate: Certificate, now: datetime) -> Post:
    """The post in which the person may cancel or supersede this certificate. Raises `IssueRefused` with the reason."""
    today = indian_date(now)
    post = post_of(person, today)
    if post is None:
        raise IssueRefused("issuance.no_post")
    office = certificate.office
    answer = endings.may_end(standing_of(post), agency=office.agency.code, office=office.code, on=today)
    if not answer:
        raise IssueRefused(answer.reason or "issuance.no_post", **answer.params)
    if certificate.state != "issued":
        raise IssueRefused("ending.not_counting", number=certificate.number)
    return post


def may_dispatch(person: Person, certificate: Certificate, now: datetime) -> Post:
    """The post in which the person may note that the print of this certificate was sent. Raises `IssueRefused` with the reason."""
    today = indian_date(now)
    post = post_in(person, certificate.office_id, today)
    if post is None:
        raise IssueRefused("issuance.no_post")
    office = certificate.office
    answer = duties.may_examine(standing_of(post), agency=office.agency.code, office=office.code, on=today)
    if not answer:
        raise IssueRefused(answer.reason or "issuance.no_post", **answer.params)
    return post


def can_end(person: Person, certificate: Certificate, now: datetime) -> bool:
    """Whether a page offers cancelling and superseding; the service asks again, with the reason."""
    try:
        may_end(person, certificate, now)
    except IssueRefused:
        return False
    return True


def approval_stands(certificate: Certificate, application: Application | None) -> bool:
    """Whether the application is still approved, by the very approval on which the certificate was prepared."""
    return (
        application is not None
        and application.state == "approved"
        and application.decided_at is not None
        and application.decided_at == certificate.approved_at
    )


def token_to_use(person: Person, shown_sha256: str) -> str:
    """The enrolled token that a certificate will name: the one of this session if it still counts, else the newest; or ""."""
    known = list(current_tokens(person).values_list("sha256", flat=True))
    if shown_sha256 in known:
        return shown_sha256
    return known[0] if known else ""


def place_of(office: Office) -> str:
    """The town where the office is: the line of its address that carries the postal code, without the code."""
    lines = [line.strip() for line in office.address.splitlines() if line.strip()]
    for line in reversed(lines):
        town, found = _PIN.subn("", line)
        if found and town.strip(" ,"):
            return town.strip(" ,").rpartition(",")[2].strip() or town.strip(" ,")
    return lines[-1] if lines else office.name
