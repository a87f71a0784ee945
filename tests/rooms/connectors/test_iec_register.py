from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.rooms.connectors.servers import Asked, Reply, Server, serving
from udgam.ground.connectors import iec_register
from udgam.ground.connectors.iec_answer import AnswerUnreadable, read_answer
from udgam.ground.connectors.iec_register import (
    IecUnknown,
    RegisterAnswerMalformed,
    RegisterNotConfigured,
    RegisterUnavailable,
)
from udgam.rules.firm import Address, FirmPerson, FirmRecord
from udgam.rules.refusals import Refused
from udgam.sandbox import registry

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
PUBLIC = {
    "iec": 305900017,
    "entityName": "  MALABAR   MONSOON SPICES PRIVATE LIMITED ",
    "addressLine1": "12 Pepper Exchange Road",
    "addressLine2": "Mattancherry",
    "city": "Kochi",
    "state": "KERALA",
    "pin": 682002,
    "iecIssueDate": 8062020,
    "iecModificationDate": "",
    "exporterType": 1,
    "pan": "ZZZCM0102BFT001",
    "iecStatus": 0,
    "natureOfConcern": 4,
    "branch": [
        {"branchCode": 1, "badd1": "7 Quay", "badd2": "", "city": "Kochi", "state": "KERALA", "pin": 682003},
    ],
    "directors": [{"name": "RAVI MENON"}, {"name": ""}],
}


def read(**changes: object) -> FirmRecord:
    return read_answer(json.dumps({**PUBLIC, **changes}).encode(), iec="0305900017", now=NOW)


def extended(**changes: object) -> dict[str, object]:
    return {
        "version": 1,
        "entityNameAsPerPan": "Malabar Monsoon Spices Private Limited",
        "constitution": "company",
        "contact": {"email": "exports@malabar-monsoon.example", "mobile": "+919999900102"},
        "people": [
            {
                "name": "Ravi Menon",
                "role": "managing-director",
                "address": {"line1": "3 Lane", "line2": "", "city": "Kochi", "state": "Kerala", "pin": "682002"},
                "mobile": "+919999900201",
                "panSha256": "AB" * 32,
            },
            {"name": "Leela Menon", "role": "astrologer", "address": None, "mobile": None, "panSha256": "short"},
        ],
        **changes,
    }


def test_the_public_shape_is_read_with_its_lost_zeros() -> None:
    firm = read()
    assert (firm.iec, firm.name, firm.pan, firm.status) == (
        "0305900017",
        "MALABAR MONSOON SPICES PRIVATE LIMITED",
        "ZZZCM0102B",
        "active",
    )
    assert firm.registered_office == Address(
        line1="12 Pepper Exchange Road", line2="Mattancherry", city="Kochi", state="KERALA", pin="682002"
    )
    assert [branch.code for branch in firm.branches] == ["1"]
    assert firm.people == (FirmPerson(name="RAVI MENON"),)
    assert (firm.email, firm.mobile, firm.has_contact, firm.name_as_per_pan) == (None, None, False, None)
    # The fourth letter of the PAN says company.
    assert (firm.constitution, firm.source, firm.fetched_at) == ("company", "api", NOW)
    assert FirmRecord.from_json(json.loads(json.dumps(firm.to_json()))) == firm


def test_the_extension_adds_contact_and_people() -> None:
    firm = read(udgamExtension=extended())
    assert (firm.email, firm.mobile) == ("exports@malabar-monsoon.example", "9999900102")
    assert firm.name_as_per_pan == "Malabar Monsoon Spices Private Limited"
    first, second = firm.people
    assert (first.role, first.mobile, first.pan_hash) == ("managing_director", "9999900201", "ab" * 32)
    assert first.address is not None
    assert (second.name, second.role, second.address, second.mobile, second.pan_hash) == (
        "Leela Menon",
        "other",
        None,
        None,
        None,
    )


def test_an_extension_of_another_version_is_left_aside_as_a_whole() -> None:
    firm = read(udgamExtension=extended(version=2))
    assert not firm.has_contact
    assert firm.people == (FirmPerson(name="RAVI MENON"),)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(0, "active"), ("0", "active"), (1, "inactive"), ("1", "inactive"), ("Suspended", "inactive"), (7, "inactive")],
)
def test_only_nought_is_active(status: object, expected: str) -> None:
    assert read(iecStatus=status).status == expected


@pytest.mark.parametrize(
    ("changes", "branches", "pan"),
    [
        ({"branch": None}, 0, "ZZZCM0102B"),
        ({"branch": []}, 0, "ZZZCM0102B"),
        ({"branch": "none"}, 0, "ZZZCM0102B"),
        ({"branch": {"branchCode": "2", "badd1": "x"}}, 1, "ZZZCM0102B"),
        ({"pan": None}, 1, None),
        ({"pan": "nonsense"}, 1, None),
        ({"directors": None, "pin": None, "addressLine2": "null", "dataAsOn": {"a": 1}}, 1, "ZZZCM0102B"),
    ],
)
def test_what_only_informs_may_be_missing(changes: dict[str, object], branches: int, pan: str | None) -> None:
    firm = read(**changes)
    assert (len(firm.branches), firm.pan) == (branches, pan)


