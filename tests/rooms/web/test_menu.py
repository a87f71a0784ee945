"""The menu shows each kind of person their own places, and their own account in Hindi without a foreign word."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.registration.firms import register_firm
from tests.rooms.web.hindi_pages import latin_words

pytestmark = pytest.mark.django_db
DATA = ("Fictional", "Firefox of the tests", "English")
PLACES = {
    "exporter": {"applications:list", "applications:start"},
    "officer": {"examination:queue", "issuance:queue"},
    "agency_admin": {"agencies:overview", "agencies:appoint"},
    "administrator": {"registration:near-misses", "agencies:agencies"},
}


def menu_of(client: Client) -> str:
    page = client.get(reverse("about")).content.decode()
    return re.findall(r'<nav class="udgam-nav".*?</nav>', page, re.DOTALL)[0]


@pytest.mark.parametrize("kind", PLACES)
def test_everybody_sees_their_own_places_and_no_others(kind: str) -> None:
    client = Client()
    sign_in(client, make_person(kind=kind, username=f"menu.{kind}" if kind != "exporter" else ""))
    menu = menu_of(client)
    for other, places in PLACES.items():
        for place in places:
            assert (f'href="{reverse(place)}"' in menu) == (other == kind), place
    assert f'href="{reverse("accounts:profile")}"' in menu
    assert f'action="{reverse("accounts:sign-out")}"' in menu


def test_who_acts_for_a_firm_sees_its_record_and_its_people() -> None:
    client, person = Client(), register_firm("spices")[1]
    own = ("registration:my-iec", "registration:people")
    sign_in(client, person)
    assert all(f'href="{reverse(place)}"' in menu_of(client) for place in own)
    stranger = Client()
    sign_in(stranger, make_person())
    assert not any(f'href="{reverse(place)}"' in menu_of(stranger) for place in own)


def test_nobody_signed_in_sees_no_menu() -> None:
    assert "udgam-nav" not in Client().get(reverse("about")).content.decode()


@pytest.mark.parametrize("name", ["profile", "sign-ins", "my-data", "change-password", "erase"])
def test_ones_own_account_is_hindi_throughout(name: str) -> None:
    client = Client()
    person = make_person(language="hi")
    sign_in(client, person, stepped_up=True)
    client.cookies["udgam_language"] = "hi"
    page = client.get(reverse(f"accounts:{name}"), follow=True).content.decode()
    assert '<html lang="hi"' in page
    # Names of people, authorities and devices are data; a language is named in itself.
    assert latin_words(page, person.name, *DATA) == set()
