"""What was done with agencies, offices, officers, fee accounts and rates is read where they are shown, by whom it concerns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from tests.rooms.accounts.people import make_person
from tests.rooms.agencies.conftest import House
from tests.rooms.examination.cases import ACTOR, browser_of
from udgam.ground.audit.acts import registered_acts
from udgam.ground.reference.rate_files import ReadRate
from udgam.ground.reference.services import import_rates
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies import services
from udgam.parties.agencies.history import ACTS, DETAILS, history_of_agency
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
OWN = ("agency.", "office.", "officer.", "agreement.", "currency_rates.")


def read(client: Client, address: str) -> str:
    """The part of a page that tells what was done."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().partition('id="history-title"')[2]


def acted(house: House) -> None:
    """One act of each kind that an office can see done to it, by somebody who has a name."""
    actor, now = actor_of(make_person("administrator", username="second.root", name="Vasant Apte")), timezone.now()
    day = indian_date(now)
    services.suspend_office(office=house.pune, suspended=True, to=house.mumbai, actor=actor, now=now)
    services.authorise_office(office=house.pune, agreement="SAFTA", valid_from=day, actor=actor, now=now)
    services.open_number_series(office=house.pune, agreement="", first=41, actor=actor, now=now)
    services.appoint_officer(
        office=house.pune, role="examiner", username="kiran.more", name="Kiran More", designation="Examiner",
        email="kiran@sahyadri.example", actor=actor, now=now,
    )  # fmt: skip
    services.name_exception(agency=house.agency, organisation="Old Council", reason="Renamed.", actor=actor, now=now)


def test_every_act_of_these_kinds_has_words() -> None:
    assert {act for act in registered_acts() if act.startswith(OWN)} == set(ACTS)


def test_the_agencys_and_the_offices_pages_tell_what_was_done(root: Client, house: House, prakash: Client) -> None:
    acted(house)
    platform, agency = ("Renamed.", "Vasant Apte"), ("Administration of the platform",)
    for client, address, who in ((root, f"/agency/{house.agency.pk}/", platform), (prakash, "/agency/", agency)):
        told = read(client, address)
        for words in (
            "Office suspended", "Office authorised for an agreement", "SAFTA", "First number: 41", "Officer appointed",
            "Officer: Kiran More", "Role: Examining officer", "Old Council", *who, house.pune.code,
        ):  # fmt: skip
            assert words in told, (address, words)
    for client in (root, prakash):
        told = read(client, f"/agency/offices/{house.pune.pk}/")
        assert "Office suspended" in told
        assert "Kiran More" in told
        # Of the agency and of another office it says nothing.
        assert "Old Council" not in told
        assert "Office suspended" not in read(client, f"/agency/offices/{house.mumbai.pk}/")


def test_another_agency_reads_nothing_of_it(house: House) -> None:
    acted(house)
    stranger = browser_of(house.suma)
    told = read(stranger, "/agency/")
    assert "Office opened" in told
    assert "Old Council" not in told
    assert house.pune.code not in told
    assert stranger.get(f"/agency/offices/{house.pune.pk}/").status_code == 404
    assert stranger.get(f"/agency/{house.agency.pk}/").status_code == 404


def test_rates_and_agreements_tell_who_brought_them_in(root: Client) -> None:
    assert "Nothing is recorded yet." in read(root, "/agency/rates/")
    rate = ReadRate("USD", 1, Decimal("84.75"), date(2026, 11, 19))
    import_rates(rates=[rate], source="Notification 98/2026", actor=ACTOR, now=timezone.now())
    told = read(root, "/agency/rates/")
    assert "Currency rates imported" in told
    assert "Source: Notification 98/2026" in told
    assert "the platform itself" in told
    values = {"reason": "The form is being changed."}
    assert root.post("/agency/agreements/NP/switch/", values).status_code == 302
    told = read(root, "/agency/agreements/")
    assert "Agreement switched" in told
    assert "The form is being changed." in told
    assert "NP" in told


def test_no_particular_is_left_without_its_word(house: House) -> None:
    acted(house)
    labels = {str(word) for word in DETAILS.values()}
    found = history_of_agency(house.agency, [house.pune, house.mumbai], for_platform=True)
    assert found
    assert {label for line in found for label, _value in line.particulars} <= labels
    assert {line.label for line in found} <= {str(word) for word in ACTS.values()}


def test_an_agency_reads_that_the_platform_acted_not_who_of_it(house: House, prakash: Client, root: Client) -> None:
    actor = actor_of(house.root)
    services.name_exception(
        agency=house.agency, organisation="Ministry", reason="Seen at the ministry", actor=actor, now=timezone.now()
    )
    own = prakash.get("/agency/").content.decode()
    assert "Another name accepted" in own
    assert "Administration of the platform" in own
    assert house.root.name not in own.partition('id="history-title"')[2]
    assert "Seen at the ministry" not in own
    platform = root.get(f"/agency/{house.agency.id}/").content.decode().partition('id="history-title"')[2]
    assert house.root.name in platform
    assert "Seen at the ministry" in platform
    assert "Administration of the platform" not in platform


def test_the_agency_reads_the_reasons_that_it_was_told(house: House, prakash: Client) -> None:
    change = services.propose_fee_account(
        agency=house.agency,
        state_code="27",
        gstin="",
        billing_address="",
        gateway="",
        actor=actor_of(house.prakash),
        now=timezone.now(),
    )
    services.reject_fee_account(change=change, reason="No State", actor=actor_of(house.root), now=timezone.now())
    own = prakash.get("/agency/").content.decode()
    assert "No State" in own
    assert house.prakash.name in own.partition('id="history-title"')[2]


def test_it_reads_in_hindi(house: House, prakash: Client) -> None:
    acted(house)
    prakash.cookies["udgam_language"] = "hi"
    told = prakash.get("/agency/", HTTP_ACCEPT_LANGUAGE="hi").content.decode()
    assert "कार्यालय निलंबित" in told
    assert "Office suspended" not in told
