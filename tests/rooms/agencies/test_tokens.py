"""The way of a token: brought by the officer with user name and password, confirmed or rejected by somebody else."""

from __future__ import annotations

import re

import pytest
from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.rooms.accounts.people import enrol
from tests.rooms.accounts.tokens import make_token
from tests.rooms.agencies.conftest import House
from tests.rooms.examination.cases import ACTOR, browser_of, make_officer
from tests.signing.pki import Credential, Pki, name
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.parties.accounts.queries import current_tokens
from udgam.parties.agencies import services
from udgam.parties.agencies.models import WaitingToken
from udgam.parties.agencies.queries import waiting_tokens_visible_to
from udgam.parties.agencies.shown import read_out
from udgam.rules.refusals import Refused

pytestmark = pytest.mark.django_db
ADDRESS = "/agency/bring-token/"
PASSWORD = "seven-green-boats"


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def meera(house: House) -> Person:
    house.meera.set_password(PASSWORD)
    house.meera.save()
    return house.meera


def token_of(pki: Pki, holder: str = "Meera Kulkarni", organisation: str = "Sahyadri Export Council") -> Credential:
    return pki.sub.leaf(name(holder, O=organisation), key_name=f"{holder}-{organisation}")


def bring(
    client: Client,
    credential: Credential | None,
    username: str,
    password: str = PASSWORD,
    origin: str = "",
    **more: str,
):
    page = text(client.get(ADDRESS))
    found = re.search(r'data-agent-nonce="([^"]+)"', page)
    assert found
    nonce = found.group(1).replace("&#x2B;", "+").replace("&#43;", "+").replace("&#x3D;", "=").replace("&#x2F;", "/")
    token = make_token(credential, origin=origin or settings.SITE_ORIGIN, nonce=nonce) if credential else ""
    return client.post(ADDRESS, {"username": username, "password": password, "token": token, "nonce": nonce, **more})


# ── Bringing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_officer_shows_the_token_and_the_administrator_is_told(
    client: Client, pki: Pki, house: House, meera: Person
) -> None:
    credential = token_of(pki)
    answer = bring(client, credential, meera.username)
    assert answer.status_code == 200
    waiting = WaitingToken.objects.get()
    assert read_out(waiting.sha256) in text(answer)
    assert waiting.decision["allowed"] is True
    assert (waiting.officer.person, waiting.holder) == (meera, "Meera Kulkarni")
    assert not EnrolledToken.objects.filter(person=meera).exists()
    mail = Message.objects.get(template="agencies/token_waits")
    assert mail.to == house.prakash.email
    assert f"/agency/tokens/{waiting.pk}/" in mail.body
    assert acts_of("office:SEC-MUM")[-1].act == "officer.token_offered"
    assert client.get("/desk/").status_code == 302, "showing a token signs nobody in"


def test_showing_it_twice_keeps_one(client: Client, pki: Pki, house: House, meera: Person) -> None:
    credential = token_of(pki)
    for _time in range(2):
        bring(client, credential, meera.username)
    assert WaitingToken.objects.count() == 1
    assert Message.objects.filter(template="agencies/token_waits").count() == 1


@pytest.mark.parametrize(
    ("holder", "organisation", "words"),
    [
        ("Meera Kulkarni", "Nilgiri Trade Chamber", "Nilgiri Trade Chamber"),
        ("Meera Kulkarni", "Personal", "Sahyadri Export Council"),
        ("Ravi Menon", "Sahyadri Export Council", "Ravi Menon"),
        ("Mira Kulkarni", "Sahyadri Export Council", "Mira Kulkarni"),
    ],
)
def test_somebody_elses_token_is_refused_with_the_reason(  # noqa: PLR0917
    client: Client, pki: Pki, house: House, meera: Person, holder: str, organisation: str, words: str
) -> None:
    answer = bring(client, token_of(pki, holder, organisation), meera.username)
    assert answer.status_code == 403
    assert words in text(answer)
    assert not WaitingToken.objects.exists()


def test_a_named_exception_opens_the_way(client: Client, pki: Pki, house: House, meera: Person) -> None:
    credential = token_of(pki, organisation="Ministry of Spices")
    assert bring(client, credential, meera.username).status_code == 403
    services.name_exception(
        agency=house.agency, organisation="Ministry of Spices", reason="Letter 7", actor=ACTOR, now=timezone.now()
    )
    assert bring(client, credential, meera.username).status_code == 200
    assert WaitingToken.objects.count() == 1


