"""The queue and the case as pages: who sees what, in which order, with how many questions to the database."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import make_person
from tests.rooms.examination.cases import ACTOR, Filer, browser_of, make_agency, make_office, make_officer
from tests.rooms.examination.conftest import Desk
from tests.rooms.registration.applicant import text_of_page
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.examination.views import case as case_page
from udgam.flow.examination.views import queue as queue_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.services import enter_leave
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
QUEUE = "/desk/"


def case_address(application: Application) -> str:
    return reverse("examination:case", args=[application.public_id])


def addresses(application: Application) -> list[tuple[str, str]]:
    key = [application.public_id]
    return [
        ("get", reverse("examination:case", args=key)),
        ("get", reverse("examination:discrepancy", args=key)),
        ("post", reverse("examination:discrepancy", args=key)),
        ("get", reverse("examination:refuse", args=key)),
        ("post", reverse("examination:refuse", args=key)),
        *[("post", reverse("examination:act", args=[*key, name])) for name in ("take_up", "approve", "put_back")],
    ]


# ── Who sees what ──────────────────────────────────────────────────────────────────────────────────────────────────────


def strangers(office: Desk) -> dict[str, Client]:
    other = make_office(make_agency("NTC", "Nilgiri Trade Chamber"), "Ooty")
    return {
        "officer of another office": browser_of(make_officer(office.pune, "Kavita Nair")),
        "officer of another agency": browser_of(make_officer(other, "Suma Rao")),
        "officer without a post": browser_of(make_person("officer")),
    }


def test_a_stranger_among_the_officers_finds_no_case(office: Desk, application: Application) -> None:
    for who, client in strangers(office).items():
        assert application.number not in client.get(QUEUE).content.decode(), who
        for method, address in addresses(application):
            assert getattr(client, method)(address).status_code == 404, (who, address)
    application.refresh_from_db()
    assert application.state == "submitted"


def test_other_roles_find_no_desk(office: Desk, application: Application) -> None:
    people = [office.filer.person, make_officer(office.mumbai, "Prakash Joshi", "administrator"), make_person("administrator")]  # fmt: skip
    for person in people:
        client = browser_of(person)
        for method, address in [("get", QUEUE), *addresses(application)]:
            assert getattr(client, method)(address).status_code == 404, (person.kind, address)


def test_nobody_is_led_to_the_officers_door(client: Client, application: Application) -> None:
    for method, address in [("get", QUEUE), *addresses(application)]:
        answer = getattr(client, method)(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/officer/?next=%2Fdesk%2F")


def test_a_session_without_the_token_opens_no_desk(office: Desk, client: Client) -> None:
    client.force_login(office.meera)
    assert client.get(QUEUE).status_code == 302


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_the_firms_own_is_not_on_the_desk(
    meera: Client, office: Desk, application: Application, state: str
) -> None:
    Application.objects.filter(id=application.id).update(state=state)
    assert meera.get(case_address(application)).status_code == 404
    assert application.number not in meera.get(QUEUE).content.decode()


# ── The queue ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def numbers_in(client: Client, **filters: str) -> list[str]:
    page = client.get(QUEUE, filters).content.decode()
    return re.findall(r"SEC/\d{4}/016/\d{7}A", page.partition("<tbody")[2])


@pytest.fixture
def four(office: Desk) -> list[Application]:
    """Four cases, the last filed first in time."""
    rows = [office.filer.submitted(office.mumbai, invoice=f"INV-{n}") for n in range(4)]
    for age, row in enumerate(rows):
        Application.objects.filter(id=row.id).update(
            submitted_at=timezone.now() - timedelta(hours=age), due_at=timezone.now() + timedelta(hours=9 - age)
        )
    return rows


def test_those_that_wait_longest_stand_first(meera: Client, four: list[Application]) -> None:
    assert numbers_in(meera) == [row.number for row in reversed(four)]


def test_the_queue_can_be_narrowed(meera: Client, office: Desk, four: list[Application]) -> None:
    applications.take_up(application=four[0], person=office.meera, actor=actor_of(office.meera), now=timezone.now())
    Application.objects.filter(id=four[1].id).update(state="issued", certificate_number="SEC/X/00000007")
    assert numbers_in(meera, mine="on") == [four[0].number]
    assert numbers_in(meera, state="under_examination") == [four[0].number]
    assert numbers_in(meera, state="issued") == [four[1].number]
    assert numbers_in(meera, search="inv-2") == [four[2].number]
    assert numbers_in(meera, search=four[3].number) == [four[3].number]
    assert len(numbers_in(meera, search=office.filer.exporter.iec)) == 3
    assert len(numbers_in(meera, search="malabar")) == 3
    assert len(numbers_in(meera, search="mekong")) == 3
    assert numbers_in(meera, state="issued", search="00000007") == [four[1].number]
    assert numbers_in(meera, search="nothing like it") == []


@pytest.mark.parametrize("filters", [{"state": "nonsense"}, {"search": "x" * 101}, {"search": "a\0b"}])
def test_a_filter_that_cannot_be_read_is_said_and_filters_nothing(
    meera: Client, four: list[Application], filters: dict[str, str]
) -> None:
    answer = meera.get(QUEUE, filters)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert len(numbers_in(meera, **filters)) == 4


def test_the_queue_shows_the_country_and_the_number_of_items(meera: Client, office: Desk) -> None:
    office.filer.submitted(office.mumbai, lines=3)
    page = meera.get(QUEUE).content.decode()
    assert "Mekong Spice Trading Co., Vietnam" in page
    assert 'govuk-table__cell--numeric">3<' in page


def test_pages_keep_their_filter(meera: Client, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_page, "ROWS_ON_A_PAGE", 2)
    for n in range(5):
        office.filer.submitted(office.mumbai, invoice=f"P-{n}")
    page = meera.get(QUEUE, {"search": "mekong", "page": "2", "tracking": "x"}).content.decode()
    assert "Page 2 of 3" in page
    assert "?search=mekong&amp;page=3" in page
    assert "tracking" not in page.split("<main")[1]


# ── From case to case ──────────────────────────────────────────────────────────────────────────────────────────────────


def neighbours_on(page: str) -> dict[str, str]:
    found = re.findall(r'rel="(prev|next)" accesskey="([pn])" href="([^"]+)"', page)
    assert all(rel[0] == key for rel, key, _address in found)
    return {rel: address for rel, _key, address in found}


def test_next_and_previous_follow_the_desk(meera: Client, four: list[Application]) -> None:
    order = [case_address(row) for row in reversed(four)]
    for place, address in enumerate(order):
        found = neighbours_on(meera.get(address).content.decode())
        assert found.get("prev") == (order[place - 1] if place else None)
        assert found.get("next") == (order[place + 1] if place < 3 else None)


def test_going_on_stays_within_the_filter(meera: Client, office: Desk, four: list[Application]) -> None:
    Application.objects.filter(id=four[2].id).update(consignee_name="Somebody Else")
    first = case_address(four[3]) + "?search=mekong"
    found = neighbours_on(meera.get(first).content.decode())
    assert found["next"] == case_address(four[1]) + "?search=mekong"
    answer = meera.post(reverse("examination:act", args=[four[3].public_id, "take_up"]) + "?search=mekong")
    assert answer.headers["Location"] == first


def test_the_way_goes_on_from_a_case_that_is_done(meera: Client, office: Desk, four: list[Application]) -> None:
    Application.objects.filter(id=four[2].id).update(state="refused")
    found = neighbours_on(meera.get(case_address(four[2])).content.decode())
    assert found == {"prev": case_address(four[3]), "next": case_address(four[1])}


# ── What the case shows ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_shows_data_papers_findings_and_history(meera: Client, office: Desk, application: Application) -> None:
    office.filer.draft(office.mumbai)
    page = meera.get(case_address(application)).content.decode()
    for words in (
        "Mekong Spice Trading Co.",
        "Vietnam",
        "Organic turmeric powder",
        "The rules find nothing wrong in the data",
        "also stands in a draft of this firm",
        "Version 1 was signed by",
        "Signed and submitted",
        "packing-list",
    ):
        assert words in page, words
    for row in application.documents.all():
        assert reverse("documents:download", args=[row.document_id]) in page
        assert meera.get(reverse("documents:download", args=[row.document_id])).status_code == 200


def test_what_the_rules_find_is_said_to_the_officer(
    meera: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules judge by the officer's day: on the eve of the invoice's date it lies in the future."""
    eve = application.invoices.get().date - timedelta(days=1)
    monkeypatch.setattr(case_page, "indian_date", lambda now: eve)
    page = meera.get(case_address(application)).content.decode()
    assert re.search(r"The rules find \d things? that must be put right", page)
    assert "udgam-outcome--no" in page


