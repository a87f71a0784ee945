"""A body asks to be admitted and is answered once; an office counts its certificates by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.agencies.conftest import House
from tests.rooms.documents.files import pdf
from tests.rooms.examination.cases import ACTOR
from udgam.ground.audit.queries import acts_of
from udgam.ground.documents.services import examine_upload
from udgam.ground.messages.models import Message
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, AgencyRequest, NumberSeries, Office
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.queries import number_series_of
from udgam.parties.agencies.services import approve_request, open_number_series, refuse_request, request_admission
from udgam.rules.refusals import Refused

pytestmark = pytest.mark.django_db
VALUES: dict[str, Any] = {
    "code": "NEW",
    "name": "New Export Council",
    "registered_name": "New Export Council",
    "office_name": "Nagpur",
    "office_address": "Nagpur 440001",
    "agreements": ["NP"],
    "administrator_name": "Leela Desai",
    "administrator_username": "leela.nagpur",
    "administrator_email": "leela@new.example",
}


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What happens inside is refused with this reason."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code


def ask(**changed: Any) -> AgencyRequest:
    letter = examine_upload(upload=SimpleUploadedFile("letter.pdf", pdf()))
    return request_admission(
        values={**VALUES, **changed}, letter=letter, language="en", actor=ACTOR, now=timezone.now()
    )


def test_an_approved_request_makes_agency_office_and_administrator_once(house: House) -> None:
    asked = ask(name_hindi="नई निर्यात परिषद", office_name_hindi="नागपुर")
    assert not Agency.objects.filter(code="NEW").exists()
    agency = approve_request(asked=asked, agreements=["NP"], actor=ACTOR, now=timezone.now())
    office = Office.objects.get(agency=agency)
    assert [row.agreement for row in office.authorisations.all()] == ["NP"]
    assert (agency.name_hindi, office.name_hindi) == ("नई निर्यात परिषद", "नागपुर")
    post = Post.objects.get(office=office)
    assert (post.role, post.person.email) == ("administrator", "leela@new.example")
    asked.refresh_from_db()
    assert (asked.state, asked.agency) == (AgencyRequest.State.APPROVED, agency)
    with refused("agency.request_decided"):
        approve_request(asked=asked, agreements=["NP"], actor=ACTOR, now=timezone.now())
    with refused("agency.request_decided"):
        refuse_request(asked=asked, reason="No.", actor=ACTOR, now=timezone.now())
    assert Agency.objects.filter(code="NEW").count() == 1
    acts = [line.act for line in acts_of(f"agency-request:{asked.public_id}")]
    assert {"agency.requested", "agency.request_approved"} <= set(acts)
    told = Message.objects.filter(to="leela@new.example").values_list("template", flat=True)
    assert {"agencies/request_received", "agencies/request_approved"} <= set(told)


def test_a_refused_request_makes_nothing_and_tells_why(house: House) -> None:
    asked = ask()
    refuse_request(asked=asked, reason="The letter is not signed.", actor=ACTOR, now=timezone.now())
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (AgencyRequest.State.REFUSED, "The letter is not signed.")
    assert Message.objects.filter(to="leela@new.example", template="agencies/request_refused").exists()
    with refused("agency.request_decided"):
        approve_request(asked=asked, agreements=["NP"], actor=ACTOR, now=timezone.now())
    assert not Agency.objects.filter(code="NEW").exists()
    ask()


def test_a_code_in_use_is_never_taken_over(house: House) -> None:
    with refused("agency.code_taken"):
        ask(code=house.agency.code)
    assert not AgencyRequest.objects.exists()


def test_a_strangers_request_keeps_nobody_from_the_code_and_whoever_is_left_is_told(house: House) -> None:
    stranger = ask(administrator_email="stranger@elsewhere.example", administrator_username="stranger")
    asked = ask()
    client = Client()
    sign_in(client, make_person(kind=Person.Kind.ADMINISTRATOR), stepped_up=True)
    page = client.get(reverse("agencies:request", args=[asked.public_id])).content.decode()
    assert reverse("agencies:request", args=[stranger.public_id]) in page
    approve_request(asked=asked, agreements=["NP"], actor=ACTOR, now=timezone.now())
    stranger.refresh_from_db()
    assert stranger.state == AgencyRequest.State.REFUSED
    assert "another body" in stranger.reason
    assert Message.objects.filter(to="stranger@elsewhere.example", template="agencies/request_refused").exists()


def test_an_approval_that_fails_leaves_the_request_waiting(house: House) -> None:
    asked = ask(administrator_username=house.meera.username)
    with pytest.raises(Refused):
        approve_request(asked=asked, agreements=["NP"], actor=ACTOR, now=timezone.now())
    asked.refresh_from_db()
    assert asked.state == AgencyRequest.State.WAITING
    assert not Agency.objects.filter(code="NEW").exists()


def test_a_series_is_opened_once_and_the_narrower_one_counts(house: House) -> None:
    def opened(agreement: str, first: int) -> NumberSeries:
        return open_number_series(
            office=house.mumbai, agreement=agreement, first=first, actor=ACTOR, now=timezone.now()
        )

    assert number_series_of(house.mumbai.id, "NP") is None
    for_all = opened("", 500)
    assert number_series_of(house.mumbai.id, "NP") == for_all
    own = opened("NP", 7000)
    assert number_series_of(house.mumbai.id, "NP") == own
    assert number_series_of(house.mumbai.id, "AIFTA") == for_all
    assert number_series_of(house.pune.id, "NP") is None
    with refused("office.series_exists"):
        opened("NP", 1)
    own.refresh_from_db()
    assert own.first == 7000
