"""Passwords, the own account, sessions and own data."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.rooms.accounts.conftest import Clock
from tests.rooms.accounts.people import ACTOR, PASSWORD, enrol, make_person, sign_in
from tests.rooms.accounts.test_exporters_door import HOSTILE, calculation, enter, token_answer
from tests.signing.pki import Pki
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.ground.messages.services import queue, short_text
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts import personal_data, services
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import Nonce, OwnSession, Person, ResetLink, SignInEvent
from udgam.parties.accounts.personal_data import Kept
from udgam.parties.accounts.reasons import AccountRefused

pytestmark = pytest.mark.django_db
NEW = "nine-blue-lanterns"


def mailed(pattern: str) -> str:
    """The first group of a pattern in the latest mail."""
    run_deferred()
    found = re.search(pattern, mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


# ── The one-time password ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_one_time_password_opens_the_door_once_and_must_be_changed(client: Client, clock: Clock) -> None:
    person = make_person(username="0305900017", password=None)
    services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now)
    password = mailed(r"One-time password: (\S+)")
    assert "0305900017" in mail.outbox[-1].body
    assert enter(client, "0305900017", password).status_code == 302
    assert client.get("/account/").headers["Location"].startswith("/account/password/")
    weak = client.post("/account/password/", {"new_password": "1234567890", "repeated": "1234567890"})
    assert weak.status_code == 200
    differs = client.post("/account/password/", {"new_password": NEW, "repeated": NEW + "x"})
    assert "The two entries differ." in differs.content.decode()
    same = client.post("/account/password/", {"new_password": password, "repeated": password})
    assert "This is the present password." in same.content.decode()
    assert client.post("/account/password/", {"new_password": NEW, "repeated": NEW}).status_code == 302
    assert client.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert enter(client, "0305900017", password).status_code == 403
    assert enter(client, "0305900017", NEW).status_code == 302


def test_a_one_time_password_is_no_use_after_72_hours(client: Client, clock: Clock) -> None:
    person = make_person(username="0305900017", password=None)
    services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now)
    password = mailed(r"One-time password: (\S+)")
    clock.forward(hours=72)
    answer = enter(client, "0305900017", password)
    assert answer.status_code == 403
    assert "more than 72 hours old" in answer.content.decode()
    assert "72 hours" not in enter(client, "0305900017", "wrong").content.decode()


def test_the_one_time_password_is_kept_nowhere_readable(clock: Clock) -> None:
    from django.db import connection

    person = make_person(password=None)
    services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now)
    password = mailed(r"One-time password: (\S+)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{password}%"])
            assert cursor.fetchone() == (0,), table


def test_resending_has_limits_and_the_newest_counts(client: Client, clock: Clock) -> None:
    person = make_person(username="0305900017", password=None)
    services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now)
    first = mailed(r"One-time password: (\S+)")
    with pytest.raises(AccountRefused) as refused:
        services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now + timedelta(minutes=1))
    assert refused.value.code == "account.password_too_often"
    for number in range(1, 5):
        clock.forward(minutes=3)
        services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now)
        assert number
    newest = mailed(r"One-time password: (\S+)")
    with pytest.raises(AccountRefused):
        services.issue_one_time_password(person=person, actor=ACTOR, now=clock.now + timedelta(hours=1))
    assert enter(client, "0305900017", first).status_code == 403
    assert enter(client, "0305900017", newest).status_code == 302


def test_whoever_chose_a_password_gets_no_one_time_password(clock: Clock) -> None:
    with pytest.raises(AccountRefused) as refused:
        services.issue_one_time_password(person=make_person(), actor=ACTOR, now=clock.now)
    assert refused.value.code == "account.password_chosen"


# ── Forgotten ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ask_for_link(client: Client, username: str):
    return client.post("/sign-in/forgot/", {"username": username, **calculation(client, "/sign-in/forgot/")})


def link_for(client: Client, username: str) -> str:
    assert ask_for_link(client, username).status_code == 302
    return mailed(r"http://[^/]+(/sign-in/reset/\S+)")


def test_the_answer_and_the_work_are_the_same_for_unknown_names(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_person(username="0305900017")
    seen = []
    # The first try also makes the counter of this place; from then on the work must be identical.
    for username in ("0305900016", "0305900017", "0305900018"):
        solved = calculation(client, "/sign-in/forgot/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/sign-in/forgot/", {"username": username, **solved})
        shape = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries]
        seen.append((answer.status_code, answer.headers["Location"], shape))
    assert seen[1][:2] == seen[2][:2] == (302, "/sign-in/forgot/sent/")
    assert seen[1][2] == seen[2][2]
    assert run_deferred().count("accounts.send_reset_link") == 3
    assert len(mail.outbox) == 1


def test_the_link_sets_a_password_once(client: Client) -> None:
    person = make_person(username="0305900017")
    elsewhere = Client()
    sign_in(elsewhere, person)
    address = link_for(client, "0305900017")
    assert client.get(address).headers["Location"] == "/sign-in/new-password/"
    assert client.post("/sign-in/new-password/", {"new_password": NEW, "repeated": NEW}).status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert enter(client, "0305900017", NEW).status_code == 302
    late = Client()
    late.get(address)
    assert late.post("/sign-in/new-password/", {"new_password": PASSWORD, "repeated": PASSWORD}).status_code == 410
    assert mailed(r"password of the user name (\S+) was changed") == "0305900017"


def test_opening_the_link_uses_nothing_up_and_keeps_the_secret_out_of_the_address(client: Client) -> None:
    make_person(username="0305900017")
    address = link_for(client, "0305900017")
    answer = client.get(address)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    Client().get(address)
    assert client.get("/sign-in/new-password/").status_code == 200
    assert ResetLink.objects.get().used_at is None


def test_a_link_lives_an_hour_and_a_newer_one_replaces_it(client: Client, clock: Clock) -> None:
    make_person(username="0305900017")
    first = link_for(client, "0305900017")
    second = link_for(client, "0305900017")
    client.get(first)
    assert client.get("/sign-in/new-password/").status_code == 410
    client.get(second)
    assert client.get("/sign-in/new-password/").status_code == 200
    clock.forward(hours=1)
    assert client.post("/sign-in/new-password/", {"new_password": NEW, "repeated": NEW}).status_code == 410


def test_a_link_asked_for_before_does_not_undo_a_chosen_password(client: Client) -> None:
    person = make_person(username="0305900017")
    address = link_for(client, "0305900017")
    holder = Client()
    sign_in(holder, person)
    holder.post("/account/password/", {"present": PASSWORD, "new_password": NEW, "repeated": NEW})
    client.get(address)
    assert client.get("/sign-in/new-password/").status_code == 410
    late = client.post("/sign-in/new-password/", {"new_password": PASSWORD, "repeated": PASSWORD})
    assert late.status_code == 410
    assert Person.objects.get(pk=person.pk).check_password(NEW)


def test_five_links_a_day_are_enough(client: Client) -> None:
    make_person(username="0305900017")
    for _ask in range(7):
        ask_for_link(client, "0305900017")
    run_deferred()
    assert len(mail.outbox) == 5


def test_a_place_that_asks_too_often_is_answered_alike_and_nothing_is_sent(client: Client) -> None:
    for number in range(21):
        assert ask_for_link(client, f"03059000{number:02d}").status_code == 302
    ran = run_deferred()
    assert ran.count("accounts.send_reset_link") == 20


def test_a_changed_address_asks_for_the_token_too(client: Client, pki: Pki, settings, clock: Clock) -> None:
    person = make_person(username="0305900017")
    enrol(person, pki.leaf.certificate)
    stranger = pki.sub.leaf("Somebody Else", key_name="stranger")
    services.change_email(person=person, email="new@sahyadri.example", actor=ACTOR, now=clock.now)
    client.get(link_for(client, "0305900017"))
    page = "/sign-in/new-password/"
    typed = {"new_password": NEW, "repeated": NEW}
    assert client.post(page, typed).status_code == 403
    assert client.post(page, typed | token_answer(client, settings, stranger, page)).status_code == 403
    assert enter(Client(), "0305900017", NEW).status_code == 403
    assert client.post(page, typed | token_answer(client, settings, pki.leaf, page)).status_code == 302
    assert enter(client, "0305900017", NEW).status_code == 302


def test_after_a_week_the_mailbox_is_enough_again(client: Client, clock: Clock) -> None:
    person = make_person(username="0305900017")
    services.change_email(person=person, email="new@sahyadri.example", actor=ACTOR, now=clock.now)
    clock.forward(days=7)
    client.get(link_for(client, "0305900017"))
    assert client.post("/sign-in/new-password/", {"new_password": NEW, "repeated": NEW}).status_code == 302


def test_the_old_address_is_told_of_the_change(clock: Clock) -> None:
    person = make_person(email="old@sahyadri.example")
    services.change_email(person=person, email="new@sahyadri.example", actor=ACTOR, now=clock.now)
    run_deferred()
    assert mail.outbox[0].to == ["old@sahyadri.example"]
    assert "new@sahyadri.example" not in mail.outbox[0].body
    person.refresh_from_db()
    assert (person.email, person.email_changed_at) == ("new@sahyadri.example", clock.now)


# ── Changing the password, sessions ────────────────────────────────────────────────────────────────────────────────────


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(client: Client) -> None:
    person = make_person(username="0305900017")
    elsewhere = Client()
    sign_in(client, person)
    sign_in(elsewhere, person)
    key = client.session.session_key
    typed = {"present": "wrong", "new_password": NEW, "repeated": NEW}
    assert "The present password is not right." in client.post("/account/password/", typed).content.decode()
    assert client.post("/account/password/", typed | {"present": PASSWORD}).status_code == 302
    assert client.get("/account/").status_code == 200
    assert client.session.session_key != key
    assert OwnSession.objects.get(person=person).session_key == client.session.session_key
    assert elsewhere.get("/account/").status_code == 302


def test_sessions_are_listed_and_ended(client: Client) -> None:
    person = make_person()
    sign_in(client, person)
    elsewhere = Client()
    sign_in(elsewhere, person)
    page = client.get("/account/sign-ins/").content.decode()
    assert "This browser" in page
    assert "Another browser" in page
    other = OwnSession.objects.get(session_key=elsewhere.session.session_key)
    assert client.post(f"/account/sign-ins/{other.public_id}/end/").status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    for _browser in range(2):
        sign_in(Client(), person)
    client.post("/account/sign-ins/end-others/")
    assert OwnSession.objects.filter(person=person).count() == 1


def test_somebody_elses_session_is_not_found(client: Client) -> None:
    victim_client = Client()
    sign_in(victim_client, make_person())
    victim = OwnSession.objects.get()
    sign_in(client, make_person())
    assert client.post(f"/account/sign-ins/{victim.public_id}/end/").status_code == 404
    assert victim_client.get("/account/").status_code == 200


def test_sign_ins_show_only_ones_own(client: Client, clock: Clock) -> None:
    stranger = make_person()
    SignInEvent.objects.create(
        person=stranger, at=clock.now, door="exporter", method="password", outcome="wrong", address="192.0.2.77"
    )
    sign_in(client, make_person())
    assert "192.0.2.77" not in client.get("/account/sign-ins/").content.decode()


def test_signing_out_ends_the_session(client: Client) -> None:
    person = make_person()
    sign_in(client, person)
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    client.cookies["sessionid"] = key
    assert client.get("/account/").status_code == 302
    assert acts_of(subject_of(person), newest_first=True)[0].act == "person.signed_out"


def test_the_language_is_kept_with_the_person(client: Client) -> None:
    person = make_person()
    sign_in(client, person)
    assert client.post("/account/", {"language": "xx"}).status_code == 200
    assert client.post("/account/", {"language": "hi"}).cookies["udgam_language"].value == "hi"
    person.refresh_from_db()
    assert person.language == "hi"


def test_a_new_browser_speaks_the_persons_language_unless_one_was_chosen_there(client: Client) -> None:
    make_person(username="0305900017", language="hi")
    assert enter(client, "0305900017").cookies["udgam_language"].value == "hi"
    chosen = Client()
    chosen.cookies["udgam_language"] = "en"
    assert "udgam_language" not in enter(chosen, "0305900017").cookies


# ── Own data ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_copy_holds_everything_about_me_and_nothing_about_others(client: Client) -> None:
    make_person(name="Somebody Else", email="else@other.example")
    person = make_person(username="0305900017", name="Asha Kulkarni")
    sign_in(client, person)
    answer = client.post("/account/my-data/copy/")
    data = json.loads(answer.content)
    assert data["rooms"]["accounts"]["account"]["name"] == "Asha Kulkarni"
    assert "else@other.example" not in answer.content.decode()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get("/account/my-data/copy/").status_code == 405


def test_erasure_empties_the_account_and_says_what_stays(client: Client) -> None:
    person = make_person(username="0305900017")
    sign_in(client, person, stepped_up=True)
    wrong = client.post("/account/my-data/erase/", {"username": "0305900018"})
    assert "This is not your user name." in wrong.content.decode()
    answer = client.post("/account/my-data/erase/", {"username": "0305900017"})
    assert "What stays, and why" in answer.content.decode()
    person.refresh_from_db()
    assert (person.name, person.email, person.mobile, person.is_active) == ("", "", "", False)
    assert "0305900017" not in person.username
    assert client.get("/account/").status_code == 302
    assert enter(Client(), "0305900017").status_code == 403
    assert {line.actor_name for line in acts_of(subject_of(person))} <= {None, ""}
    run_deferred()
    assert "erased" in mail.outbox[-1].subject


def test_erasure_takes_the_messages_along_but_for_those_that_reached_somebody_else_too() -> None:
    person = make_person(email="asha@own.example", mobile="9876543210")
    namesake = make_person(email="office@firm.example")
    queue(
        messages=[
            short_text(
                mobile=person.mobile, template="accounts/erased", words="Your turn", language="en", now=timezone.now()
            )
        ]
    )
    colleague = make_person(email="Office@firm.example")
    for whose in (person, namesake):
        services.change_email(person=whose, email=whose.email, actor=ACTOR, now=timezone.now())
    run_deferred()
    Message.objects.filter(channel="text").update(state="sent")
    assert set(Message.objects.values_list("to", "state")) == {
        ("asha@own.example", "sent"),
        ("+919876543210", "sent"),
        ("office@firm.example", "sent"),
    }
    for whose in (person, namesake):
        services.erase_account(person=whose, now=timezone.now())
    left = set(Message.objects.values_list("to", "template"))
    # The mail that tells of the erasure still waits to be sent; then it goes too.
    assert left == {
        ("asha@own.example", "accounts/erased"),
        ("office@firm.example", "accounts/erased"),
        ("office@firm.example", "accounts/email_changed"),
    }
    run_deferred()
    assert set(Message.objects.values_list("to", "template")) == {("office@firm.example", "accounts/email_changed")}
    assert colleague.email


def test_erasure_takes_messages_to_earlier_addresses_along() -> None:
    person = make_person(email="Old@own.example", mobile="9876543210")
    other = make_person(email="shared@firm.example")
    services.change_email(person=person, email="new@own.example", actor=ACTOR, now=timezone.now())
    services.change_mobile(person=person, mobile="9123456780", actor=ACTOR, now=timezone.now())
    for number in ("9876543210", "9123456780"):
        queue(
            messages=[short_text(mobile=number, template="a/b", words="Your turn", language="en", now=timezone.now())]
        )
    services.change_email(person=other, email="other@own.example", actor=ACTOR, now=timezone.now())
    Message.objects.update(state="sent")
    copy = services.export_own_data(person=person, now=timezone.now())["rooms"]["accounts"]
    assert [row["address"] for row in copy["earlier_addresses"]] == ["old@own.example", "9876543210"]
    services.erase_account(person=person, now=timezone.now())
    assert set(Message.objects.values_list("to", flat=True)) == {"shared@firm.example", "new@own.example"}
    run_deferred()
    assert set(Message.objects.values_list("to", flat=True)) == {"shared@firm.example"}
    assert not person.earlier_addresses.exists()


@pytest.mark.parametrize("written", ["+91 98765 43210", "09876543210", "98765-43210"])
def test_a_number_is_the_same_however_it_was_written(written: str) -> None:
    person = make_person(email="asha@own.example", mobile="9876543210")
    make_person(email="ravi@other.example", mobile=written)
    queue(
        messages=[
            short_text(mobile=person.mobile, template="a/b", words="Your turn", language="en", now=timezone.now())
        ]
    )
    Message.objects.update(state="sent")
    kept = services.erase_account(person=person, now=timezone.now())
    assert Message.objects.filter(to="+919876543210").exists()
    assert "that somebody else uses too" in kept[-1].what


def test_earlier_addresses_are_forgotten_with_the_messages(clock: Clock) -> None:
    person = make_person(email="old@own.example")
    services.change_email(person=person, email="new@own.example", actor=ACTOR, now=clock.now)
    clock.forward(days=365)
    services.forget_old_traces(now=clock.now)
    assert person.earlier_addresses.exists()
    clock.forward(days=2)
    services.forget_old_traces(now=clock.now)
    assert not person.earlier_addresses.exists()


def test_a_room_may_object_to_erasure(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_data, "_contributors", dict(personal_data._contributors))
    personal_data.register_personal_data(
        "applications",
        export=lambda person: {},
        erase=lambda person, now: (Kept("nothing", "no reason"),),
        objections=lambda person: ("An application is open.",),
    )
    person = make_person(username="0305900017")
    sign_in(client, person, stepped_up=True)
    answer = client.post("/account/my-data/erase/", {"username": "0305900017"})
    assert answer.status_code == 409
    assert "An application is open." in answer.content.decode()
    person.refresh_from_db()
    assert person.is_active


def test_the_last_administrator_stays(client: Client) -> None:
    person = make_person("administrator", username="first")
    sign_in(client, person, stepped_up=True)
    assert client.post("/account/my-data/erase/", {"username": "first"}).status_code == 409


# ── People and tokens ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_user_name_is_given_once_whatever_its_case() -> None:
    make_person(username="AAAPL1234C")
    with pytest.raises(AccountRefused) as refused:
        make_person(username="aaapl1234c")
    assert refused.value.code == "account.username_taken"


def test_a_token_belongs_to_one_person_at_a_time(pki: Pki, clock: Clock) -> None:
    first, second = make_person(), make_person()
    token = enrol(first, pki.leaf.certificate)
    for person, code in ((first, "token.enrolled_already"), (second, "token.enrolled_elsewhere")):
        with pytest.raises(AccountRefused) as refused:
            enrol(person, pki.leaf.certificate)
        assert refused.value.code == code
    services.retire_token(token=token, reason="lost", actor=ACTOR, now=clock.now)
    assert enrol(second, pki.leaf.certificate).person == second


def test_old_traces_are_forgotten(client: Client, clock: Clock) -> None:
    make_person(username="0305900017")
    enter(client, "0305900017", "wrong")
    enter(client, "0305900017")
    clock.forward(days=364)
    services.forget_old_traces(now=clock.now)
    assert SignInEvent.objects.count() == 2
    assert not Nonce.objects.exists()
    assert not OwnSession.objects.exists()
    clock.forward(days=2)
    services.forget_old_traces(now=clock.now)
    assert not SignInEvent.objects.exists()


# ── Bad input and strangers on every page ──────────────────────────────────────────────────────────────────────────────

PRIVATE = [
    "/home/",
    "/account/",
    "/account/password/",
    "/account/sign-ins/",
    "/account/confirm/",
    "/account/my-data/",
    "/account/my-data/erase/",
]
POSTED = [
    "/account/",
    "/account/password/",
    "/account/sign-ins/end-others/",
    "/account/sign-ins/00000000-0000-4000-8000-000000000000/end/",
    "/account/confirm/",
    "/account/my-data/copy/",
    "/account/my-data/erase/",
    "/sign-out/",
]


@pytest.mark.parametrize("page", PRIVATE)
def test_nobody_sees_a_private_page(client: Client, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("page", POSTED)
def test_nobody_posts_to_a_private_page(client: Client, page: str) -> None:
    assert client.post(page, {}).headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("page", POSTED)
def test_every_form_is_guarded_against_forgery(page: str) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, make_person(), stepped_up=True)
    assert client.post(page, {}).status_code == 403


@pytest.mark.parametrize("page", [*POSTED, "/sign-in/forgot/", "/sign-in/new-password/"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_change_no_person(client: Client, pki: Pki, page: str, value: str) -> None:
    make_person(username="0305900017")
    person = make_person(username="0305900019")
    if page == "/sign-in/new-password/":
        client.get(link_for(client, "0305900017"))
    if page in POSTED:
        sign_in(client, person, stepped_up=True)
    client.get("/account/confirm/")
    before = list(
        Person.objects.order_by("pk").values("pk", "username", "name", "email", "password", "is_active", "language")
    )
    names = [
        "present",
        "new_password",
        "username",
        "language",
        "token",
        "nonce",
        "next",
        "calculation_0",
        "calculation_1",
    ]
    answer = client.post(page, dict.fromkeys(names, value) | {"repeated": f"{value}-"})
    assert answer.status_code in {200, 302, 400, 403, 404, 410}
    after = list(
        Person.objects.order_by("pk").values("pk", "username", "name", "email", "password", "is_active", "language")
    )
    assert after == before


@pytest.mark.parametrize(
    "address", ["/sign-in/reset/short/", "/sign-in/reset/" + "a" * 65 + "/", "/sign-in/reset/%00aaaaaaaaaaaaaaaaaaaa/"]
)
def test_addresses_that_are_no_links_are_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_made_up_secret_finds_no_link(client: Client) -> None:
    client.get("/sign-in/reset/" + "a" * 43 + "/")
    assert client.get("/sign-in/new-password/").status_code == 410


def test_the_calculation_is_asked_for_when_a_password_is_forgotten(client: Client) -> None:
    make_person(username="0305900017")
    client.get("/sign-in/forgot/")
    key = CaptchaStore.objects.latest("pk").hashkey
    answer = client.post("/sign-in/forgot/", {"username": "0305900017", "calculation_0": key, "calculation_1": "9999"})
    assert answer.status_code == 200
    assert run_deferred() == []


def test_the_clock_of_these_tests_turns(clock: Clock) -> None:
    before = timezone.now()
    clock.forward(hours=1)
    assert timezone.now() - before == timedelta(hours=1)
