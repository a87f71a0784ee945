"""The doors of officers, agency administrators and administrators: password and token; and who sees which page."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.rooms.accounts.conftest import Clock
from tests.rooms.accounts.people import ACTOR, PASSWORD, enrol, make_person, sign_in
from tests.rooms.accounts.test_exporters_door import HOSTILE, token_answer
from tests.signing.pki import Pki, name
from udgam.parties.accounts import renewal, services, sessions
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.management.commands import create_administrator
from udgam.parties.accounts.models import EnrolledToken, Person, SignInEvent
from udgam.rules.binding import Decision
from udgam.signing.trust import FolderRevocation

pytestmark = pytest.mark.django_db
DOORS = {"officer": "/officer/", "agency_admin": "/agency-administrator/", "administrator": "/administrator/"}


def enter(client: Client, settings, credential, door: str, username: str, password: str = PASSWORD, **more: str):  # noqa: PLR0917
    answer = token_answer(client, settings, credential, door)
    return client.post(door, {"username": username, "password": password, **answer, **more})


@pytest.mark.parametrize(("kind", "door"), DOORS.items())
def test_password_and_token_open_ones_own_door(client: Client, pki: Pki, settings, kind: str, door: str) -> None:
    person = make_person(kind, username="meera")
    enrol(person, pki.leaf.certificate)
    answer = enter(client, settings, pki.leaf, door, "meera")
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert SignInEvent.objects.get(person=person, outcome="admitted").method == "password+token"


@pytest.mark.parametrize(("kind", "door"), DOORS.items())
@pytest.mark.parametrize("wrong", ["password", "token", "user name", "door"])
def test_one_wrong_part_keeps_it_shut_without_saying_which(  # noqa: PLR0917
    client: Client, pki: Pki, settings, kind: str, door: str, wrong: str
) -> None:
    enrol(make_person(kind, username="meera"), pki.leaf.certificate)
    colleague = pki.sub.leaf(name("Ravi Deshpande", O="Sahyadri"), key_name="colleague")
    enrol(make_person(kind, username="ravi"), colleague.certificate)
    answer = enter(
        client,
        settings,
        colleague if wrong == "token" else pki.leaf,
        next(other for other in DOORS.values() if other != door) if wrong == "door" else door,
        "ravi" if wrong == "user name" else "meera",
        "not-it" if wrong == "password" else PASSWORD,
    )
    assert answer.status_code == 403
    assert "do not belong together" in answer.content.decode()
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("door", DOORS.values())
def test_the_password_alone_opens_nothing_and_is_never_looked_at(client: Client, pki: Pki, door: str) -> None:
    kind = next(kind for kind, own in DOORS.items() if own == door)
    make_person(kind, username="meera")
    client.get(door)
    for password in (PASSWORD, "wrong"):
        answer = client.post(door, {"username": "meera", "password": password, "token": "", "nonce": ""})
        assert answer.status_code == 200
        assert "The token has not answered." in answer.content.decode()
    assert not SignInEvent.objects.exists()


def test_a_stranger_cannot_make_an_officers_door_rest(client: Client, pki: Pki, settings) -> None:
    enrol(make_person("officer", username="meera"), pki.leaf.certificate)
    stranger = pki.sub.leaf(name("Nobody Known", O="Personal"), key_name="stranger")
    for _try in range(8):
        assert enter(client, settings, stranger, "/officer/", "meera", "guess").status_code == 403
    assert enter(client, settings, pki.leaf, "/officer/", "meera").status_code == 302


def test_a_stolen_token_cannot_guess_for_ever(client: Client, pki: Pki, settings, clock: Clock) -> None:
    enrol(make_person("officer", username="meera"), pki.leaf.certificate)
    for _try in range(5):
        enter(client, settings, pki.leaf, "/officer/", "meera", "guess")
    assert enter(client, settings, pki.leaf, "/officer/", "meera").status_code == 429
    clock.forward(seconds=31)
    assert enter(client, settings, pki.leaf, "/officer/", "meera").status_code == 302


def test_a_closed_account_stays_out_although_everything_is_right(client: Client, pki: Pki, settings, clock) -> None:
    person = make_person("officer", username="meera")
    enrol(person, pki.leaf.certificate)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    answer = enter(client, settings, pki.leaf, "/officer/", "meera")
    assert "This account is closed." in answer.content.decode()


def test_a_renewed_certificate_takes_the_old_ones_place_only_with_the_password(
    client: Client, pki: Pki, settings, monkeypatch
) -> None:
    person = make_person("officer", username="meera")
    old = enrol(person, pki.leaf.certificate)
    monkeypatch.setattr(renewal, "_renewals", {})
    renewal.register_renewal("officer", lambda who, facts, now: Decision(allowed=True, rule="test", reason=None))
    renewed = pki.sub.leaf(key_name="renewed")
    assert enter(client, settings, renewed, "/officer/", "meera", "a-wrong-password").status_code == 403
    assert enter(client, settings, renewed, "/officer/", "somebody-else").status_code == 403
    old.refresh_from_db()
    assert old.retired_at is None
    assert person.tokens.count() == 1
    assert enter(client, settings, renewed, "/officer/", "meera").status_code == 302
    old.refresh_from_db()
    assert old.retired_reason == "renewed"


@pytest.mark.parametrize("door", DOORS.values())
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_change_nothing(client: Client, pki: Pki, door: str, value: str) -> None:
    client.get(door)
    answer = client.post(door, {"username": value, "password": value, "token": value, "nonce": value, "next": value})
    assert answer.status_code in {200, 400, 403}
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("door", DOORS.values())
def test_the_doors_are_guarded_against_forgery(door: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(door, {"username": "x", "password": "y", "token": "{}", "nonce": "z"}).status_code == 403


# ── requires ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@requires("officer")
def officers_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


@requires("exporter", step_up=True)
def weighty_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("weighty")


def ask(client: Client, view, method: str = "get", path: str = "/desk/?page=2"):
    """Call a view with the session and the person of a client."""
    from django.contrib.auth import get_user

    request = getattr(RequestFactory(), method)(path)
    request.session = client.session
    request.user = get_user(request)
    return view(request)


def test_nobody_is_sent_to_the_right_door_and_back(client: Client) -> None:
    assert ask(client, officers_page).headers["Location"] == "/officer/?next=%2Fdesk%2F%3Fpage%3D2"
    assert ask(client, officers_page, "post").headers["Location"] == "/officer/?next=%2Fdesk%2F"


@pytest.mark.parametrize("kind", ["exporter", "agency_admin", "administrator"])
def test_another_role_finds_no_such_page(client: Client, kind: str) -> None:
    from django.http import Http404

    sign_in(client, make_person(kind))
    with pytest.raises(Http404):
        ask(client, officers_page)


def test_an_officers_session_without_the_token_is_no_session(client: Client) -> None:
    person = make_person("officer")
    client.force_login(person)
    assert ask(client, officers_page).status_code == 302
    sign_in(client, person)
    assert ask(client, officers_page).content == b"desk"


def test_a_session_ends_after_twelve_hours_however_busy(client: Client, clock: Clock) -> None:
    sign_in(client, make_person())
    for _half_hour in range(25):
        clock.forward(minutes=29)
        answer = client.get("/account/")
    assert answer.headers["Location"].startswith("/sign-in/")


def test_weighty_pages_ask_for_the_token_first(client: Client, clock: Clock) -> None:
    person = make_person()
    sign_in(client, person)
    assert ask(client, weighty_page, path="/w/").headers["Location"] == "/account/confirm/?next=%2Fw%2F"
    sign_in(client, person, stepped_up=True)
    assert ask(client, weighty_page).content == b"weighty"
    clock.forward(minutes=10)
    assert ask(client, weighty_page).status_code == 302


def test_a_retired_token_no_longer_counts_as_shown(client: Client, clock: Clock) -> None:
    person = make_person()
    sign_in(client, person, stepped_up=True)
    services.retire_token(token=person.tokens.get(), reason="lost", actor=ACTOR, now=clock.now)
    assert ask(client, weighty_page).status_code == 302


def test_showing_the_token_opens_weighty_pages(client: Client, pki: Pki, settings) -> None:
    person = make_person()
    enrol(person, pki.leaf.certificate)
    sign_in(client, person)
    answer = token_answer(client, settings, pki.leaf, "/account/confirm/")
    done = client.post("/account/confirm/", {**answer, "next": "/account/my-data/erase/"})
    assert done.headers["Location"] == "/account/my-data/erase/"
    assert client.get("/account/my-data/erase/").status_code == 200
    assert client.session[sessions.TOKEN] == person.tokens.get().sha256


def test_a_colleagues_token_does_not_confirm(client: Client, pki: Pki, settings) -> None:
    enrol(make_person(), pki.leaf.certificate)
    person = make_person()
    enrol(person, pki.sub.leaf("Ravi Deshpande", key_name="own").certificate)
    sign_in(client, person)
    refused = client.post("/account/confirm/", token_answer(client, settings, pki.leaf, "/account/confirm/"))
    assert "This token is not one of yours." in refused.content.decode()
    assert refused.status_code == 403
    assert sessions.STEPPED_UP not in client.session


# ── The first administrator ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def certificate(pki: Pki, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(create_administrator, "revocation_source", lambda: FolderRevocation(tmp_path / "crls"))
    path = tmp_path / "administrator.pem"
    path.write_bytes(pki.leaf.certificate.public_bytes(Encoding.PEM))
    return path


def make_administrator(certificate: Path, /, **more: object) -> None:
    options = {"username": "first", "name": "Asha Kulkarni", "email": "a@udgam.example", "certificate": certificate}
    call_command("create_administrator", **(options | more))


def test_the_command_makes_an_administrator_who_can_come_in(
    client: Client, pki: Pki, settings, certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_administrator(certificate)
    password = capsys.readouterr().out.split("One-time password: ")[1].split()[0]
    assert enter(client, settings, pki.leaf, "/administrator/", "first", password).status_code == 302
    assert client.get("/home/").headers["Location"].startswith("/account/password/")
    person = Person.objects.get(username="first")
    assert (person.kind, person.must_change_password) == ("administrator", True)


def test_a_second_administrator_is_made_only_on_request(certificate: Path, pki: Pki, tmp_path: Path) -> None:
    make_administrator(certificate)
    with pytest.raises(CommandError, match="--another"):
        make_administrator(certificate, username="second")
    other = tmp_path / "other.pem"
    leaf = pki.sub.leaf("Ravi Deshpande", key_name="other")
    other.write_bytes(leaf.certificate.public_bytes(Encoding.PEM))
    make_administrator(other, username="second", name="Ravi Deshpande", another=True)
    assert Person.objects.filter(kind="administrator").count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"email": "not an address"},
        {"username": " "},
        {"name": "Somebody Else"},
        {"certificate": Path("/nowhere.pem")},
    ],
)
def test_bad_input_makes_nobody(certificate: Path, change: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        make_administrator(certificate, **change)
    assert not Person.objects.exists()
    assert not EnrolledToken.objects.exists()


def test_a_revoked_certificate_makes_nobody(certificate: Path, pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "crls" / "2.crl").write_bytes(pki.sub.crl({pki.leaf.certificate.serial_number: None}, number=2))
    with pytest.raises(CommandError):
        make_administrator(certificate)
    assert not Person.objects.exists()


def test_every_view_of_the_room_says_who_may_see_it() -> None:
    from udgam.parties.accounts import urls

    unguarded = [pattern.name for pattern in urls.urlpatterns if not getattr(pattern.callback, "guard", None)]
    assert unguarded == []
    assert reverse("accounts:officer-sign-in") == "/officer/"
