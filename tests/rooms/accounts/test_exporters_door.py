"""The exporters' door: password with the visible calculation, or token."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.core import mail
from django.test import Client

from tests.rooms.accounts.conftest import Clock
from tests.rooms.accounts.people import ACTOR, PASSWORD, enrol, make_person, sign_in
from tests.rooms.accounts.tokens import make_token
from tests.signing.pki import DAY, Pki
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts import renewal, services
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import Nonce, OwnSession, Person, SignInEvent, WrongPasswords
from udgam.rules.binding import CertificateFacts, Decision

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/"


def calculation(client: Client, page: str = DOOR) -> dict[str, str]:
    """Open the page, look at the calculation and solve it."""
    client.get(page)
    store = CaptchaStore.objects.order_by("-id")[0]
    return {"calculation_0": store.hashkey, "calculation_1": store.response}


def enter(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post(DOOR, {"username": username, "password": password, **calculation(client), **more})


def token_answer(client: Client, settings, credential, page: str = DOOR) -> dict[str, str]:
    """Open the page, and let the token answer its nonce."""
    html = client.get(page).content.decode()
    nonce = re.search(r'data-agent-nonce="([^"]+)"', html)[1]
    return {"token": make_token(credential, origin=settings.SITE_ORIGIN, nonce=nonce), "nonce": nonce}


def test_the_right_password_opens_the_door_and_leaves_its_traces(client: Client) -> None:
    person = make_person(username="0305900017")
    answer = enter(client, "0305900017")
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert acts_of(subject_of(person), newest_first=True)[0].act == "person.signed_in"
    event = SignInEvent.objects.get(person=person)
    assert (event.outcome, event.method, event.door) == ("admitted", "password", "exporter")
    assert OwnSession.objects.get(person=person).session_key == client.session.session_key


def test_the_user_name_may_be_typed_in_any_case(client: Client) -> None:
    make_person(username="AAAPL1234C")
    assert enter(client, " aaapl1234c ").status_code == 302


def test_the_session_key_changes_at_sign_in(client: Client) -> None:
    make_person(username="0305900017")
    client.get(DOOR)
    planted = client.session.session_key
    assert planted
    enter(client, "0305900017")
    assert client.session.session_key != planted


@pytest.mark.parametrize(
    "case", ["unknown name", "wrong password", "closed account", "another door", "no password yet"]
)
def test_every_failure_reads_the_same(client: Client, case: str) -> None:
    kind = Person.Kind.OFFICER if case == "another door" else Person.Kind.EXPORTER
    person = make_person(kind, username="0305900017", password=None if case == "no password yet" else PASSWORD)
    if case == "closed account":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    name = "0305900018" if case == "unknown name" else "0305900017"
    answer = enter(client, name, "not-the-password" if case == "wrong password" else PASSWORD)
    assert answer.status_code == 403
    assert "The user name or the password is not right." in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_an_unknown_name_costs_one_hashing_like_a_known_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from udgam.parties.accounts.hashers import OwaspArgon2

    hashed: list[str] = []
    original = OwaspArgon2.encode

    def counting(self: OwaspArgon2, password: str, salt: str) -> str:
        hashed.append("encode")
        return original(self, password, salt)

    def verifying(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        hashed.append("verify")
        return False

    make_person(username="0305900017")
    monkeypatch.setattr(OwaspArgon2, "encode", counting)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verifying)
    enter(client, "0305900017", "wrong")
    known, hashed[:] = len(hashed), []
    enter(client, "0305900018", "wrong")
    assert len(hashed) == known == 1


def test_the_calculation_must_be_right_and_works_once(client: Client) -> None:
    make_person(username="0305900017")
    solved = calculation(client)
    data = {"username": "0305900017", "password": PASSWORD, **solved}
    wrong = client.post(DOOR, data | {"calculation_1": "9999"})
    assert "Here is a new one." in wrong.content.decode()
    again = client.post(DOOR, data)
    assert "Here is a new one." in again.content.decode()
    assert not SignInEvent.objects.exists()
    assert client.get("/account/").status_code == 302


def test_the_password_never_comes_back_to_the_page(client: Client) -> None:
    answer = enter(client, "0305900017", "something-secret")
    assert "something-secret" not in answer.content.decode()
    assert "0305900017" in answer.content.decode()


def test_another_calculation_keeps_the_user_name_and_checks_nothing(client: Client) -> None:
    before = calculation(client)
    answer = client.post(DOOR, {"username": "0305900017", "another": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="0305900017"' in html
    assert before["calculation_0"] not in html
    assert not SignInEvent.objects.exists()


def test_too_many_wrong_passwords_hold_back_this_name_from_this_place_only(client: Client, clock: Clock) -> None:
    make_person(username="0305900017")
    make_person(username="0305900018")
    for _try in range(5):
        assert enter(client, "0305900017", "wrong").status_code == 403
    held = enter(client, "0305900017")
    assert held.status_code == 429
    assert "Too many wrong passwords" in held.content.decode()
    assert enter(Client(REMOTE_ADDR="198.51.100.7"), "0305900017").status_code == 302
    assert enter(Client(), "0305900018").status_code == 302
    clock.forward(seconds=31)
    assert enter(client, "0305900017").status_code == 302


def test_the_delay_grows_to_an_hour_and_no_further(client: Client, clock: Clock) -> None:
    delays = []
    for _try in range(16):
        enter(client, "0305900017", "wrong")
        row = WrongPasswords.objects.order_by("-held_until", "failures").filter(held_until__isnull=False).first()
        if row:
            delays.append((row.held_until - clock.now).total_seconds())
            clock.now = row.held_until + timedelta(seconds=1)
    assert delays[:4] == [30, 60, 120, 240]
    assert max(delays) == 3600


def test_a_day_of_rest_forgets_wrong_passwords(client: Client, clock: Clock) -> None:
    make_person(username="0305900017")
    for _try in range(4):
        enter(client, "0305900017", "wrong")
    clock.forward(days=2)
    enter(client, "0305900017", "wrong")
    assert enter(client, "0305900017").status_code == 302


def test_the_holder_is_told_once_a_day(client: Client, clock: Clock) -> None:
    make_person(username="0305900017", email="asha@sahyadri.example")
    for number in range(8):
        enter(Client(REMOTE_ADDR=f"198.51.100.{number % 2}"), "0305900017", "wrong")
        clock.forward(minutes=30)
    for _try in range(8):
        enter(client, "0305900017", "wrong")
    run_deferred()
    assert [message.to for message in mail.outbox] == [["asha@sahyadri.example"]]
    assert "Wrong passwords" in mail.outbox[0].body
    assert "not locked" in mail.outbox[0].body


def test_a_token_opens_the_door_while_passwords_rest(client: Client, pki: Pki, settings) -> None:
    person = make_person(username="0305900017")
    enrol(person, pki.leaf.certificate)
    for _try in range(6):
        enter(client, "0305900017", "wrong")
    answer = client.post("/sign-in/token/", token_answer(client, settings, pki.leaf))
    assert answer.status_code == 302
    assert SignInEvent.objects.filter(person=person, method="token", outcome="admitted").count() == 1
    assert client.get("/account/").status_code == 200


def test_a_token_answer_works_once(client: Client, pki: Pki, settings) -> None:
    enrol(make_person(), pki.leaf.certificate)
    answer = token_answer(client, settings, pki.leaf)
    assert client.post("/sign-in/token/", answer).status_code == 302
    client.post("/sign-out/")
    assert client.post("/sign-in/token/", answer).status_code == 403


def test_a_used_nonce_stays_used_within_the_session(client: Client, pki: Pki, settings) -> None:
    answer = token_answer(client, settings, pki.leaf)
    assert "This token is not known here." in client.post("/sign-in/token/", answer).content.decode()
    assert "was used already" in client.post("/sign-in/token/", answer).content.decode()


def test_a_token_answer_belongs_to_its_browser(client: Client, pki: Pki, settings) -> None:
    enrol(make_person(), pki.leaf.certificate)
    answer = token_answer(client, settings, pki.leaf)
    other = Client()
    other.get(DOOR)
    refused = other.post("/sign-in/token/", answer)
    assert refused.status_code == 403
    assert "does not belong to this page" in refused.content.decode()


def test_a_nonce_of_another_purpose_is_refused(client: Client, pki: Pki, settings) -> None:
    enrol(make_person(), pki.leaf.certificate)
    answer = token_answer(client, settings, pki.leaf)
    Nonce.objects.update(purpose=Nonce.Purpose.CHECK)
    assert client.post("/sign-in/token/", answer).status_code == 403


def test_a_nonce_lives_five_minutes(client: Client, pki: Pki, settings, clock: Clock) -> None:
    enrol(make_person(), pki.leaf.certificate)
    answer = token_answer(client, settings, pki.leaf)
    clock.forward(minutes=5)
    refused = client.post("/sign-in/token/", answer)
    assert "More than five minutes" in refused.content.decode()


def test_a_token_made_for_another_site_is_refused(client: Client, pki: Pki, settings) -> None:
    enrol(make_person(), pki.leaf.certificate)
    answer = token_answer(client, settings, pki.leaf)
    answer["token"] = make_token(pki.leaf, origin="https://elsewhere.example", nonce=answer["nonce"])
    assert client.post("/sign-in/token/", answer, headers={"host": "localhost"}).status_code == 403
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("twist", ["expired", "encryption twin", "class 2", "revoked"])
def test_an_unfit_certificate_is_refused_although_it_is_enrolled(
    client: Client, pki: Pki, settings, twist: str
) -> None:
    leaf = {
        "expired": lambda: pki.sub.leaf(not_after=pki.leaf.certificate.not_valid_before_utc + 2 * DAY),
        "encryption twin": lambda: pki.sub.leaf(usages=("keyEncipherment",)),
        "class 2": lambda: pki.sub.leaf(policies=("2.16.356.100.2.2",)),
        "revoked": lambda: pki.leaf,
    }[twist]()
    if twist == "revoked":
        (settings.TRUST_FOLDER / "crls" / "2.crl").write_bytes(
            pki.sub.crl({leaf.certificate.serial_number: None}, number=2)
        )
    enrol(make_person(), leaf.certificate)
    answer = client.post("/sign-in/token/", token_answer(client, settings, leaf))
    assert answer.status_code == 403
    assert "govuk-error-summary" in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_without_crls_nobody_comes_in_by_token(client: Client, pki: Pki, settings) -> None:
    enrol(make_person(), pki.leaf.certificate)
    for crl in (settings.TRUST_FOLDER / "crls").iterdir():
        crl.unlink()
    assert client.post("/sign-in/token/", token_answer(client, settings, pki.leaf)).status_code == 403


def test_an_officers_token_does_not_open_the_exporters_door(client: Client, pki: Pki, settings) -> None:
    enrol(make_person("officer"), pki.leaf.certificate)
    answer = client.post("/sign-in/token/", token_answer(client, settings, pki.leaf))
    assert "This account has another door." in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_a_retired_token_says_so(client: Client, pki: Pki, settings, clock: Clock) -> None:
    token = enrol(make_person(), pki.leaf.certificate)
    services.retire_token(token=token, reason="lost", actor=ACTOR, now=clock.now)
    answer = client.post("/sign-in/token/", token_answer(client, settings, pki.leaf))
    assert "This token was retired" in answer.content.decode()


def test_a_renewed_certificate_takes_the_old_ones_place(client: Client, pki: Pki, settings, monkeypatch) -> None:
    person = make_person()
    old = enrol(person, pki.leaf.certificate)
    told: list[str] = []

    def decide(who: Person, facts: CertificateFacts, now: object) -> Decision:
        return Decision(allowed=who == person, rule="test", reason=None, message="", advice="", params={}, version="1")

    monkeypatch.setattr(renewal, "_renewals", {})
    renewal.register_renewal("exporter", decide, lambda who, new, now: told.append(new.sha256))
    renewed = pki.sub.leaf(key_name="renewed")
    assert client.post("/sign-in/token/", token_answer(client, settings, renewed)).status_code == 302
    old.refresh_from_db()
    new = person.tokens.get(retired_at__isnull=True)
    assert old.retired_reason == "renewed"
    assert told == [new.sha256]
    run_deferred()
    assert "renewed" in mail.outbox[0].subject


def test_a_renewed_certificate_that_the_rule_refuses_changes_nothing(client, pki: Pki, settings, monkeypatch) -> None:
    old = enrol(make_person(), pki.leaf.certificate)

    def decide(who: Person, facts: CertificateFacts, now: object) -> Decision:
        return Decision(allowed=False, rule="test", reason="x", message="", advice="", params={}, version="1")

    monkeypatch.setattr(renewal, "_renewals", {})
    renewal.register_renewal("exporter", decide)
    renewed = pki.sub.leaf(key_name="renewed")
    assert client.post("/sign-in/token/", token_answer(client, settings, renewed)).status_code == 403
    old.refresh_from_db()
    assert old.retired_at is None


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\thttp://x", "http:x"],
)
def test_next_never_leads_off_the_site(client: Client, onward: str) -> None:
    make_person(username="0305900017")
    location = enter(client, "0305900017", next=onward).headers["Location"]
    assert "evil" not in location
    assert location.startswith("/")
    assert not location.startswith("//")


def test_next_leads_on_within_the_site(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from udgam.parties.accounts import landing

    monkeypatch.setattr(landing, "_arrivals", {})
    make_person(username="0305900017")
    assert enter(client, "0305900017", next="/account/sign-ins/").headers["Location"] == "/account/sign-ins/"


def test_the_form_is_guarded_against_forgery() -> None:
    make_person(username="0305900017")
    client = Client(enforce_csrf_checks=True)
    assert enter(client, "0305900017").status_code == 403
    assert client.post("/sign-in/token/", {"token": "{}", "nonce": "x"}).status_code == 403
    assert not SignInEvent.objects.exists()


def test_the_door_reaches_the_agent_and_nothing_else(client: Client, settings) -> None:
    answer = client.get(DOOR)
    assert answer.headers["Referrer-Policy"] == "origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert f"form-action 'self' {settings.AGENT_URL}" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_whoever_is_in_is_led_on(client: Client) -> None:
    sign_in(client, make_person())
    assert client.get(DOOR).headers["Location"] == "/home/"
    assert client.post("/sign-in/token/").status_code == 302


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_calculation_can_be_heard(client: Client, language: str) -> None:
    import io
    import wave

    key = calculation(client)["calculation_0"]
    answer = client.get(f"/sign-in/calculation/{key}/{language}.wav")
    assert answer.headers["Content-Type"] == "audio/wav"
    first = b"".join(answer)
    with wave.open(io.BytesIO(first)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)
        assert sound.getnframes() / 8000 > 1.5
    assert first == b"".join(client.get(f"/sign-in/calculation/{key}/{language}.wav"))
    assert client.get(f"/sign-in/calculation/{'0' * 40}/{language}.wav").status_code == 404


def test_the_calculation_is_right_and_never_below_zero() -> None:
    from udgam.parties.accounts.captcha import visible_calculation

    seen = set()
    for _time in range(300):
        text, result = visible_calculation()
        left, operator, right = re.fullmatch(r"(\d+)([+−×])(\d+)=", text).groups()
        sums = {"+": int(left) + int(right), "−": int(left) - int(right), "×": int(left) * int(right)}
        assert sums[operator] == int(result) >= 0
        seen.add(operator)
    assert seen == {"+", "−", "×"}


def test_every_word_of_every_calculation_is_recorded() -> None:
    from udgam.parties.accounts.captcha import SOUNDS, VOICES

    words = [*map(str, range(1, 11)), "plus", "minus", "times", "equals"]
    missing = [
        (language, voice, word)
        for language in ("en", "hi")
        for voice in VOICES
        for word in words
        if not (SOUNDS / language / voice / f"{word}.wav").is_file()
    ]
    assert missing == []


HOSTILE = [
    "",
    "\x00",
    "a" * 100_000,
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\ud7ff\uffff",
    "{}",
    "[]",
    "null",
    "🦀" * 200,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_change_nothing(client: Client, pki: Pki, value: str) -> None:
    before = list(Person.objects.values_list("pk", "last_login"))
    solved = calculation(client)
    answers = [
        client.post(DOOR, {"username": value, "password": value, "calculation_0": value, "calculation_1": value}),
        client.post(DOOR, {"username": value, "password": value, "next": value, **solved}),
        client.post("/sign-in/token/", {"token": value, "nonce": value, "next": value}),
        client.post("/sign-in/token/", {"token": value, "nonce": Nonce.objects.latest("pk").value}),
        client.post(DOOR, {"another": "1", "username": value}),
    ]
    assert all(answer.status_code in {200, 400, 403} for answer in answers), [a.status_code for a in answers]
    assert "<script>alert" not in "".join(answer.content.decode() for answer in answers)
    assert list(Person.objects.values_list("pk", "last_login")) == before
    assert client.get("/account/").status_code == 302
