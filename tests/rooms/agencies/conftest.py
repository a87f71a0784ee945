"""An agency with two offices, its administrators, another agency, and the platform's administrator."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from tests.rooms.accounts.conftest import clock, pki  # noqa: F401 - fixtures
from tests.rooms.accounts.people import make_person
from tests.rooms.examination.cases import browser_of, make_agency, make_office, make_officer
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, Office
from udgam.parties.agencies.models import Officer as Post


@dataclass
class House:
    agency: Agency
    mumbai: Office
    pune: Office
    prakash: Person
    meera: Person
    elsewhere: Office
    suma: Person
    root: Person

    def post_of(self, person: Person) -> Post:
        return Post.objects.select_related("office__agency", "person").get(person=person, ended_at__isnull=True)


@pytest.fixture
def house(db: None, clock: object) -> House:  # noqa: F811 - the fixture is imported above
    agency, other = make_agency(), make_agency("NTC", "Nilgiri Trade Chamber")
    mumbai, pune, elsewhere = make_office(agency, "Mumbai"), make_office(agency, "Pune"), make_office(other, "Ooty")
    return House(
        agency=agency,
        mumbai=mumbai,
        pune=pune,
        prakash=make_officer(mumbai, "Prakash Joshi", "administrator"),
        meera=make_officer(mumbai, "Meera Kulkarni"),
        elsewhere=elsewhere,
        suma=make_officer(elsewhere, "Suma Rao", "administrator"),
        root=make_person("administrator", username="root", name="Nandini Rao", email="root@udgam.example"),
    )


@pytest.fixture
def prakash(house: House) -> Client:
    """The agency's administrator, who has just shown the token."""
    return browser_of(house.prakash, stepped_up=True)


@pytest.fixture
def root(house: House) -> Client:
    """The platform's administrator, who has just shown the token."""
    return browser_of(house.root, stepped_up=True)