@pytest.mark.parametrize(
    "changes",
    [
        {"iec": 305900018},
        {"iec": None},
        {"iec": True},
        {"iec": "30590001"},
        {"entityName": None},
        {"entityName": "  "},
        {"entityName": ["x"]},
        {"entityName": "x" * 301},
        {"entityName": "\ud800"},
        {"iecStatus": None},
        {"branch": [{"branchCode": 1}, {"branchCode": "1"}]},
        {"branch": [{"badd1": "no code"}]},
        {"directors": [{"name": "x"}] * 1001},
    ],
)
def test_what_decides_must_be_there_and_readable(changes: dict[str, object]) -> None:
    with pytest.raises(AnswerUnreadable):
        read(**changes)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        read_answer(body, iec="0305900017", now=NOW)


@pytest.fixture(autouse=True)
def closed_circuit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    iec_register.breaker.reset()
    monkeypatch.setattr(iec_register, "PAUSE_SECONDS", 0.01)
    yield
    iec_register.breaker.reset()


def answering(settings: object, answer: Callable[[Asked], Reply]) -> Server:
    server = Server(answer)
    settings.IEC_REGISTER_URL = f"{server.url}/dgft/v1"  # type: ignore[attr-defined]
    return server


def test_the_question_carries_the_operators_access(settings: object) -> None:
    server = answering(settings, lambda _: Reply(json.dumps(PUBLIC).encode()))
    assert iec_register.fetch(" 0305900017 ", now=NOW).iec == "0305900017"
    [asked] = server.asked
    assert asked.path == "/dgft/v1/iec/0305900017"
    assert asked.headers["x-apisetu-apikey"] == "sandbox-key"
    assert asked.headers["x-apisetu-clientid"] == "udgam.sandbox"
    server.stop()


@pytest.mark.parametrize("iec", ["", "123", "0305900017/../x", "ＡＢＣ", "0305900017?x=1"])
def test_what_is_not_an_iec_never_leaves(settings: object, iec: str) -> None:
    server = answering(settings, lambda _: Reply(b"{}"))
    with pytest.raises(Refused):
        iec_register.fetch(iec, now=NOW)
    assert server.asked == []
    server.stop()


def test_a_passing_fault_is_asked_again_and_an_outage_opens_the_circuit(settings: object) -> None:
    replies = [Reply(status=503), Reply(json.dumps(PUBLIC).encode())]
    server = answering(settings, lambda _: replies.pop(0) if replies else Reply(status=503))
    assert iec_register.fetch("0305900017", now=NOW).iec == "0305900017"
    began = datetime.now(UTC)
    sinces = set()
    for _ in range(7):
        with pytest.raises(RegisterUnavailable) as caught:
            iec_register.fetch("0305900017", now=NOW)
        sinces.add(caught.value.since)
    assert len(sinces) == 1
    assert began <= sinces.pop() <= datetime.now(UTC)
    # Five outages of two tries each, then nobody is asked any more.
    assert len(server.asked) == 2 + 10
    server.stop()


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(b'{"error": "record_not_found"}', 404), IecUnknown),
        (Reply(b'{"error": "Url not found"}', 404), RegisterUnavailable),
        (Reply(b"<html>Not found</html>", 404), RegisterUnavailable),
        (Reply(b'{"error": "invalid_authorization"}', 401), RegisterUnavailable),
        (Reply(b'{"error": "invalid parameter"}', 400), RegisterUnavailable),
        (Reply(b"[1]", 500), RegisterUnavailable),
        (Reply(b"", 302, {"Location": "/"}), RegisterUnavailable),
        (Reply(b"<html>"), RegisterAnswerMalformed),
        (Reply(b"x" * 3_000_000), RegisterUnavailable),
    ],
)
def test_each_answer_has_its_own_refusal(settings: object, reply: Reply, failure: type[Exception]) -> None:
    with serving(lambda _: reply) as server:
        settings.IEC_REGISTER_URL = server.url  # type: ignore[attr-defined]
        with pytest.raises(failure) as caught:
            iec_register.fetch("0305900017", now=NOW)
    assert type(caught.value) is failure
    assert (iec_register.breaker.since is None) == (failure is IecUnknown)


@pytest.mark.parametrize("url", ["", "import-only"])
def test_an_installation_without_a_register_says_so(settings: object, url: str) -> None:
    settings.IEC_REGISTER_URL = url  # type: ignore[attr-defined]
    with pytest.raises(RegisterNotConfigured):
        iec_register.fetch("0305900017", now=NOW)


def test_the_register_of_the_sandbox_is_understood(settings: object, tmp_path: Path) -> None:
    handle = registry.start(folder=tmp_path, slow_seconds=3)
    settings.IEC_REGISTER_URL = handle.api_url  # type: ignore[attr-defined]
    try:
        firm = iec_register.fetch("0305900017", now=NOW)
        assert firm.has_contact
        assert firm.constitution == "company"
        assert any(person.role == "managing_director" for person in firm.people)
        assert iec_register.fetch("0605900023", now=NOW).status == "inactive"
        assert not iec_register.fetch("ZZZPS0109J", now=NOW).has_contact
        assert iec_register.fetch("ZZZPT0114P", now=NOW).name.startswith("काशी")
        with pytest.raises(IecUnknown):
            iec_register.fetch("0399999990", now=NOW)
        for iec, failure in (
            ("ZZZFH0107G", RegisterUnavailable),
            ("ZZZFS0108H", RegisterUnavailable),
            ("ZZZFB0116R", RegisterAnswerMalformed),
        ):
            settings.CONNECTOR_TIMEOUT_SECONDS = 0.5 if iec == "ZZZFH0107G" else 60  # type: ignore[attr-defined]
            with pytest.raises(failure):
                iec_register.fetch(iec, now=NOW)
    finally:
        handle.stop()
