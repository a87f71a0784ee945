"""The platform's administrator: agencies are admitted, given offices, names and administrators, suspended and reinstated."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.rooms.accounts.people import make_person
from tests.rooms.agencies.conftest import House
from tests.rooms.examination.cases import ACTOR, browser_of
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.models import Person
from udgam.parties.agencies import services
from udgam.parties.agencies.models import Agency, NamedException, Office
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.queries import named_exceptions, names_in_hindi, published_offices_for
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
NEW = {
    "code": "KEC",
    "name": "Konkan Export Council",
    "agreements": "NP",
    "registered_name": "Konkan Export Council",
    "office_name": "Ratnagiri",
    "office_address": "1 Harbour Road\nRatnagiri 415612",
    "administrator_name": "Leela Desai",
    "administrator_username": "leela.desai",
    "administrator_email": "leela@konkan.example",
}


def text(answer) -> str:
    return answer.content.decode()


def pages(house: House) -> list[str]:
    key = house.agency.id
    return [
        "/agency/all/",
        f"/agency/{key}/",
        "/agency/admit/",
        *[
            f"/agency/{key}/{name}/"
            for name in ("offices/add", "administrators/add", "names/add", "suspend", "reinstate")
        ],
    ]


# ── Admitting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agency_is_admitted_with_office_and_administrator(root: Client, house: House) -> None:
    assert root.post("/agency/admit/", NEW).headers["Location"] == "/agency/all/"
    office = Office.objects.get(agency__code="KEC")
    assert office.code == "KEC-1"
    assert office in published_offices_for("NP", indian_date(timezone.now()))
    post = Post.objects.get(office=office)
    assert (post.role, post.person.kind, post.person.username) == ("administrator", "agency_admin", "leela.desai")
    run_deferred()
    assert Message.objects.filter(to="leela@konkan.example").count() == 1
    assert "Konkan Export Council" in text(root.get("/agency/all/"))


def test_agency_and_offices_have_hindi_names_that_hindi_pages_show(root: Client, house: House) -> None:
    hindi = {"name_hindi": "कोंकण निर्यात परिषद", "office_name_hindi": "रत्नागिरी"}
    assert root.post("/agency/admit/", NEW | {"name_hindi": "Konkan"}).status_code == 422
    assert root.post("/agency/admit/", NEW | hindi).status_code == 302
    agency = Agency.objects.get(code="KEC")
    more = {"name": "Chiplun", "name_hindi": "चिपलूण", "address": "2 Road\nChiplun 415605", "agreements": "NP"}
    assert root.post(f"/agency/{agency.id}/offices/add/", more).status_code == 302
    root.cookies["udgam_language"] = "hi"
    page = text(root.get("/agency/all/")) + text(root.get(f"/agency/{agency.id}/"))
    for name in (*hindi.values(), "चिपलूण"):
        assert name in page
    assert "Chiplun<" not in page


@pytest.mark.parametrize("what", ["agency", "office"])
def test_the_platform_names_in_hindi_and_the_agency_is_told(root: Client, house: House, what: str) -> None:
    row = house.agency if what == "agency" else house.pune
    address = f"/agency/{row.id}/hindi/" if what == "agency" else f"/agency/offices/{row.id}/hindi/"
    for unfit in ("Pune", "पुणे\u202eशाखा", "पुणे\u200bशाखा", "पुणे <b>"):
        assert root.post(address, {"name_hindi": unfit}).status_code == 422
    assert root.post(address, {}).status_code == 422
    assert root.post(address, {"name_hindi": "सह्याद्रि"}).status_code == 302
    refused = root.post(address, {"name_hindi": "सह्याद्रि"})
    assert refused.status_code == 409
    assert f"The {what} is called so in Hindi already." in text(refused)
    row.refresh_from_db()
    assert row.name_hindi == "सह्याद्रि"
    line = next(line for line in acts_of(f"{what}:{row.code}") if line.act == f"{what}.hindi_named")
    assert line.details["hindi"] == "सह्याद्रि"
    other = f"office:{house.pune.code}" if what == "agency" else f"agency:{house.agency.code}"
    assert not [line for line in acts_of(other) if line.act.endswith(".hindi_named")]
    run_deferred()
    told = Message.objects.filter(template="agencies/hindi_named")
    assert {message.to for message in told} == {house.prakash.email}
    assert "सह्याद्रि" in told[0].body
    assert root.post(address, {"name_hindi": ""}).status_code == 302
    root.cookies["udgam_language"] = "hi"
    assert row.name in text(root.get(f"/agency/{house.agency.id}/"))


def test_an_agency_does_not_name_itself_or_its_offices(house: House) -> None:
    admin = browser_of(house.prakash, stepped_up=True)
    for address in (f"/agency/{house.agency.id}/hindi/", f"/agency/offices/{house.pune.id}/hindi/"):
        assert admin.get(address).status_code == 404
        assert admin.post(address, {"name_hindi": "सीमा शुल्क"}).status_code == 404
    assert not Agency.objects.filter(name_hindi="सीमा शुल्क").exists()
    assert not Office.objects.filter(name_hindi="सीमा शुल्क").exists()
    for address in ("/agency/", f"/agency/offices/{house.pune.id}/"):
        page = text(admin.get(address))
        assert "The administrator of the platform enters names" in page
        assert "/hindi/" not in page


def test_nobody_names_the_office_of_another_agency_in_hindi(house: House) -> None:
    theirs, mine = house.mumbai, house.elsewhere
    Office.objects.filter(pk__in=(theirs.pk, mine.pk)).update(name="Regional Office", name_hindi="")
    Office.objects.filter(pk=mine.pk).update(name_hindi="सीमा शुल्क")
    assert "Regional Office" not in names_in_hindi()
    Office.objects.filter(pk=theirs.pk).update(name_hindi="सीमा शुल्क")
    assert names_in_hindi()["Regional Office"] == "सीमा शुल्क"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "kec"),
        ("code", "K"),
        ("code", "KEC/1"),
        ("code", "KEC\0"),
        ("name", ""),
        ("registered_name", "x" * 201),
        ("office_address", "x" * 501),
        ("administrator_username", "Leela"),
        ("administrator_email", "x"),
    ],
)
def test_a_bad_agency_is_refused_beside_the_field(root: Client, house: House, field: str, value: str) -> None:
    answer = root.post("/agency/admit/", {**NEW, field: value})
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in text(answer)
    assert Agency.objects.count() == 2


def test_what_is_taken_is_refused_and_nothing_is_half_made(root: Client, house: House) -> None:
    for change, words in (
        ({"code": "SEC"}, "Another agency has the code SEC."),
        ({"administrator_username": house.suma.username}, "already registered with the user name"),
    ):
        answer = root.post("/agency/admit/", {**NEW, **change})
        assert answer.status_code == 409
        assert words in text(answer)
        assert 'value="Konkan Export Council"' in text(answer)
    assert (Agency.objects.count(), Office.objects.count(), Post.objects.count()) == (2, 3, 3)


# ── One agency ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agency_gets_more_offices_each_with_a_code_of_its_own(root: Client, house: House) -> None:
    address = f"/agency/{house.agency.id}/offices/add/"
    for town in ("Nashik", "Nagpur"):
        assert root.post(address, {"name": town, "address": f"{town} 422001", "agreements": "NP"}).status_code == 302
    assert set(Office.objects.filter(agency=house.agency).values_list("code", flat=True)) == {
        "SEC-MUM", "SEC-PUN", "SEC-3", "SEC-4",
    }  # fmt: skip
    assert "Nagpur" in text(root.get(f"/agency/{house.agency.id}/"))
    assert "#id_address" in text(root.post(address, {"name": "Thane", "address": ""}))


def test_an_agency_that_lost_its_administrator_gets_another(root: Client, house: House) -> None:
    address = f"/agency/{house.agency.id}/administrators/add/"
    new = {
        "name": "Leela Desai",
        "designation": "Administrator",
        "username": "leela.desai",
        "email": "leela@sahyadri.example",
    }
    assert root.post(address, {**new, "office": house.pune.id}).status_code == 302
    post = Post.objects.get(person__username="leela.desai")
    assert (post.role, post.person.kind) == ("administrator", "agency_admin")
    foreign = root.post(address, {**new, "username": "other.one", "office": house.elsewhere.id})
    assert "#id_office" in text(foreign)
    end = f"/agency/officers/{house.post_of(house.prakash).id}/end/"
    assert "Prakash Joshi" in text(root.get(end))
    assert root.post(end).headers["Location"] == "/agency/all/"
    assert root.post(f"/agency/officers/{post.id}/end/").status_code == 409


def test_the_platform_ends_no_officers_post(root: Client, house: House) -> None:
    assert root.post(f"/agency/officers/{house.post_of(house.meera).id}/end/").status_code == 404
    assert house.post_of(house.meera)


def test_another_name_is_accepted_with_its_reason_on_record(root: Client, house: House) -> None:
    address = f"/agency/{house.agency.id}/names/add/"
    name = {"organisation": "Ministry of Spices", "reason": "Letter 7 of 3 October 2026"}
    assert root.post(address, name).status_code == 302
    assert named_exceptions(house.agency.id) == ("Ministry of Spices",)
    line = acts_of("agency:SEC")[-1]
    assert (line.act, line.details["organisation"]) == ("agency.exception_named", "Ministry of Spices")
    assert "Ministry of Spices" in text(root.get(f"/agency/{house.agency.id}/"))
    for again in ("MINISTRY OF SPICES", "Sahyadri  Export Council"):
        answer = root.post(address, {**name, "organisation": again})
        assert answer.status_code == 409
        assert "accepted already" in text(answer)
    assert "#id_reason" in text(root.post(address, {**name, "organisation": "Other", "reason": " "}))
    assert NamedException.objects.count() == 1


def test_suspending_asks_first_tells_the_administrators_and_can_be_undone(root: Client, house: House) -> None:
    suspend, reinstate = (f"/agency/{house.agency.id}/{name}/" for name in ("suspend", "reinstate"))
    assert "Suspend Sahyadri Export Council?" in text(root.get(suspend))
    house.agency.refresh_from_db()
    assert not house.agency.is_suspended
    assert root.post(suspend).status_code == 302
    house.agency.refresh_from_db()
    assert house.agency.is_suspended
    assert not published_offices_for("NP", indian_date(timezone.now())).filter(agency=house.agency).exists()
    assert [row.to for row in Message.objects.filter(template="agencies/suspended")] == [house.prakash.email]
    again = root.post(suspend)
    assert again.status_code == 409
    assert "suspended already" in text(again)
    assert root.post(reinstate).status_code == 302
    assert root.post(reinstate).status_code == 409
    house.agency.refresh_from_db()
    assert not house.agency.is_suspended
    assert [line.act for line in acts_of("agency:SEC")][-2:] == ["agency.suspended", "agency.reinstated"]


# ── Strangers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_other_roles_find_no_such_pages(house: House) -> None:
    for person in (house.prakash, house.suma, house.meera, make_person()):
        client = browser_of(person, stepped_up=True)
        for address in pages(house):
            assert client.get(address).status_code == 404, (person.kind, address)
            assert client.post(address, NEW).status_code == 404, (person.kind, address)
    assert Agency.objects.filter(is_suspended=False).count() == 2
    assert not Person.objects.filter(username="leela.desai").exists()


def test_nobody_is_led_to_the_administrators_door(house: House, client: Client) -> None:
    for address in pages(house):
        assert client.get(address).headers["Location"].startswith("/administrator/?next=")


def test_an_agency_that_does_not_exist_is_not_found(root: Client, house: House) -> None:
    for key in (0, 10**9, 10**25):
        for address in pages(house)[1:]:
            if str(house.agency.id) in address:
                other = address.replace(f"/{house.agency.id}/", f"/{key}/")
                assert root.get(other).status_code == 404, other


def test_changes_want_the_token_shown_just_now(house: House) -> None:
    client = browser_of(house.root)
    for address in pages(house)[2:]:
        assert client.post(address, NEW).headers["Location"].startswith("/account/confirm/?next=")
    house.agency.refresh_from_db()
    assert not house.agency.is_suspended


def test_suspending_is_on_record_for_the_officers_of_that_agency_only(house: House) -> None:
    services.suspend_agency(agency=house.agency, suspended=True, actor=ACTOR, now=timezone.now())
    today = indian_date(timezone.now())
    assert [office.agency.code for office in published_offices_for("NP", today)] == ["NTC"]
