"""The administrators' list of accounts: searched, masked, and for nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.rooms.accounts.people import make_person, sign_in
from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts.queries import people_visible_to

pytestmark = pytest.mark.django_db
LIST = "/account/people/"


@pytest.fixture
def administrator() -> Client:
    client = Client()
    sign_in(client, make_person("administrator", username="root.one", name="Nandini Rao", email="n.rao@udgam.example"))
    make_person("officer", username="meera.kulkarni", name="Meera Kulkarni", email="meera@sahyadri.example")
    make_person(username="0305900017", name="Asha Patil", email="asha@malabar.example")
    return client


def _page(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


def test_everybody_is_listed_without_name_or_address(administrator: Client) -> None:
    page = _page(administrator)
    assert all(name in page for name in ("root.one", "meera.kulkarni", "0305900017"))
    assert not any(secret in page for secret in ("Asha Patil", "asha@malabar", "Kulkarni", "meera@sahyadri"))


@pytest.mark.parametrize("wanted", ["MEERA", "kulkarni", "meera.kul"])
def test_the_search_finds_user_names_and_names_in_any_case(administrator: Client, wanted: str) -> None:
    page = _page(administrator, f"?search={wanted}&kind=")
    assert "meera.kulkarni" in page
    assert "0305900017" not in page


def test_the_role_narrows_the_list_and_nobody_found_is_said(administrator: Client) -> None:
    page = _page(administrator, "?search=&kind=exporter")
    assert "0305900017" in page
    assert "meera.kulkarni" not in page
    assert "Nobody with this name" in _page(administrator, "?search=%25&kind=")


@pytest.mark.parametrize("kind", ["exporter", "officer", "agency_admin"])
def test_for_anybody_else_there_is_no_such_page(kind: str) -> None:
    client = Client()
    sign_in(client, make_person(kind, username="somebody.else"))
    assert client.get(LIST).status_code == 404
    assert not people_visible_to(SystemActor("tests")).exists()
