"""Attacks over HTTP: every door a stranger's page, a stranger's name or a stranger's program might try."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import making
import pytest
from tests.agent_process import RunningAgent, run_agent

from conftest import PIN, Caller
from udgam_agent.counter import Counter
from udgam_agent.server import AgentServer, AgentState
from udgam_agent.settings import Settings
from udgam_agent.tokens.desk import TokenDesk


@pytest.fixture
def guarded(files: Path) -> Iterator[Caller]:
    """An agent with sandbox files, which trusts one page of this machine."""
    with run_agent(sandbox_files=files, sites=["http://127.0.0.1:8000"]) as agent:
        yield Caller(agent)


@pytest.fixture(scope="module")
def plain_agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAgent]:
    module = tmp_path_factory.mktemp("modules") / "none.so"
    with run_agent(modules=[str(module)], sites=[making.SITE]) as agent:
        yield agent


@pytest.fixture
def plain(plain_agent: RunningAgent) -> Iterator[Caller]:
    """An agent with no token at all, which trusts one site; it is idle again after each test."""
    caller = Caller(plain_agent)
    yield caller
    caller.end_all()


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        (None, "agent.origin-missing"),
        ("", "agent.origin-missing"),
        ("null", "agent.origin-null"),
        ("http://coo.example.org", "agent.origin-not-allowed"),
        ("http://127.0.0.1.example.org", "agent.origin-not-allowed"),
        ("http://192.168.0.5", "agent.origin-not-allowed"),
        ("http://[::1]:8000", "agent.origin-not-allowed"),
        ("https://coo.example.org/", "agent.origin-not-allowed"),
        ("https://coo.example.org@evil.example", "agent.origin-not-allowed"),
        ("https://COO.example.org", "agent.origin-not-allowed"),
        ("https://coo.example.org:99999", "agent.origin-not-allowed"),
        ("file://", "agent.origin-not-allowed"),
        ("chrome-extension://abcdefgh", "agent.origin-not-allowed"),
    ],
)
def test_who_is_not_attested_or_not_secure_is_refused(plain: Caller, origin: str | None, code: str) -> None:
    answer = plain.ask(making.authenticate_request(), origin=origin)
    assert answer.status == 403
    assert answer.code == code
    assert "secret" not in answer.state


def test_an_unlisted_site_gets_nothing_until_the_person_allows_it(plain: Caller) -> None:
    answer = plain.ask(making.authenticate_request(), origin="https://evil.example")
    assert answer.status == 403
    assert answer.state["trusted"] is False
    assert plain.step(answer.state, "look").json["error"]["code"] == "agent.site-not-allowed"
    assert not plain.agent.config.exists()


def test_an_allowed_site_is_remembered_in_a_file_of_the_owner_only(tmp_path: Path) -> None:
    with run_agent(modules=[str(tmp_path / "none.so")]) as agent:
        allow_and_come_back(Caller(agent))


def allow_and_come_back(plain: Caller) -> None:
    state = plain.ask(making.authenticate_request(), origin="https://other.example").state
    assert plain.step(state, "allow").status == 200
    plain.step(state, "end")
    assert plain.ask(making.authenticate_request(), origin="https://other.example").status == 200
    assert json.loads(plain.agent.config.read_text())["sites"] == ["https://other.example"]
    assert plain.agent.config.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
def test_a_rebound_name_is_refused_everywhere(plain: Caller, host: str) -> None:
    name = host.format(port=plain.agent.port)
    assert plain.ask(making.authenticate_request(), Host=name).status == 403
    assert plain.ask(making.authenticate_request(), Host=name).code == "agent.host-not-allowed"
    for path in ("/", "/assets/window.js"):
        assert plain.send("GET", path, headers={"Host": name}).status == 403


def test_localhost_is_the_agents_own_name_too(plain: Caller) -> None:
    answer = plain.ask(making.authenticate_request(), Host=f"localhost:{plain.agent.port}")
    assert answer.status == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "multipart/form-data; boundary=x", None])
def test_other_kinds_of_bodies_are_refused(plain: Caller, media_type: str | None) -> None:
    answer = plain.ask(making.authenticate_request(), Content_Type=media_type)
    assert answer.status == 415


def test_a_sign_in_larger_than_16_kib_is_refused(plain: Caller) -> None:
    request = json.dumps(making.authenticate_request()) + " " * 16 * 1024
    answer = plain.ask(request)
    assert answer.status == 413
    assert answer.code == "agent.too-large"


def test_a_list_larger_than_the_limit_is_refused_unread(plain: Caller) -> None:
    # The length is announced and nothing is sent: a reader would wait for it.
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": making.SITE,
        "Content-Length": "600000000",
    }
    assert plain.send("POST", "/v1/request", b"", headers).status == 413


@pytest.mark.parametrize(
    "changes", [{"Content_Length": None}, {"Content_Length": "-5"}, {"Transfer_Encoding": "chunked"}]
)
def test_a_body_of_unknown_length_is_refused(plain: Caller, changes: dict[str, Any]) -> None:
    assert plain.ask(making.authenticate_request(), **changes).status == 411


@pytest.mark.parametrize("destination", ["iframe", "frame", "embed", "object", "script", "empty"])
def test_the_window_is_never_drawn_inside_a_page(plain: Caller, destination: str) -> None:
    answer = plain.ask(making.authenticate_request(), Sec_Fetch_Dest=destination, Sec_Fetch_Mode="navigate")
    assert answer.status == 403
    assert answer.code == "agent.framed"
    assert plain.send("GET", "/", headers={"Sec-Fetch-Dest": destination}).status == 403


def test_fetching_is_not_navigating(plain: Caller) -> None:
    answer = plain.ask(making.authenticate_request(), Sec_Fetch_Dest="document", Sec_Fetch_Mode="cors")
    assert answer.status == 403


def test_every_answer_forbids_framing_scripts_of_others_and_storing(plain: Caller) -> None:
    answers = [
        plain.ask(making.authenticate_request()),
        plain.ask(making.authenticate_request(), origin="null"),
        plain.send("GET", "/"),
        plain.send("GET", "/assets/window.js"),
        plain.send("GET", "/nothing"),
        plain.send("OPTIONS", "/v1/request", headers={"Origin": making.SITE}),
    ]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
        for name in answer.headers:
            assert not name.lower().startswith("access-control"), name
            assert name.lower() not in {"cross-origin-opener-policy", "set-cookie", "location"}, name
        assert not 300 <= answer.status < 400


def test_the_page_holds_no_inline_script_or_style(plain: Caller) -> None:
    text = plain.ask(making.authenticate_request()).text
    assert text.count("<script") == 2
    assert '<script type="module" src="/assets/window.js">' in text
    assert "style=" not in text
    assert "<style" not in text


def test_what_the_site_sends_cannot_become_markup(plain: Caller) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    document = making.item(b"{}", title=evil)
    answer = plain.ask(making.sign_request(document))
    assert evil not in answer.text
    assert answer.state["items"][0]["title"] == evil


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1"},
        {"version": True},
        {"kind": "hash"},
        {"purpose": "anything"},
        {"nonce": "short"},
        {"nonce": "x" * 200},
        {"nonce": "<b>" + "A" * 44},
        {"lang": "fr"},
        {"origin": "https://other.example"},
        {"nonce": None},
    ],
)
def test_requests_are_read_strictly(plain: Caller, change: dict[str, Any]) -> None:
    answer = plain.ask(making.authenticate_request(**change))
    assert answer.status == 400
    assert answer.code == "agent.request-malformed"


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"version":1,"version":1}', "[" * 100_000, '{"version":NaN}', "\ud800".encode("utf-16", "surrogatepass").decode("latin-1")]
)  # fmt: skip
def test_requests_that_are_not_requests_are_refused(plain: Caller, text: str) -> None:
    assert plain.ask(text).status == 400


def test_another_version_of_the_protocol_is_named(plain: Caller) -> None:
    answer = plain.ask(making.authenticate_request(version=2))
    assert answer.code == "agent.request-version"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Certificate\u202egnp"},
        {"title": "Certi\u00adficate"},
        {"title": "Certificate\U000e0041"},
        {"number": "EIC\u3164/1"},
        {"title": "x" * 301},
        {"number": 5},
        {"sha256": "AB" * 32},
        {"sha256": "ab"},
        {"media_type": "text/html"},
        {"id": "../a"},
        {"extra": 1},
    ],
)
def test_items_are_read_strictly(plain: Caller, change: dict[str, Any]) -> None:
    answer = plain.ask(making.sign_request({**making.item(b"{}"), **change}))
    assert answer.status == 400


@pytest.mark.parametrize(
    "items", [[], [making.item(b"{}"), making.item(b"[]")], [making.item(b"{}", name=f"i{n}") for n in range(1001)]]
)
def test_lists_are_read_strictly(plain: Caller, items: list[dict[str, str]]) -> None:
    assert plain.ask(making.sign_request(*items)).status == 400


def test_a_form_with_other_fields_is_refused(plain: Caller) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": making.SITE}
    for body in (b"", b"request", b"other=1", b"request={}&request={}", b"request={}&pin=1", b"request=%ff%fe"):
        assert plain.send("POST", "/v1/request", body, headers).status == 400


# --- the window's own steps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": making.SITE},
        {"Origin": "http://127.0.0.1:1"},
        {"X_Udgam_Request": None},
        {"X_Udgam_Request": "guess"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_steps_belong_to_the_agents_own_window(plain: Caller, changes: dict[str, Any]) -> None:
    state = plain.ask(making.authenticate_request()).state
    for step in ("look", "allow", "authenticate", "end", "take-over"):
        answer = plain.step(state, step, {}, **changes)
        assert answer.status == 403
        assert answer.json["error"]["code"] == "agent.not-yours"
    assert plain.step(state, "state").json == {"state": "running"}


def test_steps_take_json_only(plain: Caller) -> None:
    state = plain.ask(making.authenticate_request()).state
    for media_type in ("text/plain", "application/x-www-form-urlencoded", None):
        assert plain.step(state, "look", {}, Content_Type=media_type).status == 415


def test_the_origin_of_the_signature_cannot_be_given_in_a_body(guarded: Caller) -> None:
    state = guarded.ask(making.authenticate_request(), origin="http://127.0.0.1:8000").state
    body = {"certificate": "x", "pin": PIN, "origin": "https://bank.example"}
    answer = guarded.step(state, "authenticate", body)
    assert answer.json["error"]["code"] == "agent.request-malformed"


@pytest.mark.parametrize("step", ["sign-hash", "../request", "", "unknown"])
def test_there_is_no_step_that_signs_what_is_handed_over(plain: Caller, step: str) -> None:
    state = plain.ask(making.authenticate_request()).state
    assert plain.step(state, step, {"hash": "00" * 32}).status == 404


def test_a_second_request_waits_with_a_clear_page_and_a_third_is_sent_away(plain: Caller) -> None:
    first = plain.ask(making.authenticate_request())
    second = plain.ask(making.authenticate_request())
    third = plain.ask(making.authenticate_request())
    assert (first.status, second.status, third.status) == (200, 409, 409)
    assert "Another request is open" in second.text
    assert third.code == "agent.busy"
    assert plain.step(second.state, "look").json["error"]["code"] == "agent.out-of-order"
    assert plain.step(second.state, "state").json == {"state": "waiting"}
    plain.step(first.state, "end")
    assert plain.step(second.state, "state").json == {"state": "running"}


def test_the_person_may_end_the_other_request(plain: Caller) -> None:
    first = plain.ask(making.authenticate_request()).state
    second = plain.ask(making.authenticate_request()).state
    assert plain.step(second, "take-over").status == 200
    assert plain.step(second, "state").json == {"state": "running"}
    assert plain.step(first, "look").json["error"]["code"] == "agent.timed-out"


def test_sandbox_files_serve_pages_of_this_machine_only(guarded: Caller) -> None:
    refused = guarded.ask(making.authenticate_request())
    assert (refused.status, refused.code) == (403, "agent.sandbox-only")
    served = guarded.ask(making.authenticate_request(), origin="http://127.0.0.1:8000")
    assert served.status == 200
    assert "The keys come from files" in served.text
    assert "This is the sandbox" in served.text


def test_sandbox_files_say_so_in_the_token_and_lock_like_a_real_one(guarded: Caller) -> None:
    origin = "http://127.0.0.1:8000"
    state = guarded.ask(making.authenticate_request(), origin=origin).state
    [held] = guarded.step(state, "look").json["certificates"]
    assert held["source"] == "file"
    good = guarded.step(state, "authenticate", {"certificate": held["id"], "pin": PIN}).json["token"]
    assert good["appVersion"].endswith(":sandbox-files")
    state = guarded.ask(making.authenticate_request(), origin=origin).state
    guarded.step(state, "look")
    codes = [
        guarded.step(state, "authenticate", {"certificate": held["id"], "pin": "wrong"}).json["error"]["code"]
        for _ in range(3)
    ]
    assert codes == ["agent.pin-wrong", "agent.pin-last-try", "agent.pin-locked"]
    state = guarded.ask(making.authenticate_request(), origin=origin).state
    [held] = guarded.step(state, "look").json["certificates"]
    assert held["pin"]["locked"] is True


def test_it_listens_on_the_loopback_address_only(tmp_path: Path) -> None:
    desk = TokenDesk([])
    server = AgentServer(0, AgentState(Counter(desk), Settings(tmp_path / "config.json"), files=False))
    try:
        assert server.socket.getsockname()[0] == "127.0.0.1"
    finally:
        server.server_close()
        desk.shut()


def test_the_start_page_asks_before_it_touches_a_token(guarded: Caller) -> None:
    page = guarded.send("GET", "/")
    assert page.status == 200
    headers = {"Content-Type": "application/json", "Origin": guarded.agent.url}
    assert guarded.send("POST", "/v1/start/look", b"{}", {**headers, "X-Udgam-Request": "guess"}).status == 403
    found = guarded.send("POST", "/v1/start/look", b"{}", {**headers, "X-Udgam-Request": page.state["secret"]})
    assert found.json["certificates"][0]["holder"] == "Asha Deshmukh"


def test_cookies_are_ignored(plain: Caller) -> None:
    answer = plain.ask(making.authenticate_request(), Cookie="sessionid=abc")
    assert answer.status == 200
    assert "sessionid" not in answer.text + plain.agent.log.read_text()


@pytest.mark.parametrize(
    ("preferred", "words"), [("hi-IN,en;q=0.8", "ब्राउज़र"), ("en-IN", "The browser hid"), (None, "The browser hid")]
)
def test_a_refusal_speaks_the_browsers_language(tmp_path: Path, preferred: str | None, words: str) -> None:
    with run_agent(modules=[str(tmp_path / "none.so")], lang=None) as agent:
        answer = Caller(agent).ask(making.authenticate_request(), origin="null", Accept_Language=preferred)
        assert words in answer.text
