"""The register speaks the public shape with its oddities, and can be changed while it runs."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import httpx
import pytest

from udgam.sandbox import cast, registry

KEYS = {"X-APISETU-APIKEY": registry.API_KEY, "X-APISETU-CLIENTID": registry.CLIENT_ID}


def ask(register: registry.RegistryHandle, iec: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{register.api_url}/iec/{iec}", headers=headers or KEYS, trust_env=False, timeout=60)


def test_an_old_code_loses_its_leading_zero_as_in_the_real_service(register: registry.RegistryHandle) -> None:
    answer = ask(register, "0305900017")
    assert answer.status_code == 200
    record = answer.json()
    assert record["iec"] == 305900017
    assert record["pan"] == "ZZZCM0102BFT001"
    assert record["iecIssueDate"] == 8062005
    assert record["iecStatus"] == 0
    assert record["state"] == "KERALA"
    assert [one["name"] for one in record["directors"]] == ["Ravi Menon", "Lakshmi Pillai"]
    assert [one["branchCode"] for one in record["branch"]] == [1, 2]


def test_some_records_write_numbers_as_text(register: registry.RegistryHandle) -> None:
    record = ask(register, "ZZZPD0101A").json()
    assert record["iecStatus"] == "0"
    assert record["pin"] == "415616"
    assert record["branch"][0]["branchCode"] == "1"


def test_the_public_fields_are_exactly_those_of_version_3(register: registry.RegistryHandle) -> None:
    fields = {
        "iec",
        "entityName",
        "addressLine1",
        "addressLine2",
        "city",
        "state",
        "pin",
        "iecIssueDate",
        "exporterType",
        "pan",
        "iecStatus",
        "iecModificationDate",
        "dataAsOn",
        "natureOfConcern",
        "branch",
        "directors",
    }
    assert set(ask(register, "ZZZPS0109J").json()) == fields
    assert set(ask(register, "ZZZPD0101A").json()) == fields | {"udgamExtension"}


def test_the_extension_gives_contact_people_and_a_pan_hash_only_where_published(
    register: registry.RegistryHandle,
) -> None:
    extension = ask(register, "ZZZCV0111L").json()["udgamExtension"]
    assert extension["contact"] == {"email": "regulatory@vindhya-biotech.example", "mobile": "+919999900111"}
    assert extension["constitution"] == "company"
    hashes = {one["name"]: one["panSha256"] for one in extension["people"]}
    assert hashes == {"Neha Agrawal": cast.pan_hash("ZZZPA0212M"), "Rohit Saxena": None}
    assert extension["people"][0]["address"]["pin"] == "453331"
    assert "ZZZPA0212M" not in json.dumps(extension)


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"X-Nothing": "1"}, "invalid_authentication"),
        ({"X-APISETU-APIKEY": "sandbox-key"}, "invalid_authentication"),
        ({"X-APISETU-APIKEY": "wrong", "X-APISETU-CLIENTID": "udgam.sandbox"}, "invalid_authorization"),
        ({"X-APISETU-APIKEY": "sandbox-key", "X-APISETU-CLIENTID": "wrong"}, "invalid_authorization"),
    ],
)
def test_both_keys_are_required(register: registry.RegistryHandle, headers: dict[str, str], error: str) -> None:
    answer = ask(register, "ZZZPD0101A", **headers)
    assert (answer.status_code, answer.json()["error"]) == (401, error)


@pytest.mark.parametrize(
    ("iec", "status", "error"),
    [
        (cast.UNKNOWN_IEC, 404, "record_not_found"),
        ("12345", 400, "invalid parameter"),
        ("zzzpd0101a", 400, "invalid parameter"),
        ("", 400, "missing parameter"),
        ("ZZZFS0108H", 503, "service_unavailable"),
    ],
)
def test_refusals_have_the_public_error_bodies(
    register: registry.RegistryHandle, iec: str, status: int, error: str
) -> None:
    answer = ask(register, iec)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["errorDescription"]


def test_an_inactive_firm_says_so(register: registry.RegistryHandle) -> None:
    assert ask(register, "0605900023").json()["iecStatus"] == 1


def test_a_garbled_firm_answers_with_a_page(register: registry.RegistryHandle) -> None:
    answer = ask(register, "ZZZFB0116R")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


def test_a_slow_firm_keeps_nobody_else_waiting(register: registry.RegistryHandle, tmp_path: Path) -> None:
    with httpx.Client(trust_env=False, headers=KEYS) as client, pytest.raises(httpx.ReadTimeout):
        client.get(f"{register.api_url}/iec/ZZZFH0107G", timeout=httpx.Timeout(60, read=0.1))
    assert ask(register, "ZZZFH0107G").json()["entityName"] == "Himachal Orchard Traders"
    # Here the slow answer takes until the register stops, so whoever is answered was not kept waiting for it.
    endless = registry.start(folder=tmp_path / "endless", slow_seconds=3600)
    try:
        with socket.create_connection(("127.0.0.1", endless.port)) as slow:
            lines = [
                "GET /dgft/v1/iec/ZZZFH0107G HTTP/1.1",
                "Host: localhost",
                *(f"{key}: {KEYS[key]}" for key in KEYS),
            ]
            slow.sendall("\r\n".join([*lines, "", ""]).encode())
            assert ask(endless, "ZZZPD0101A").status_code == 200
            slow.setblocking(False)
            with pytest.raises(BlockingIOError):
                slow.recv(100)
            slow.setblocking(True)
            endless.stop()
            assert slow.recv(100).startswith(b"HTTP/1.1 200")
    finally:
        endless.stop()


def test_a_record_in_devanagari_arrives_whole(register: registry.RegistryHandle) -> None:
    assert ask(register, "ZZZPT0114P").json()["entityName"] == "काशी सिल्क वस्त्र"


def change(register: registry.RegistryHandle, iec: str, patch: object, **headers: str) -> httpx.Response:
    return httpx.post(f"{register.url}/sandbox/firms/{iec}", json=patch, headers=headers, trust_env=False)


def test_a_changed_firm_stays_changed_over_a_restart_and_can_be_restored(
    register: registry.RegistryHandle, tmp_path: Path
) -> None:
    people = [{"name": "Lakshmi Pillai", "role": "director"}]
    assert (
        change(
            register, "0305900017", {"email": "new@malabar-monsoon.example", "people": people, "active": False}
        ).status_code
        == 200
    )
    again = registry.start(folder=tmp_path / "registry")
    try:
        record = ask(again, "0305900017").json()
        assert record["udgamExtension"]["contact"]["email"] == "new@malabar-monsoon.example"
        assert record["directors"] == [{"name": "Lakshmi Pillai"}]
        assert record["iecStatus"] == 1
    finally:
        again.stop()
    httpx.delete(f"{register.url}/sandbox/firms/0305900017", trust_env=False)
    assert ask(register, "0305900017").json()["iecStatus"] == 0


def test_a_new_firm_can_be_added(register: registry.RegistryHandle) -> None:
    people = [{"name": "Somebody New", "role": "proprietor", "pan": "ZZZPN0999Z", "pan_published": True}]
    assert change(register, "ZZZPN0999Z", {"name": "New Firm", "people": people}).status_code == 200
    assert ask(register, "ZZZPN0999Z").json()["udgamExtension"]["people"][0]["panSha256"] == cast.pan_hash("ZZZPN0999Z")


@pytest.mark.parametrize(
    "patch",
    [
        [],
        "text",
        {"nonsense": 1},
        {"email": 5},
        {"active": "yes"},
        {"name": ""},
        {"behaviour": "rude"},
        {"people": [{"name": "No role"}]},
        {"people": [{"name": 1, "role": "director"}]},
        {"people": 7},
        {"branches": [{"code": 1}]},
        {"office": None},
        {"people": [{"name": "A", "role": "director", "pan_published": True}]},
    ],
)
def test_a_patch_that_describes_no_firm_changes_nothing(register: registry.RegistryHandle, patch: object) -> None:
    before = ask(register, "0305900017").json()
    assert change(register, "0305900017", patch).status_code == 400
    after = ask(register, "0305900017").json()
    assert {**before, "dataAsOn": ""} == {**after, "dataAsOn": ""}


def test_an_outage_can_be_played_and_ended(register: registry.RegistryHandle) -> None:
    httpx.post(f"{register.url}/sandbox/outage?on=1", trust_env=False)
    assert ask(register, "ZZZPD0101A").status_code == 503
    httpx.post(f"{register.url}/sandbox/reset", trust_env=False)
    assert ask(register, "ZZZPD0101A").status_code == 200
    assert httpx.post(f"{register.url}/sandbox/outage?on=perhaps", trust_env=False).status_code == 400


def test_a_page_of_another_site_may_not_change_it(register: registry.RegistryHandle) -> None:
    assert change(register, "0305900017", {"active": False}, Origin="https://stranger.example").status_code == 403
    assert change(register, "0305900017", {"active": False}, Origin="null").status_code == 403
    assert ask(register, "0305900017").json()["iecStatus"] == 0
    assert change(register, "0305900017", {"active": False}, Origin="http://127.0.0.1:8000").status_code == 200