def test_what_does_not_belong_together_is_refused(client: Client, pki: Pki, house: House, meera: Person) -> None:
    credential = token_of(pki)
    for answer, words in (
        (bring(client, credential, meera.username, "wrong"), "The user name or the password is not right."),
        (bring(client, credential, "nobody.there"), "The user name or the password is not right."),
        (bring(client, credential, house.root.username), "The user name or the password is not right."),
        (bring(client, credential, meera.username, origin="https://elsewhere.example"), "There is a problem"),
        (bring(client, credential, meera.username, nonce="x" * 44), "does not belong to this page"),
    ):
        assert answer.status_code == 403
        assert words in text(answer)
    assert not WaitingToken.objects.exists()


def test_without_a_token_nothing_is_asked_of_the_password(client: Client, house: House, meera: Person) -> None:
    answer = bring(client, None, meera.username)
    assert answer.status_code == 200
    assert "The token has not answered." in text(answer)


def test_a_person_without_a_post_and_a_known_token_are_refused(
    client: Client, pki: Pki, house: House, meera: Person
) -> None:
    credential = token_of(pki)
    enrol(meera, credential.certificate)
    known = bring(client, credential, meera.username)
    assert known.status_code == 403
    assert "enrolled already" in text(known)
    services.end_post(officer=house.post_of(meera), actor=ACTOR, now=timezone.now())
    gone = bring(client, credential, meera.username)
    assert gone.status_code == 403
    assert "No post is recorded" in text(gone)


@pytest.mark.parametrize("value", ["", "x", "{}", "[]", "null", "नमस्ते", "\0", "9" * 17_000, '{"format":"web-eid:9"}'])
def test_hostile_tokens_get_a_clear_answer(client: Client, house: House, meera: Person, value: str) -> None:
    client.get(ADDRESS)
    answer = client.post(
        ADDRESS, {"username": meera.username, "password": PASSWORD, "token": value, "nonce": value[:200]}
    )
    assert answer.status_code in {200, 403}
    assert "error-summary" in text(answer)
    assert not WaitingToken.objects.exists()


# ── Deciding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def credential(pki: Pki) -> Credential:
    return token_of(pki)


@pytest.fixture
def waiting(client: Client, credential: Credential, house: House, meera: Person) -> WaitingToken:
    assert bring(client, credential, meera.username).status_code == 200
    return WaitingToken.objects.get()


def decide(client: Client, waiting: WaitingToken, decision: str = "confirm"):
    return client.post(f"/agency/tokens/{waiting.pk}/", {"decision": decision})


def test_a_confirmed_token_opens_the_officers_door(  # noqa: PLR0917
    client: Client, credential: Credential, prakash: Client, house: House, meera: Person, waiting: WaitingToken
) -> None:
    page = text(prakash.get(f"/agency/tokens/{waiting.pk}/"))
    assert read_out(waiting.sha256) in page
    assert "Meera Kulkarni" in text(prakash.get("/agency/"))
    assert decide(prakash, waiting).headers["Location"] == "/agency/"
    assert current_tokens(meera).get().sha256 == waiting.sha256
    assert Message.objects.get(template="agencies/token_confirmed").to == meera.email
    assert acts_of("office:SEC-MUM")[-1].act == "officer.token_confirmed"

    door = text(client.get("/officer/"))
    found = re.search(r'data-agent-nonce="([^"]+)"', door)
    assert found
    nonce = found.group(1).replace("&#x2B;", "+").replace("&#43;", "+").replace("&#x3D;", "=").replace("&#x2F;", "/")
    token = make_token(credential, origin=settings.SITE_ORIGIN, nonce=nonce)
    entered = client.post(
        "/officer/", {"username": meera.username, "password": PASSWORD, "token": token, "nonce": nonce}
    )
    assert entered.status_code == 302
    assert client.get("/desk/").status_code == 200


def test_confirming_retires_the_earlier_token(pki: Pki, prakash: Client, meera: Person, waiting: WaitingToken) -> None:
    old = enrol(meera, pki.sub.leaf(name("Meera Kulkarni", O="Old"), key_name="old").certificate)
    decide(prakash, waiting)
    old.refresh_from_db()
    assert old.retired_reason == "replaced"
    assert [row.sha256 for row in current_tokens(meera)] == [waiting.sha256]


