"""Who acts, as other rooms ask it: a session counts as its person's only where a page behind a guard would open."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client

from tests.rooms.accounts.conftest import Clock
from tests.rooms.accounts.people import make_person, sign_in
from udgam.ground.audit.actors import ANONYMOUS
from udgam.ground.audit.queries import acts_of
from udgam.parties.accounts import proofs
from udgam.parties.accounts.actors import actor_of, subject_of
from udgam.parties.accounts.models import Person

pytestmark = pytest.mark.django_db
NEW = "nine-blue-lanterns"


def request_of(client: Client, person: Person) -> HttpRequest:
    request = HttpRequest()
    request.session = client.session
    request.user = Person.objects.get(pk=person.pk)
    return request


@pytest.mark.parametrize("kind", ["exporter", "officer", "agency_admin", "administrator"])
def test_whoever_came_through_the_door_acts(client: Client, kind: str) -> None:
    person = make_person(kind)
    sign_in(client, person)
    assert actor_of(request_of(client, person)).id == str(person.public_id)


@pytest.mark.parametrize("kind", ["officer", "agency_admin", "administrator"])
def test_without_the_token_nobody_acts_for_an_office(client: Client, kind: str) -> None:
    person = make_person(kind)
    sign_in(client, person)
    session = client.session
    session[proofs.METHOD] = "password"
    session.save()
    assert actor_of(request_of(client, person)) == ANONYMOUS


def test_with_a_one_time_password_nobody_acts(client: Client) -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    sign_in(client, person)
    assert actor_of(request_of(client, person)) == ANONYMOUS


def test_after_a_working_day_nobody_acts(client: Client, clock: Clock) -> None:
    person = make_person()
    sign_in(client, person)
    request = request_of(client, person)
    assert request.session[proofs.STARTED]
    clock.forward(hours=12)
    assert actor_of(request) == ANONYMOUS


def test_the_first_choice_of_a_password_and_signing_out_are_recorded_under_the_persons_number(client: Client) -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    sign_in(client, person)
    client.post("/account/password/", {"new_password": NEW, "repeated": NEW})
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    client.post("/sign-out/")
    acts = [(line.act, line.actor_id) for line in acts_of(subject_of(person))]
    assert acts[-2:] == [(act, str(person.public_id)) for act in ("person.password_changed", "person.signed_out")]
