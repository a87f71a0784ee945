"""The public pages: list, one agreement, finder and calculator; and the administrator's pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from tests.rooms.agencies.conftest import House, clock, house, pki, root  # noqa: F401 - fixtures
from tests.rooms.web.hindi_pages import latin_words
from udgam.ground.agreements import limits, queries, shown
from udgam.ground.agreements.models import AgreementEdition, AgreementSwitch
from udgam.ground.agreements.views import calculating, finding
from udgam.ground.audit.models import Act
from udgam.web.cli import main

pytestmark = pytest.mark.django_db
CASE = {
    "rows": "2", "calculate": "yes", "hs_code": "2925.29", "destination": "VN", "currency": "USD", "fob": "12600.00",
    "m-0-description": "Dicyandiamide", "m-0-hs_code": "292620", "m-0-value": "2554.02", "m-0-origin": "CN",
    "m-1-description": "Dimethylamine", "m-1-hs_code": "292111", "m-1-value": "400", "m-1-origin": "IN",
}  # fmt: skip


def page(client: Client, address: str, **more: str) -> str:
    answer = client.get(address, more)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def test_the_list_names_all_with_the_reason_of_those_that_are_off(client: Client) -> None:
    text = page(client, "/agreements/")
    assert text.count("/agreements/") >= 32
    for words in ("ASEAN–India Free Trade Area", "Under negotiation.", "Its template is binding and was not seen"):
        assert words in text


def test_an_agreement_shows_each_field_with_mark_and_source(client: Client) -> None:
    text = page(client, "/agreements/AIFTA/")
    for words in (
        "Unverified: not used",
        "Read in the text",
        "ISSUED RETROACTIVELY",
        "taxtmi.com/acts?id=11608",
        'Box <span lang="en">13</span>',
    ):
        assert words in text
    assert client.get("/agreements/NONE/").status_code == 404


@pytest.mark.parametrize("language", ["en", "hi"])
def test_no_value_of_any_agreement_is_written_as_a_program_writes_it(language: str) -> None:
    day = date(2026, 12, 1)
    codes = [state.agreement.code for state in queries.agreement_states_on(day)]
    assert len(codes) >= 32
    layouts = []
    with translation.override(language):
        for code in codes:
            for row in shown.field_rows(queries.complete_on(code, day)):
                assert row.value, (code, row.name)
                assert not re.search(r"\w=|\(['\"]|['\"],|\bNone\b|[a-z]_[a-z]", row.value), (code, row.name, row.value)
                layouts += [row] if row.name == str(shown.FIELDS["layout"]) else []
    assert len(layouts) > 10
    words = {"en": "columns of the goods", "hi": "वस्तुओं के स्तंभ"}[language]
    for row in layouts:
        assert row.value == "—" or words in row.value
        assert row.value == "—" or row.is_told == (language == "hi")


@pytest.mark.parametrize(
    "address",
    [
        "/agreements/", "/agreements/AIFTA/", "/agreements/GSP/", "/agreements/EU-FTA/", "/rules-of-origin/",
        "/rules-of-origin/?product=turmeric&destination=VN", "/rules-of-origin/?product=091030&destination=GB",
        "/rules-of-origin/?product=zzzz", "/rules-of-origin/calculator/",
    ],
)  # fmt: skip
def test_in_hindi_no_latin_word_is_left(client: Client, address: str) -> None:
    client.cookies["udgam_language"] = "hi"
    assert latin_words(page(client, address)) == set()


def test_the_finder_leads_from_words_to_the_rule_the_proof_and_the_fee(client: Client) -> None:
    found = page(client, "/rules-of-origin/", product="turmeric", destination="VN")
    assert "0910.30" in found
    assert "?product=091030&amp;destination=VN" in found
    text = page(client, "/rules-of-origin/", product="091030", destination="VN")
    assert text.index("ASEAN–India Free Trade Area") < text.index("Non-preferential certificate of origin")
    for words in ("35", "Form AI", "₹600.00", "₹200.00", "Commercial invoice"):
        assert words in text
    assert "India–EFTA" in page(client, "/rules-of-origin/", product="", destination="CH")


def test_the_finder_shows_a_products_own_rule_where_the_list_is_held(client: Client) -> None:
    text = page(client, "/rules-of-origin/", product="8706.00", destination="GB")
    assert "does not hold the list" not in text.partition("Non-preferential")[0]


def test_the_calculator_works_signed_out_and_keeps_nothing(client: Client) -> None:
    before = Act.objects.count()
    answer = client.post("/rules-of-origin/calculator/", CASE)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "RVC [79.73]%+CTSH" in text
    assert "Originates" in text
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert Act.objects.count() == before
    assert "sessionid" not in answer.cookies


def test_the_calculator_says_what_is_missing(client: Client) -> None:
    text = client.post("/rules-of-origin/calculator/", CASE | {"m-0-value": "9000"}).content.decode()
    assert "Does not originate" in text
    assert "What would change it:" in text
    for wrong in (
        {"hs_code": "999999"},
        {"fob": "-1"},
        {"fob": ""},
        {"m-0-value": ""},
        {"destination": "IN"},
        {"fob": "0"},
    ):
        answer = client.post("/rules-of-origin/calculator/", CASE | wrong)
        assert answer.status_code == 200
        assert "Originates" not in answer.content.decode(), wrong


def test_more_rows_keep_what_was_typed(client: Client) -> None:
    sent = {name: value for name, value in CASE.items() if name != "calculate"} | {"more": "yes"}
    text = client.post("/rules-of-origin/calculator/", sent).content.decode()
    assert 'name="m-4-value"' in text
    assert 'value="Dicyandiamide"' in text
    assert 'value="2554.02"' in text
    assert client.post("/rules-of-origin/calculator/", sent | {"rows": "9" * 50}).status_code == 200


# ── The administrator ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_administrator_switches_with_a_reason(root: Client, house: House) -> None:  # noqa: F811
    assert "Switch off" in page(root, "/agency/agreements/")
    assert root.post("/agency/agreements/AIFTA/switch/", {"reason": ""}).status_code == 422
    assert not AgreementSwitch.objects.exists()
    assert root.post("/agency/agreements/AIFTA/switch/", {"reason": "Suspended by notice."}).status_code == 302
    assert "Suspended by notice." in page(root, "/agency/agreements/")
    refused = root.post("/agency/agreements/TEPA/switch/", {"reason": "Please."})
    assert refused.status_code == 409
    assert "cannot be switched on" in refused.content.decode()
    assert "Suspended by notice." in page(Client(), "/agreements/AIFTA/")


def test_the_administrator_confirms_and_the_form_becomes_printable(root: Client, house: House) -> None:  # noqa: F811
    text = page(root, "/agency/agreements/AIFTA/confirm/")
    assert "marks.retrospective" in text
    form = {"fields_read": ["marks.retrospective"], "source": "Appendix D, rule 11", "reason": "Compared."}
    assert root.post("/agency/agreements/AIFTA/confirm/", form | {"fields_read": ["title"]}).status_code == 422
    assert root.post("/agency/agreements/AIFTA/confirm/", form).status_code == 302
    assert AgreementEdition.objects.get().confirmed == ["marks.retrospective"]
    assert "Confirmed by the operator" in page(Client(), "/agreements/AIFTA/")


def test_somebody_signed_out_is_led_to_the_door() -> None:
    for name in (
        "",
        "AIFTA/switch/",
        "AIFTA/confirm/",
        "AIFTA/data/",
        "AIFTA/products/",
        "correlation/",
        "AIFTA/file/",
    ):
        assert Client().get(f"/agency/agreements/{name}").status_code == 302


def test_the_data_file_can_be_downloaded_and_brought_back(root: Client, house: House) -> None:  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    plain = json.loads(root.get("/agency/agreements/CECPA/file/").content)
    plain["version"] = plain["origin"]["version"] = "2027-01"
    sent = {
        "file": SimpleUploadedFile("cecpa.json", json.dumps(plain).encode()),
        "effective_from": "2026-11-01",
        "reason": "As amended.",
    }
    assert root.post("/agency/agreements/CECPA/data/", sent).status_code == 302
    assert AgreementEdition.objects.get().version == "2027-01"
    broken = {"file": SimpleUploadedFile("cecpa.json", b"{}"), "effective_from": "2026-11-01", "reason": "As amended."}
    assert root.post("/agency/agreements/CECPA/data/", broken).status_code == 409


# ── The command line ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    from udgam.web.commands import agreements as command

    def run(*words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        status = command.run(parser.parse_args(list(words)))
        return status, capsys.readouterr().out

    status, text = run("--json")
    listed = json.loads(text)["agreements"]
    assert (status, len(listed)) == (0, 32)
    assert sum(row["on"] for row in listed) == 13
    status, text = run("AIFTA")
    assert status == 0
    assert "unverified" in text
    assert "189/2009" in text
    assert run("NONE")[0] == 2
    assert main is not None


def test_anybody_may_have_short_lists_tried_for_changes_and_long_ones_judged_only(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(
        "udgam.ground.agreements.views.calculating.compare",
        lambda _case, _arrangements, *, with_change: asked.append(with_change) or (),
    )
    for rows in (15, 16):
        typed = {f"m-{n}-{name}": value for n in range(rows) for name, value in (("hs_code", "090412"), ("value", "1"), ("origin", "VN"))}  # fmt: skip
        sent = CASE | typed | {"rows": str(rows)}
        assert client.post("/rules-of-origin/calculator/", sent).status_code == 200
    assert asked == [True, False]


def test_whoever_asks_too_often_waits_and_loses_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FINDER", replace(limits.FINDER, times=1))
    monkeypatch.setattr(calculating, "CALCULATOR", replace(limits.CALCULATOR, times=1))
    asked = {"product": "091030", "destination": "VN"}
    assert client.get("/rules-of-origin/", asked).status_code == 200
    refused = client.get("/rules-of-origin/", asked)
    assert refused.status_code == 429
    assert "Too many questions from here." in refused.content.decode()
    # The empty form costs nothing and stays open.
    assert client.get("/rules-of-origin/").status_code == 200
    typed = {
        "destination": "VN",
        "hs_code": "091030",
        "fob": "1234.56",
        "currency": "USD",
        "wholly_obtained": "on",
        "calculate": "yes",
    }
    assert client.post("/rules-of-origin/calculator/", typed).status_code == 200
    refused = client.post("/rules-of-origin/calculator/", typed)
    assert refused.status_code == 429
    assert 'value="1234.56"' in refused.content.decode()
    # Another network is not counted with this one.
    assert client.post("/rules-of-origin/calculator/", typed, REMOTE_ADDR="203.0.113.9").status_code == 200