def test_the_case_speaks_hindi_where_it_is_chosen(meera: Client, application: Application) -> None:
    meera.cookies["udgam_language"] = "hi"
    page = meera.get(case_address(application)).content.decode()
    assert "वियतनाम" in page


# ── How many questions the database is asked ───────────────────────────────────────────────────────────────────────────


def questions(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_queue_asks_no_more_for_many_cases_than_for_one(meera: Client, office: Desk) -> None:
    mango = Filer("mango")
    office.filer.submitted(office.mumbai)
    meera.get(QUEUE)
    few = questions(meera, QUEUE)
    for n in range(6):
        case = (office.filer if n % 2 else mango).submitted(office.mumbai, invoice=f"Q-{n}", lines=2)
        if n % 3 == 0:
            applications.take_up(
                application=case, person=office.meera, actor=actor_of(office.meera), now=timezone.now()
            )
    assert questions(meera, QUEUE) == few
    # One of them counts the notices that the menu shows as unread.
    assert few <= 21


def test_a_case_asks_no_more_for_a_long_desk_than_for_a_short_one(
    meera: Client, office: Desk, application: Application
) -> None:
    meera.get(case_address(application))
    few = questions(meera, case_address(application))
    for n in range(5):
        office.filer.submitted(office.mumbai, invoice=f"R-{n}", lines=4)
    assert questions(meera, case_address(application)) == few
    assert few <= 40


@pytest.mark.parametrize("page", ["/desk/", "/signing/"])
def test_an_officer_who_may_not_work_is_told_why_and_sees_no_work(
    meera: Client, office: Desk, application: Application, page: str
) -> None:
    post = Post.objects.get(person=office.meera)
    assert "Your post is suspended." not in text_of_page(meera.get(page))
    Post.objects.filter(id=post.id).update(suspended_at=timezone.now())
    told = text_of_page(meera.get(page))
    assert "Your post is suspended." in told
    assert "Ask the administrator of your agency." in told
    assert str(application.number) not in told
    Post.objects.filter(id=post.id).update(suspended_at=None)
    today = indian_date(timezone.now())
    enter_leave(officer=post, since=today, until=today, stand_in=None, reason="", actor=ACTOR, now=timezone.now())
    assert "You are entered as being on leave today." in text_of_page(meera.get(page))
    Post.objects.filter(id=post.id).update(ended_at=timezone.now())
    assert "You hold no post at present." in text_of_page(meera.get(page))