def test_a_rejected_token_is_told_and_another_can_be_shown(
    client: Client, pki: Pki, prakash: Client, meera: Person, waiting: WaitingToken
) -> None:
    assert decide(prakash, waiting, "reject").status_code == 302
    assert not current_tokens(meera).exists()
    assert Message.objects.get(template="agencies/token_rejected").to == meera.email
    assert decide(prakash, waiting).status_code == 404
    assert bring(client, token_of(pki), meera.username).status_code == 200
    assert WaitingToken.objects.filter(state="waiting").count() == 1


@pytest.mark.parametrize("decision", ["", "CONFIRM", "confirm ", "yes", "\0", "x" * 100_000])
def test_neither_yes_nor_no_decides_nothing(
    prakash: Client, meera: Person, waiting: WaitingToken, decision: str
) -> None:
    assert decide(prakash, waiting, decision).status_code == 400
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert not current_tokens(meera).exists()


def test_two_administrators_decide_once(house: House, meera: Person, waiting: WaitingToken) -> None:
    from udgam.parties.accounts.actors import actor_of

    first, second = WaitingToken.objects.get(), WaitingToken.objects.get()
    services.confirm_token(waiting=first, actor=actor_of(house.prakash), now=timezone.now())
    with pytest.raises(Refused) as refused:
        services.reject_token(waiting=second, actor=actor_of(house.prakash), now=timezone.now())
    assert refused.value.code == "token.decided_already"
    assert current_tokens(meera).count() == 1


def test_a_token_that_became_somebody_elses_is_not_enrolled(
    prakash: Client, house: House, meera: Person, waiting: WaitingToken
) -> None:
    enrol(house.suma, load_der_x509_certificate(bytes(waiting.certificate)))
    answer = decide(prakash, waiting)
    assert answer.status_code == 409
    assert "belongs to another account" in text(answer)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_with_the_post_ends_the_waiting(prakash: Client, house: House, meera: Person, waiting: WaitingToken) -> None:
    services.end_post(officer=house.post_of(meera), actor=ACTOR, now=timezone.now())
    assert decide(prakash, waiting).status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "rejected"


def test_strangers_find_no_waiting_token(house: House, meera: Person, waiting: WaitingToken, client: Client) -> None:
    root = browser_of(house.root, stepped_up=True)
    assert decide(root, waiting).status_code == 404, "the platform confirms administrators only"
    for person in (house.suma, meera, house.root):
        stranger = browser_of(person, stepped_up=True)
        assert stranger.get(f"/agency/tokens/{waiting.pk}/").status_code == 404
        assert decide(stranger, waiting).status_code == 404
    assert decide(Client(), waiting).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_an_agency_administrators_token_is_confirmed_by_the_platform_and_by_a_colleague_but_never_by_oneself(
    client: Client, pki: Pki, root: Client, prakash: Client, house: House
) -> None:
    """The first administrator of an agency cannot sign in before somebody has confirmed the token: the platform does."""
    house.prakash.set_password(PASSWORD)
    house.prakash.save()
    leela = make_officer(house.pune, "Leela Desai", "administrator")
    assert bring(client, token_of(pki, "Prakash Joshi"), house.prakash.username).status_code == 200
    waiting = WaitingToken.objects.get()
    assert {mail.to for mail in Message.objects.filter(template="agencies/token_waits")} == {
        leela.email,
        house.root.email,
    }
    own = browser_of(house.prakash, stepped_up=True)
    assert own.get(f"/agency/tokens/{waiting.pk}/").status_code == 404
    from udgam.parties.accounts.actors import actor_of

    assert not waiting_tokens_visible_to(actor_of(house.prakash)).exists()
    with pytest.raises(Refused) as refused:
        services.confirm_token(waiting=waiting, actor=actor_of(house.prakash), now=timezone.now())
    assert refused.value.code == "token.own"
    assert browser_of(leela, stepped_up=True).get(f"/agency/tokens/{waiting.pk}/").status_code == 200
    assert "Prakash Joshi" in text(root.get("/agency/all/"))
    assert decide(root, waiting).headers["Location"] == "/agency/all/"
    assert waiting.sha256 in {row.sha256 for row in current_tokens(house.prakash)}
