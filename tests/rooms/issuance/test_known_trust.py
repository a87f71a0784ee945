"""The trust list that our own check believes is kept in the process, and never a moment longer than its rows say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.rooms.issuance.office import Signatory
from udgam.flow.applications.models import Application
from udgam.flow.issuance.models import Certificate, Edition, IssuerKey, RegisterKey, UsedSeal
from udgam.flow.issuance.register.known_trust import known_trust
from udgam.flow.issuance.register.trust_list import current_trust_list, list_keys
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, Authorisation, Office, Officer

pytestmark = pytest.mark.django_db

CHANGES: dict[str, Callable[[Certificate], object]] = {
    "the agency’s name": lambda one: Agency.objects.filter(id=one.office.agency_id).update(
        registered_name="Another name"
    ),
    "the office’s address": lambda one: Office.objects.filter(id=one.office_id).update(
        address="Elsewhere\nNashik 422001"
    ),
    "the end of an authorisation": lambda one: Authorisation.objects.filter(office=one.office_id).update(
        valid_until=one.issued_on + timedelta(days=9)
    ),
    "the end of a post": lambda one: Officer.objects.filter(person=one.signatory_id).update(ended_at=timezone.now()),
    "the officer’s name": lambda one: Person.objects.filter(id=one.signatory_id).update(name="Another Name"),
    "a token that is retired": lambda one: one.signatory.tokens.update(
        retired_at=timezone.now(), retired_reason="lost"
    ),
    "a key that is revoked": lambda one: IssuerKey.objects.update(
        revoked_at=timezone.now(), revoked_reason="key-compromise"
    ),
    "a seal that is revoked": lambda one: UsedSeal.objects.update(revoked_at=timezone.now()),
    "a key of the register that ended": lambda one: RegisterKey.objects.update(ended_at=timezone.now()),
    "another edition": lambda one: Edition.objects.filter(name="trust-list").update(version=99),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_is_known_at_once(officer: Signatory, application: Application, what: str) -> None:
    certificate = officer.issue(application)
    run_deferred()
    before = known_trust()
    CHANGES[what](certificate)
    after = known_trust()
    assert after != before
    assert (after.listed, after.pin.keys) == (current_trust_list(), list_keys())


def test_a_list_that_did_not_change_costs_one_statement(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    run_deferred()
    before = known_trust()
    Person.objects.filter(id=officer.person.pk).update(mobile="+919800000000")
    with CaptureQueriesContext(connection) as asked:
        assert known_trust() is before
    assert len(asked) == 1
