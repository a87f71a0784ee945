"""``udgam origin`` and ``udgam product-rules``: answers, exit status, and bad input, which is refused without a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rules.origin.cases import material, plain_case
from tests.rules.origin.samples import AI
from udgam.rules.content.canonical import canonical_json
from udgam.rules.plain import to_plain
from udgam.web.cli import main

CASE: dict[str, Any] = {
    "agreement": "AIFTA",
    "destination": "VN",
    "on": "2026-11-22",
    "product": {
        "hs": "292529",
        "description": "METFORMIN HCL",
        "fob": "12600.00",
        "ex_works": None,
        "currency": "USD",
        "weight_kg": None,
    },
    "wholly_obtained": False,
    "materials": [
        {
            "description": "input",
            "hs": "290519",
            "value": "2554.02",
            "origin": "CN",
            "weight_kg": None,
            "value_basis": "CIF",
            "materials": [],
        }
    ],
    "costs": {"labour": "0", "overhead": "0", "profit": "0", "other": "0"},
    "cumulate_with": ["MY"],
    "processes": [],
}


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.json"
    path.write_bytes(canonical_json(to_plain(AI)))
    return path


def written(tmp_path: Path, plain: object) -> Path:
    path = tmp_path / "case.json"
    path.write_bytes(plain if isinstance(plain, bytes) else json.dumps(plain).encode())
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any]]:
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    assert said.err == ""
    answer: dict[str, Any] = json.loads(said.out)
    return status, answer


def test_the_case_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = run(capsys, "origin", written(tmp_path, CASE), "--json")
    assert status == 0
    assert answer["format"] == 1
    assert answer["qualifies"] is True
    assert answer["criterion"] == "RVC 79.73% + CTSH"
    assert answer["box_text"] == "RVC [79.73]%+CTSH"
    assert answer["rule"]["kind"] == "general"
    assert [test["name"] for test in answer["tests"]][:2] == ["CTSH", "RVC build-down"]
    assert (answer["tests"][1]["value"], answer["tests"][1]["threshold"]) == ("79.73", "35")
    assert (answer["tolerance_used"], answer["cumulation_used"], answer["needs_person"]) == (False, False, [])
    assert len(answer["rule_data"]["sha256"]) == len(answer["inputs_sha256"]) == 64


def test_no_and_a_person_are_both_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {**CASE, "materials": [{**CASE["materials"][0], "value": "12000"}]}
    assert run(capsys, "origin", written(tmp_path, case), "--json")[0] == 1
    status, answer = run(capsys, "origin", written(tmp_path, {**CASE, "materials": []}), "--json")
    assert (status, answer["qualifies"]) == (1, None)
    assert answer["needs_person"]


def test_people_read_text_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["origin", str(written(tmp_path, CASE))]) == 0
    assert "The goods originate in India" in capsys.readouterr().out
    assert main(["origin", str(written(tmp_path, CASE)), "--language", "hi"]) == 0
    assert "माल की उत्पत्ति भारत में है" in capsys.readouterr().out


def test_rules_that_are_not_built_in(tmp_path: Path, rules_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = written(tmp_path, plain_case(material("65")))
    status, answer = run(capsys, "origin", case, "--agreement-file", rules_file, "--json")
    assert (status, answer["agreement"]) == (0, "TEST-AI")
    table = tmp_path / "products.csv"
    head = "format: udgam.product-rules/1|agreement: TEST-AI|version: 1|hs_edition: 2022|citation: a|evidence: seen|licence: b"
    lines = [f"# {line}" for line in head.split("|")]
    lines += ["first,last,heading,goods,partial,effective,expires,text,rule"]
    lines += ["8471000000,8471999999,8471,,no,,,wholly,WO"]
    table.write_text("\n".join(lines) + "\n")
    assert run(capsys, "origin", case, "--agreement-file", rules_file, "--product-rules", table, "--json")[0] == 0
    table.write_text(table.read_text().replace("TEST-AI", "OTHER"))
    assert run(capsys, "origin", case, "--agreement-file", rules_file, "--product-rules", table, "--json")[0] == 2


def test_all_agreements_with_the_destination(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = run(
        capsys, "origin", written(tmp_path, {**CASE, "destination": "LK", "cumulate_with": []}), "--compare", "--json"
    )
    assert status == 0
    outcomes = [finding["qualifies"] for finding in answer["findings"]]
    assert len(outcomes) >= 4
    assert outcomes == sorted(outcomes, key=[True, None, False].index)
    assert "SAFTA" in {finding["agreement"] for finding in answer["findings"]}


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\x00\xff",
        b"[" * 100_000,
        b'{"agreement": 1.5}',
        [],
        {},
        {**CASE, "agreement": "NOWHERE"},
        {**CASE, "agreement": "../../etc/passwd"},
        {**CASE, "destination": "US"},
        {**CASE, "materials": [{**CASE["materials"][0], "origin": "ZZ"}]},
        {**CASE, "materials": [{**CASE["materials"][0], "materials": [{**CASE["materials"][0], "origin": "XQ"}]}]},
        {**CASE, "cumulate_with": ["ZZ"]},
        {**CASE, "on": "1990-01-01"},
        {**CASE, "product": {**CASE["product"], "hs": "299999"}},
        {**CASE, "product": {**CASE["product"], "fob": "0"}},
        {**CASE, "product": {**CASE["product"], "fob": "-1"}},
        {**CASE, "product": {**CASE["product"], "fob": "9" * 400}},
        {**CASE, "materials": [{**CASE["materials"][0], "hs": "770101"}]},
        {**CASE, "materials": [{**CASE["materials"][0], "bill": "A"}], "bills": {"A": [{**CASE["materials"][0], "bill": "A"}]}},
    ],
)  # fmt: skip
def test_bad_input_is_two_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str], plain: object) -> None:
    status, answer = run(capsys, "origin", written(tmp_path, plain), "--json")
    assert status == 2
    assert answer["qualifies"] is None
    assert answer["reason"]
    assert answer["message"]


def test_files_that_do_not_exist_or_do_not_fit(
    tmp_path: Path, rules_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = written(tmp_path, CASE)
    assert run(capsys, "origin", tmp_path / "nothing.json", "--json")[0] == 2
    assert run(capsys, "origin", tmp_path, "--json")[0] == 2
    for option in ("--agreement-file", "--product-rules", "--correlation"):
        assert run(capsys, "origin", case, option, case, "--json")[0] == 2
    status, answer = run(capsys, "origin", case, "--agreement-file", rules_file, "--json")
    assert (status, answer["reason"]) == (2, "case.agreement")


def test_ten_thousand_materials(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = [{**CASE["materials"][0], "value": "0.99"} for _ in range(10_000)]
    status, answer = run(capsys, "origin", written(tmp_path, {**CASE, "materials": listed}), "--json")
    assert (status, answer["qualifies"]) == (1, False)
    assert answer["change"]["kind"] == "part"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = set()
    for _ in range(2):
        main(["origin", str(written(tmp_path, CASE)), "--json"])
        outputs.add(capsys.readouterr().out)
    assert len(outputs) == 1


def test_product_rules_are_imported_reported_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = {"rule": "All goods must be wholly obtained.", "class": ["WO"]}
    odd = {"rule": "Spun by moonlight.", "class": []}
    row = {"heading": "Chapter 1", "subdivision": "Animals", "min": "0100000000", "max": "0199999999"}
    sets = [
        {**row, "rules": [rule]},
        {**row, "heading": "Chapter 2", "min": "0200000000", "max": "0299999999", "rules": [odd]},
    ]
    source = tmp_path / "foreign.json"
    source.write_text(json.dumps({"rule_sets": sets}))
    status, answer = run(capsys, "product-rules", source, "--json")
    assert (status, answer["reason"]) == (2, "products.unnamed")
    for name in ("table.csv", "table.json"):
        out = tmp_path / name
        words = ["--agreement", "X", "--source", "a test", "--licence", "none", "--out", out, "--json"]
        status, answer = run(capsys, "product-rules", source, *words)
        assert status == 0
        assert (answer["sets"], answer["sets_decided"]) == (2, 1)
        assert "Spun by moonlight" in str(answer["left"])
        again, same = run(capsys, "product-rules", out, "--json")
        assert (again, same["sha256"]) == (0, answer["sha256"])
    assert main(["product-rules", str(tmp_path / "table.csv"), "--own-words"]) == 0
    assert "1 of 2" in capsys.readouterr().out
    assert run(capsys, "product-rules", tmp_path / "nothing", "--json")[0] == 2
    assert (
        run(capsys, "product-rules", source, "--agreement", "X", "--source", "s", "--out", tmp_path, "--json")[0] == 2
    )
