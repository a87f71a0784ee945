"""The agency's administrator: posts are given, ended and given again; offices close; nobody reaches into another agency."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.at_once import at_once, codes
from tests.rooms.accounts.people import make_person
from tests.rooms.agencies.conftest import House
from tests.rooms.examination.cases import ACTOR, browser_of, make_agency, make_office, make_officer
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.models import Person
from udgam.parties.agencies import services
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.own_part import erase_own_data, export_own_data, objections_to_erasure
from udgam.parties.agencies.posts import post_of
from udgam.parties.agencies.queries import published_agencies, published_offices_for, who_confirms
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Arjun Shinde",
    "designation": "Deputy Director",
    "role": "examiner",
    "username": "arjun.shinde",
    "email": "arjun@sahyadri.example",
}


def appoint(client: Client, where: Office, **changed: object):
    return client.post("/agency/appoint/", {**NEW, "office": where.id, **changed})


def text(answer) -> str:
    return answer.content.decode()


# ── Posts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_officer_gets_an_account_a_post_and_a_password_by_mail(prakash: Client, house: House) -> None:
    assert appoint(prakash, house.pune).headers["Location"] == "/agency/"
    post = Post.objects.get(person__username="arjun.shinde")
    assert (post.office, post.role, post.person.kind) == (house.pune, "examiner", "officer")
    assert post.person.must_change_password
    run_deferred()
    mail = Message.objects.get(to="arjun@sahyadri.example")
    assert "arjun.shinde" in mail.body or mail.is_secret
    line = acts_of(f"office:{house.pune.code}")[-1]
    assert (line.act, line.actor_id) == ("officer.appointed", str(house.prakash.public_id))
    page = text(prakash.get("/agency/"))
    assert "Arjun Shinde" in page
    assert "a•••@sahyadri.example" in page
    assert "arjun@sahyadri.example" not in page


def test_an_administrator_of_the_agency_enters_by_the_agencys_door(prakash: Client, house: House) -> None:
    appoint(prakash, house.pune, role="administrator")
    assert Person.objects.get(username="arjun.shinde").kind == "agency_admin"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("name", "a\0b"),
        ("role", "minister"),
        ("role", ""),
        ("username", "AB"),
        ("username", "../x"),
        ("username", "0305900017"),
        ("username", "zzzcm0102b"),
        ("username", "मीरा"),
        ("email", "nobody"),
        ("office", "999999999999999999999999"),
        ("office", "x"),
    ],
)
def test_a_bad_post_is_refused_beside_the_field(prakash: Client, house: House, field: str, value: str) -> None:
    answer = appoint(prakash, house.pune, **{field: value})
    assert answer.status_code == 200
    assert f"#id_{field}" in text(answer)
    assert not Person.objects.filter(name="Arjun Shinde").exists()


def test_a_user_name_that_somebody_has_is_refused(prakash: Client, house: House) -> None:
    for taken in (house.meera.username, house.suma.username):
        answer = appoint(prakash, house.pune, username=taken)
        assert answer.status_code == 409
        assert "already registered with the user name" in text(answer)
    assert Post.objects.filter(ended_at__isnull=True).count() == 3


def test_no_post_is_given_in_another_agency_or_in_a_closed_office(prakash: Client, house: House) -> None:
    services.close_office(office=house.pune, actor=ACTOR, now=timezone.now())
    for office in (house.elsewhere, house.pune):
        answer = appoint(prakash, office)
        assert answer.status_code == 200
        assert "#id_office" in text(answer)
    assert not Person.objects.filter(username="arjun.shinde").exists()


def test_a_post_ends_after_a_question_and_the_officer_is_told(prakash: Client, house: House) -> None:
    address = reverse("agencies:end-post", args=[house.post_of(house.meera).id])
    assert "End the post of Meera Kulkarni?" in text(prakash.get(address))
    assert post_of(house.meera, indian_date(timezone.now())) is not None
    assert prakash.post(address).status_code == 302
    assert post_of(house.meera, indian_date(timezone.now())) is None
    assert Message.objects.get(template="agencies/post_ended").to == house.meera.email
    assert prakash.get(address).status_code == 404
    assert prakash.post(address).status_code == 404


def test_somebody_who_changes_office_keeps_account_and_password(prakash: Client, house: House) -> None:
    house.meera.set_password("seven-green-boats")
    house.meera.save()
    services.end_post(officer=house.post_of(house.meera), actor=ACTOR, now=timezone.now())
    answer = appoint(prakash, house.pune, username=house.meera.username.upper(), role="signatory")
    assert answer.status_code == 200, "capital letters are no user name"
    assert appoint(prakash, house.pune, username=house.meera.username, role="signatory").status_code == 302
    house.meera.refresh_from_db()
    assert house.meera.check_password("seven-green-boats")
    assert (house.meera.name, house.meera.must_change_password) == ("Meera Kulkarni", False)
    assert house.post_of(house.meera).office == house.pune
    assert Message.objects.filter(template="agencies/appointed_again", to=house.meera.email).exists()
    assert Post.objects.filter(person=house.meera).count() == 2


def test_a_former_officer_of_another_agency_or_another_kind_is_not_taken_over(prakash: Client, house: House) -> None:
    other = make_officer(house.elsewhere, "Kavita Nair")
    services.end_post(officer=house.post_of(other), actor=ACTOR, now=timezone.now())
    assert appoint(prakash, house.pune, username=other.username).status_code == 409
    services.end_post(officer=house.post_of(house.meera), actor=ACTOR, now=timezone.now())
    assert appoint(prakash, house.pune, username=house.meera.username, role="administrator").status_code == 409
    assert not Post.objects.filter(person=other, ended_at__isnull=True).exists()


def test_the_last_administrator_stays(prakash: Client, house: House) -> None:
    address = reverse("agencies:end-post", args=[house.post_of(house.prakash).id])
    answer = prakash.post(address)
    assert answer.status_code == 409
    assert "last administrator of the agency" in text(answer)
    make_officer(house.pune, "Leela Desai", "administrator")
    assert prakash.post(address).status_code == 302
    assert text(prakash.get("/agency/")).count("You hold no post at present") == 1
    assert prakash.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_others_post_do_not_both_succeed() -> None:
    office = make_office(make_agency(), "Mumbai")
    posts = [
        make_officer(office, name, "administrator").posts.select_related("office__agency", "person").get()
        for name in ("Prakash Joshi", "Leela Desai")
    ]
    answers = at_once(
        *[lambda post=post: services.end_post(officer=post, actor=ACTOR, now=timezone.now()) for post in posts]
    )
    assert codes(answers) == ["done", "officer.last_administrator"]


# ── Offices ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_office_closes_and_opens_again_after_a_question(prakash: Client, house: House) -> None:
    today = indian_date(timezone.now())
    close, reopen = f"/agency/offices/{house.pune.id}/close/", f"/agency/offices/{house.pune.id}/open/"
    assert "Close the office Pune Office?" in text(prakash.get(close))
    assert published_offices_for("NP", today).filter(id=house.pune.id).exists()
    assert prakash.post(close).status_code == 302
    assert not published_offices_for("NP", today).filter(id=house.pune.id).exists()
    again = prakash.post(close)
    assert again.status_code == 409
    assert "closed already" in text(again)
    assert prakash.post(reopen).status_code == 302
    assert published_offices_for("NP", today).filter(id=house.pune.id).exists()
    assert prakash.post(reopen).status_code == 409
    acts = [line.act for line in acts_of(f"office:{house.pune.code}")]
    assert acts[-2:] == ["office.closed", "office.opened_again"]


def test_the_pages_say_when_the_agency_is_suspended(prakash: Client, house: House) -> None:
    services.suspend_agency(agency=house.agency, suspended=True, actor=ACTOR, now=timezone.now())
    assert "Your agency is suspended" in text(prakash.get("/agency/"))
    assert house.agency not in published_agencies()


# ── Strangers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def own_pages(house: House) -> list[str]:
    return [
        "/agency/",
        "/agency/appoint/",
        f"/agency/officers/{house.post_of(house.meera).id}/end/",
        f"/agency/offices/{house.pune.id}/close/",
        f"/agency/offices/{house.pune.id}/open/",
    ]


def test_an_administrator_of_another_agency_reaches_nothing_here(house: House) -> None:
    suma = browser_of(house.suma, stepped_up=True)
    page = text(suma.get("/agency/"))
    assert "Meera Kulkarni" not in page
    assert "Pune" not in page
    for address in own_pages(house)[2:]:
        assert suma.get(address).status_code == 404, address
        assert suma.post(address).status_code == 404, address
    house.pune.refresh_from_db()
    assert house.pune.is_open
    assert house.post_of(house.meera)


@pytest.mark.parametrize("kind", ["exporter", "officer"])
def test_other_roles_find_no_such_pages(house: House, kind: str) -> None:
    client = browser_of(house.meera if kind == "officer" else make_person(), stepped_up=True)
    for address in own_pages(house):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in {404, 405}, address


def test_nobody_is_led_to_a_door(house: House, client: Client) -> None:
    for address in own_pages(house):
        assert client.get(address).headers["Location"].startswith("/agency-administrator/?next=")


def test_weighty_pages_want_the_token_shown_just_now(house: House) -> None:
    client = browser_of(house.prakash)
    assert client.get("/agency/").status_code == 200
    for address in own_pages(house)[1:]:
        for answer in (client.get(address), client.post(address)):
            assert answer.headers["Location"] == f"/account/confirm/?next={address.replace('/', '%2F')}"
    house.pune.refresh_from_db()
    assert house.pune.is_open


def test_a_session_without_the_token_is_none(house: House, client: Client) -> None:
    client.force_login(house.prakash)
    assert client.get("/agency/").status_code == 302


# ── One's own data ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_copy_of_ones_own_data_names_the_posts_and_a_post_stands_against_erasure(house: House) -> None:
    posts = export_own_data(house.meera)["posts"]
    assert [(post["office"], post["until"]) for post in posts] == [("SEC-MUM", None)]
    assert objections_to_erasure(house.meera) == (
        "You hold a post. Ask the administrator of your agency to end it first.",
    )
    services.end_post(officer=house.post_of(house.meera), actor=ACTOR, now=timezone.now())
    assert objections_to_erasure(house.meera) == ()
    (kept,) = erase_own_data(house.meera, timezone.now())
    assert "Your posts" in kept.what


def test_offices_stand_in_two_tiers_and_no_more(prakash: Client, house: House) -> None:
    def put(office: Office, region: object) -> int:
        return prakash.post(f"/agency/offices/{office.id}/region/", {"region": region}).status_code

    assert put(house.pune, house.mumbai.id) == 302
    house.pune.refresh_from_db()
    assert house.pune.region == house.mumbai
    assert "Belongs to the regional office" in text(prakash.get(f"/agency/offices/{house.pune.id}/"))
    # Not there twice, not under an office that is below another, not below one's own local office, not in another agency.
    assert put(house.pune, house.mumbai.id) == 409
    assert put(house.mumbai, house.pune.id) == 422
    assert put(house.pune, house.elsewhere.id) == 422
    with pytest.raises(AgencyRefused, match="cannot be the regional office"):
        services.set_region(office=house.mumbai, region=house.pune, actor=ACTOR, now=timezone.now())
    with pytest.raises(AgencyRefused, match="cannot be the regional office"):
        services.set_region(office=house.pune, region=house.elsewhere, actor=ACTOR, now=timezone.now())
    assert put(house.pune, "") == 302
    house.pune.refresh_from_db()
    assert house.pune.region is None


def test_a_suspended_administrator_administers_nothing_even_in_an_open_session(prakash: Client, house: House) -> None:
    second = make_officer(house.pune, "Nandini Rao", "administrator")
    browser = browser_of(second)
    post = Post.objects.get(person=second)
    assert browser.get("/agency/").status_code == 200
    key = browser.session.session_key
    services.suspend_officer(officer=post, suspended=True, actor=ACTOR, now=timezone.now())
    # The session is gone, and a session that was opened all the same finds nothing of the agency.
    assert not Session.objects.filter(session_key=key).exists()
    again = browser_of(second, stepped_up=True)
    for address in (
        f"/agency/officers/{post.id}/suspend/",
        f"/agency/officers/{post.id}/",
        f"/agency/offices/{house.pune.id}/",
        f"/agency/offices/{house.pune.id}/region/",
        "/agency/rules/",
        "/payments/agency/",
        "/payments/agency/fee-account/",
    ):
        assert again.get(address).status_code == 404, address
        assert again.post(address, {"x": "1"}).status_code in {404, 405}, address
    assert house.mumbai.name not in text(again.get("/agency/"))
    post.refresh_from_db()
    assert post.suspended_at is not None
    assert second not in who_confirms(Post.objects.get(person=house.meera))
    # The last one who is active can neither be suspended nor end the own post.
    own = Post.objects.get(person=house.prakash)
    for act in (services.suspend_officer, services.end_post):
        more = {"suspended": True} if act is services.suspend_officer else {}
        with pytest.raises(AgencyRefused, match="last administrator"):
            act(officer=own, actor=ACTOR, now=timezone.now(), **more)
